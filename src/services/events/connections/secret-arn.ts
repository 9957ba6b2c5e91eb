import { formatArn } from '#model/arn.ts';
import type { EventsTurn } from '../state.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Secrets Manager puts this many random characters behind the name of every secret. */
const SUFFIX_LENGTH = 6;

/** `arn:aws:secretsmanager:…:secret:events!connection/name/uuid-AbC123`, as recorded. */
export function newSecretArn(turn: EventsTurn, name: string): string {
  const bytes = new Uint8Array(SUFFIX_LENGTH);
  turn.entropy.fill(bytes);
  const suffix = Array.from(bytes, (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
  return formatArn('secretsmanager', turn.scope, `secret:events!connection/${name}/${turn.uuid()}-${suffix}`);
}
