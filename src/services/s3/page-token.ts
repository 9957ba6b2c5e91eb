// Continuation tokens: opaque to clients, and only those that were given are taken.

import * as sealed from '#cell/sealed-token.ts';
import type { S3Turn } from './state.ts';

export function sealToken(turn: S3Turn, bucket: string, key: string): string {
  return sealed.sealToken(turn, ['s3', bucket], key);
}

/** Undefined: it is none of ours, or another bucket's. */
export function openToken(turn: S3Turn, bucket: string, token: string): string | undefined {
  return sealed.openToken(turn, ['s3', bucket], token);
}
