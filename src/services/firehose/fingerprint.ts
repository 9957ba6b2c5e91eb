// By which a record is known again to whoever asks what became of it.

import type { Digest } from '#base/digest.ts';

/** 64 bits of its data's SHA-256, in hex. */
export function fingerprintOf(digest: Digest, data: Uint8Array): string {
  return digest.sha256Hex(data).slice(0, 16);
}
