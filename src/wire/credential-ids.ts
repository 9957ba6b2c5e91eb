// Identifiers as AWS makes them: a prefix that tells the kind, and base 32. Secrets are not stored: they follow from the
// id and the secret of the store, so a copy of the journal alone opens nothing.

import { base64Encode } from '#base/base64.ts';
import type { Digest } from '#base/digest.ts';
import type { Entropy } from '#base/random.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** AWS: IAM user guide, "IAM identifiers", table of prefixes. */
export type IdPrefix = 'AROA' | 'AIDA' | 'ANPA' | 'AKIA' | 'ASIA';

/** Unique ids have 21 characters, access key ids 20. */
export function newId(prefix: IdPrefix, entropy: Entropy): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  const bytes = new Uint8Array(length);
  entropy.fill(bytes);
  return prefix + lettersOf(bytes);
}

/** The same id for the same text: of policies that every installation has. */
export function derivedId(prefix: IdPrefix, text: string, digest: Digest): string {
  return prefix + lettersOf(digest.sha256(text).subarray(0, 17));
}

/** 40 characters, as AWS's secret access keys. */
export function secretOf(accessKeyId: string, { digest, secret }: { digest: Digest; secret: Uint8Array }): string {
  return base64Encode(digest.hmacSha256(secret, `iam-secret-access-key\n${accessKeyId}`).subarray(0, 30));
}

/** Goes with temporary credentials; AWS promises nothing about its form. */
export function sessionTokenOf(
  accessKeyId: string,
  { digest, secret }: { digest: Digest; secret: Uint8Array },
): string {
  return base64Encode(digest.hmacSha256(secret, `sts-session-token\n${accessKeyId}`));
}

function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (const byte of bytes) letters += ALPHABET[byte % 32];
  return letters;
}
