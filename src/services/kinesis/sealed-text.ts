// Tokens that only this store can have given: iterators and tokens of pages. Their content is not hidden; a changed one is not taken.

import { base64Decode, base64Encode } from '#base/base64.ts';
import type { KinesisTurn } from './state.ts';

const SEAL_BYTES = 16;

type Sealing = Pick<KinesisTurn, 'digest' | 'secret'>;

/** `purpose` keeps a token of one kind from being taken as another. */
export function sealBytes(sealing: Sealing, purpose: string, content: Uint8Array): string {
  const bytes = new Uint8Array(content.length + SEAL_BYTES);
  bytes.set(content);
  bytes.set(sealOf(sealing, purpose, content), content.length);
  return base64Encode(bytes);
}

/** Undefined for what was not sealed here for this purpose. */
export function openBytes(sealing: Sealing, purpose: string, text: string): Uint8Array | undefined {
  const bytes = base64Decode(text);
  if (bytes === undefined || bytes.length < SEAL_BYTES) return undefined;
  const content = bytes.subarray(0, bytes.length - SEAL_BYTES);
  const seal = bytes.subarray(bytes.length - SEAL_BYTES);
  return sealing.digest.timingSafeEqual(seal, sealOf(sealing, purpose, content)) ? content : undefined;
}

function sealOf({ digest, secret }: Sealing, purpose: string, content: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(purpose.length + 1 + content.length);
  for (let i = 0; i < purpose.length; i += 1) sealed[i] = purpose.charCodeAt(i);
  sealed.set(content, purpose.length + 1);
  return digest.hmacSha256(secret, sealed).subarray(0, SEAL_BYTES);
}
