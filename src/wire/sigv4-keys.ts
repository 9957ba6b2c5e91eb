// Signing keys, derived from a secret for one day, region and service: four HMACs that nearly every request would repeat.

import type { Digest } from '#base/digest.ts';

/** Days x regions x services x keys in use at once are few; a scan with made-up scopes must not grow memory. */
const KEYS_MAX = 1_000;

export interface SigningScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export class SigningKeys {
  private readonly digest: Digest;
  /** In the order of last derivation; the oldest goes first. */
  private readonly keys = new Map<string, { readonly secret: string; readonly key: Uint8Array }>();

  constructor(digest: Digest) {
    this.digest = digest;
  }

  /** The secret is compared, so a key that was given another secret does not sign with the old one. */
  key(accessKeyId: string, secret: string, scope: SigningScope): Uint8Array {
    const name = `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
    const found = this.keys.get(name);
    if (found !== undefined && found.secret === secret) return found.key;
    const key = deriveSigningKey(this.digest, secret, scope);
    this.keys.delete(name);
    if (this.keys.size >= KEYS_MAX) {
      for (const oldest of this.keys.keys()) {
        this.keys.delete(oldest);
        break;
      }
    }
    this.keys.set(name, { secret, key });
    return key;
  }

  get size(): number {
    return this.keys.size;
  }
}

export function deriveSigningKey(digest: Digest, secret: string, { date, region, service }: SigningScope): Uint8Array {
  const dateKey = digest.hmacSha256(`AWS4${secret}`, date);
  const regionKey = digest.hmacSha256(dateKey, region);
  const serviceKey = digest.hmacSha256(regionKey, service);
  return digest.hmacSha256(serviceKey, 'aws4_request');
}
