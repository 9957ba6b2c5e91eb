// Keys and passwords of destinations, sealed in the journal with the store's secret.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';
import type { Secrets, StreamDoc } from './documents.ts';

const PURPOSE = 'firehose-secrets';
const NONCE_BYTES = 12;

/** Nonce and sealed text, base64; undefined when there is nothing to hide. */
export function sealSecrets(turn: Turn, number: number, secrets: Secrets): string | undefined {
  if (Object.values(secrets).every((secret) => secret === undefined)) return undefined;
  const nonce = new Uint8Array(NONCE_BYTES);
  turn.entropy.fill(nonce);
  const key = turn.digest.deriveKey(turn.secret, PURPOSE);
  const sealed = turn.digest.seal(key, utf8Encode(JSON.stringify(secrets)), { nonce, label: labelOf(number) });
  return base64Encode(sealed);
}

export function secretsOf(turn: Turn, { number, secrets }: Pick<StreamDoc, 'number' | 'secrets'>): Secrets {
  const sealed = secrets === undefined ? undefined : base64Decode(secrets);
  if (sealed === undefined) return {};
  const opened = turn.digest.open(turn.digest.deriveKey(turn.secret, PURPOSE), sealed, labelOf(number));
  return opened === undefined ? {} : (JSON.parse(utf8Decode(opened)) as Secrets);
}

const labelOf = (number: number): string => `delivery stream ${number}`;
