// Version ids: opaque to clients, 32 characters as AWS's are.

import type { AwsError } from '#model/aws-error.ts';
import { invalidArgument } from './errors.ts';
import type { S3Turn } from './state.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
const LENGTH = 32;
const FORM = /^(?:null|[A-Za-z0-9._]{32})$/;
const random = new Uint8Array(LENGTH);

export function newVersionId(turn: S3Turn): string {
  turn.entropy.fill(random);
  let id = '';
  for (const byte of random) id += ALPHABET[byte & 63];
  return id;
}

/** Upload ids look alike. */
export const newUploadId = (turn: S3Turn): string => newVersionId(turn) + newVersionId(turn);

/** AWS tells an id that it cannot have given apart from one that is gone. */
export function versionIdProblem(versionId: string | undefined): AwsError | undefined {
  if (versionId === undefined || FORM.test(versionId)) return undefined;
  const text = versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  return invalidArgument('versionId', versionId, text);
}
