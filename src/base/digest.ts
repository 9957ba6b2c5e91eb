// The port for digests. Deterministic layers compute signatures, MD5 fields and sealed tokens through it; the Node implementation is
// `runtime/digest.ts`. All functions are pure: the same input gives the same output on every machine. Text is hashed as UTF-8.

export interface Digest {
  md5Hex(data: Uint8Array | string): string;
  sha256Hex(data: Uint8Array | string): string;
  sha256(data: Uint8Array | string): Uint8Array;
  hmacSha256(key: Uint8Array | string, data: Uint8Array | string): Uint8Array;
  hmacSha256Hex(key: Uint8Array | string, data: Uint8Array | string): string;
  hmacSha1(key: Uint8Array | string, data: Uint8Array | string): Uint8Array;
  /** Compares in a time that depends on the lengths only; false when the lengths differ. */
  timingSafeEqual(one: Uint8Array | string, other: Uint8Array | string): boolean;
}
