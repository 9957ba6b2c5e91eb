// The port for digests and sealing. Deterministic layers compute signatures, MD5 fields, sealed tokens and secrets at rest through it; the Node implementation is
// `runtime/digest.ts`. All functions are pure: the same input gives the same output on every machine. Text is hashed as UTF-8.

export interface Digest {
  md5Hex(data: Uint8Array | string): string;
  sha1(data: Uint8Array | string): Uint8Array;
  sha256Hex(data: Uint8Array | string): string;
  sha256(data: Uint8Array | string): Uint8Array;
  sha512(data: Uint8Array | string): Uint8Array;
  hmacSha256(key: Uint8Array | string, data: Uint8Array | string): Uint8Array;
  hmacSha256Hex(key: Uint8Array | string, data: Uint8Array | string): string;
  hmacSha1(key: Uint8Array | string, data: Uint8Array | string): Uint8Array;
  /** Compares in a time that depends on the lengths only; false when the lengths differ. */
  timingSafeEqual(one: Uint8Array | string, other: Uint8Array | string): boolean;
  /** A key of 32 bytes for one purpose, from a secret that has several (HKDF-SHA-256, RFC 5869, without salt). */
  deriveKey(secret: Uint8Array, purpose: string): Uint8Array;
  /**
   * AES-256-GCM: nonce, ciphertext and tag in one. A nonce (12 bytes) is used once with a key. `label` is not hidden but sealed in: what was
   * sealed for one thing cannot be passed off as sealed for another.
   */
  seal(key: Uint8Array, plain: Uint8Array, context: SealContext): Uint8Array;
  /** Undefined when it was not sealed with this key and label, or was changed since. */
  open(key: Uint8Array, sealed: Uint8Array, label: string): Uint8Array | undefined;
}

export interface SealContext {
  readonly nonce: Uint8Array;
  readonly label: string;
}
