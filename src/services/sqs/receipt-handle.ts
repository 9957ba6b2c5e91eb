// Receipt handles: which message of which queue, and which of its receives, sealed with the store's key. Nobody can make one or change one;
// the same receive always gives the same handle.
//
//   version 1 byte | seal 16 bytes | queue 4 | slot varint | sequence varint | generation varint        in base64

import { base64Decode, base64Encode } from '#base/base64.ts';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { sipHash128 } from '#base/sip-hash.ts';
import type { Turn } from '#cell/turn.ts';

export interface Receipt {
  readonly queue: number;
  readonly slot: number;
  readonly sequence: number;
  /** Which receive of the message, counted from 1. */
  readonly generation: number;
}

const VERSION = 1;
const SEAL_BYTES = 16;
/** Keeps the key apart from those of other seals. */
const PURPOSE = 'sqs receipt';
const LONGEST = 128;

const scratch = new ByteWriter(64);

type Sealer = Pick<Turn, 'digest' | 'secret'>;

export function encodeReceipt(sealer: Sealer, receipt: Receipt): string {
  scratch.reset();
  scratch.u32(receipt.queue);
  scratch.varint(receipt.slot);
  scratch.varint(receipt.sequence);
  scratch.varint(receipt.generation);
  const claims = scratch.take();
  scratch.reset();
  scratch.u8(VERSION);
  scratch.raw(sealOf(sealer, claims));
  scratch.raw(claims);
  return base64Encode(scratch.bytes);
}

/** What the handle says, or undefined when it is none of ours. */
export function decodeReceipt(sealer: Sealer, handle: string): Receipt | undefined {
  if (handle.length > LONGEST) return undefined;
  const bytes = base64Decode(handle);
  // Shortest: four bytes of queue and one for each varint.
  if (bytes === undefined || bytes.length < 1 + SEAL_BYTES + 7 || bytes[0] !== VERSION) return undefined;
  const claims = bytes.subarray(1 + SEAL_BYTES);
  const seal = bytes.subarray(1, 1 + SEAL_BYTES);
  if (!sealer.digest.timingSafeEqual(seal, sealOf(sealer, claims))) return undefined;
  const reader = new ByteReader(claims);
  return { queue: reader.u32(), slot: reader.varint(), sequence: reader.varint(), generation: reader.varint() };
}

function sealOf(sealer: Sealer, claims: Uint8Array): Uint8Array {
  return sipHash128(keyOf(sealer), claims);
}

/** Derived once for each secret. */
const keys = new WeakMap<Uint8Array, Uint8Array>();

function keyOf({ digest, secret }: Sealer): Uint8Array {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = digest.hmacSha256(secret, PURPOSE).slice(0, 16);
  keys.set(secret, key);
  return key;
}
