// Digests and sealing by node:crypto. The one-shot `crypto.hash` (Node 20.12 and later) saves the stream object: 0.9 instead of 1.7 microseconds
// for a short text on the development machine.

import * as crypto from 'node:crypto';
import type { Digest, SealContext } from '#base/digest.ts';

type Bytes = Uint8Array | string;

function hexOf(algorithm: string): (data: Bytes) => string {
  return (data) => crypto.hash(algorithm, data, 'hex');
}

function hmac(algorithm: string, key: Bytes, data: Bytes): crypto.Hmac {
  return crypto.createHmac(algorithm, key).update(data);
}

const BLOCK_BYTES = 64;
const SHA256_BYTES = 32;
/** Longest text that goes the short way; a string to sign has about 150 bytes. */
const SHORT_BYTES_MAX = 1024;

/** HMAC (RFC 2104) by two one-shot hashes over a key's prepared blocks: half the time of the stream object for short texts. */
class PreparedKey {
  private readonly inner = Buffer.alloc(BLOCK_BYTES + SHORT_BYTES_MAX);
  private readonly outer = Buffer.alloc(BLOCK_BYTES + SHA256_BYTES);

  constructor(key: Uint8Array) {
    const short = key.length > BLOCK_BYTES ? crypto.hash('sha256', key, 'buffer') : key;
    for (let i = 0; i < BLOCK_BYTES; i += 1) {
      this.inner[i] = (short[i] ?? 0) ^ 0x36;
      this.outer[i] = (short[i] ?? 0) ^ 0x5c;
    }
  }

  hex(text: string): string {
    const end = BLOCK_BYTES + this.inner.write(text, BLOCK_BYTES, 'utf8');
    this.outer.write(crypto.hash('sha256', this.inner.subarray(0, end), 'hex'), BLOCK_BYTES, 'hex');
    return crypto.hash('sha256', this.outer, 'hex');
  }
}

/** Keys live as long as whoever caches them. */
const preparedKeys = new WeakMap<Uint8Array, PreparedKey>();

function hmacSha256Hex(key: Bytes, data: Bytes): string {
  if (typeof key === 'string' || typeof data !== 'string' || data.length * 3 > SHORT_BYTES_MAX) {
    return hmac('sha256', key, data).digest('hex');
  }
  let prepared = preparedKeys.get(key);
  if (prepared === undefined) {
    prepared = new PreparedKey(key);
    preparedKeys.set(key, prepared);
  }
  return prepared.hex(data);
}

function bytesOf(data: Bytes): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
}

/** Looks at every character, wherever the first difference is; no buffers for two short texts. */
function isSameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i += 1) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function seal(key: Uint8Array, plain: Uint8Array, { nonce, label }: SealContext): Uint8Array {
  const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, sealed: Uint8Array, label: string): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const decipher = crypto.createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(label, 'utf8')).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}

export const nodeDigest: Digest = {
  md5Hex: hexOf('md5'),
  sha256Hex: hexOf('sha256'),
  sha1: (data) => crypto.hash('sha1', data, 'buffer'),
  sha256: (data) => crypto.hash('sha256', data, 'buffer'),
  sha512: (data) => crypto.hash('sha512', data, 'buffer'),
  hmacSha256: (key, data) => hmac('sha256', key, data).digest(),
  hmacSha256Hex,
  hmacSha1: (key, data) => hmac('sha1', key, data).digest(),
  timingSafeEqual(one, other) {
    if (typeof one === 'string' && typeof other === 'string') return isSameText(one, other);
    const left = bytesOf(one);
    const right = bytesOf(other);
    return left.length === right.length && crypto.timingSafeEqual(left, right);
  },
  deriveKey: (secret, purpose) => new Uint8Array(crypto.hkdfSync('sha256', secret, '', purpose, 32)),
  seal,
  open,
};
