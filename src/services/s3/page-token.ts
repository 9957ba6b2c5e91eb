// Continuation tokens: opaque to clients, and only those that were given are taken.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import type { S3Turn } from './state.ts';

const SEAL_LENGTH = 16;

export function sealToken(turn: S3Turn, bucket: string, key: string): string {
  return base64Encode(utf8Encode(`${sealOf(turn, bucket, key)}${key}`));
}

/** Undefined: it is none of ours, or another bucket's. */
export function openToken(turn: S3Turn, bucket: string, token: string): string | undefined {
  const bytes = base64Decode(token);
  if (bytes === undefined) return undefined;
  const text = utf8Decode(bytes);
  const key = text.slice(SEAL_LENGTH);
  return turn.digest.timingSafeEqual(text.slice(0, SEAL_LENGTH), sealOf(turn, bucket, key)) ? key : undefined;
}

function sealOf(turn: S3Turn, bucket: string, key: string): string {
  return turn.digest.hmacSha256Hex(turn.secret, `s3 list token\0${bucket}\0${key}`).slice(0, SEAL_LENGTH);
}
