// How one entry lies in memory and on disk: the same bytes for the file engine and the simulated one. Tables for people
// are in docs/internals/journal-format.md.
//
//   head (40 bytes) | facts | payload block … , each part padded with zeros to 8 bytes
//   payload block = length (4) | checksum (4) | bytes
//
// The head's checksum covers the head, the facts and the heads of the payload blocks; each payload's own checksum covers
// its bytes, so that one payload is read and checked alone. Both start from a salt that is random per segment (a payload's
// also from its position): bytes of another store, of a recycled segment, of another place or of a client that sends
// copied journal bytes never pass. This file knows nothing of files, groups or recovery.

import { assert } from '#base/assert.ts';
import type { Position, ReplayedEntry } from '../journal.ts';
import { crc32Words } from './crc32.ts';

export const ENTRY_HEAD_BYTES = 40;
export const PAYLOAD_HEAD_BYTES = 8;
export const ALIGNMENT_BYTES = 8;
/** Keeps every length inside 32 bits with room; the largest AWS payload that travels in an entry is far below. */
export const ENTRY_BYTES_MAX = 2 ** 30;

const MAGIC = 0x454a4445; // `EDJE`
const TWO_32 = 2 ** 32;
const HEAD_WORDS = ENTRY_HEAD_BYTES / 4;
/** The checksum sits in word 1; the words after it are covered. */
const COVERED_FROM = 2;

assert(new Uint8Array(new Uint32Array([1]).buffer)[0] === 1, 'the journal is written on little-endian machines');

/** The same memory twice: bytes, and words of four bytes. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

export function makeSpan(byteCount: number): Span {
  const memory = new ArrayBuffer(Math.ceil(byteCount / ALIGNMENT_BYTES) * ALIGNMENT_BYTES);
  return { bytes: new Uint8Array(memory), words: new Uint32Array(memory) };
}

/** Continues a CRC-32 from `seed`: native in the file engine, plain ECMAScript in the simulated one. */
export type Checksum = (bytes: Uint8Array, seed: number) => number;

/** What an entry says of itself besides its content. */
export interface EntryStamp {
  readonly position: number;
  readonly sequence: number;
  /** Everything before this position was durable when the entry was handed to the disk. */
  readonly groupStart: number;
  readonly salt: number;
}

/** What a check finds; anything but `whole` is a reason that can be put before people. */
export type EntryCheck =
  | 'whole'
  | 'no entry begins here'
  | 'the entry belongs to another position'
  | 'the entry is out of sequence'
  | 'the entry is cut short'
  | 'the lengths inside the entry contradict each other'
  | 'the checksum of the entry does not match'
  | 'the checksum of a payload does not match';

const padded = (byteCount: number): number => Math.ceil(byteCount / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;

export function entryBytes(facts: Uint8Array, payloads: readonly Uint8Array[]): number {
  let total = ENTRY_HEAD_BYTES + padded(facts.length);
  for (let i = 0; i < payloads.length; i += 1) {
    total += PAYLOAD_HEAD_BYTES + padded((payloads[i] as Uint8Array).length);
  }
  return total;
}

export interface PayloadPlace {
  /** Of the payload block. */
  readonly position: number;
  readonly salt: number;
}

/** The checksum of a payload at its place. */
export function payloadChecksum(bytes: Uint8Array, place: PayloadPlace, checksum: Checksum): number {
  const { position, salt } = place;
  const seed = (salt ^ (position / ALIGNMENT_BYTES) ^ Math.floor(position / TWO_32)) >>> 0;
  // zlib's crc32 forgets the seed when there are no bytes.
  return bytes.length === 0 ? seed : checksum(bytes, seed);
}

/** Writes the entry at `at` and returns the position of each payload block. The span has room: see {@link entryBytes}. */
export function encodeEntry(
  span: Span,
  at: number,
  stamp: EntryStamp,
  content: { readonly facts: Uint8Array; readonly payloads: readonly Uint8Array[]; readonly checksum: Checksum },
): Position[] {
  const { bytes, words } = span;
  const { position, salt } = stamp;
  const { facts, payloads, checksum } = content;
  const head = at / 4;
  words[head] = MAGIC;
  words[head + 2] = position % TWO_32;
  words[head + 3] = position / TWO_32;
  words[head + 4] = stamp.sequence % TWO_32;
  words[head + 5] = stamp.sequence / TWO_32;
  words[head + 6] = (position - stamp.groupStart) / ALIGNMENT_BYTES;
  words[head + 8] = facts.length;
  words[head + 9] = payloads.length;
  let end = putPadded(span, at + ENTRY_HEAD_BYTES, facts);
  const positions: Position[] = [];
  // The total must be in place before the head is summed, so the payload heads are summed into a second pass below.
  for (let i = 0; i < payloads.length; i += 1) {
    const payload = payloads[i] as Uint8Array;
    const blockPosition = position + (end - at);
    words[end / 4] = payload.length;
    words[end / 4 + 1] = payloadChecksum(payload, { position: blockPosition, salt }, checksum);
    positions.push(blockPosition as Position);
    end = putPadded(span, end + PAYLOAD_HEAD_BYTES, payload);
  }
  words[head + 7] = end - at;
  assert(end <= bytes.length, 'an entry stays inside its span');
  let sum = crc32Words(words, head + COVERED_FROM, head + HEAD_WORDS, salt);
  for (let i = 0; i < positions.length; i += 1) {
    const block = (at + ((positions[i] as number) - position)) / 4;
    sum = crc32Words(words, block, block + 2, sum);
  }
  words[head + 1] = facts.length === 0 ? sum : checksum(facts, sum);
  return positions;
}

function putPadded(span: Span, at: number, content: Uint8Array): number {
  const end = at + padded(content.length);
  if (end > at) {
    span.words[end / 4 - 1] = 0;
    span.words[end / 4 - 2] = 0;
    span.bytes.set(content, at);
  }
  return end;
}

/** Total bytes that the head at `at` claims; unchecked. Needs {@link ENTRY_HEAD_BYTES} bytes. */
export function claimedEntryBytes(span: Span, at: number): number {
  return span.words[at / 4 + 7] as number;
}

/** True when the head at `at` claims to be the entry of `position`; unchecked otherwise. */
export function claimsPosition(span: Span, at: number, position: number): boolean {
  const head = at / 4;
  return span.words[head] === MAGIC && readPair(span.words, head + 2) === position;
}

export function claimedSequence(span: Span, at: number): number {
  return readPair(span.words, at / 4 + 4);
}

/** Where the group of the entry at `at` begins. */
export function claimedGroupStart(span: Span, at: number): number {
  const head = at / 4;
  return readPair(span.words, head + 2) - (span.words[head + 6] as number) * ALIGNMENT_BYTES;
}

function readPair(words: Uint32Array, low: number): number {
  return (words[low] as number) + (words[low + 1] as number) * TWO_32;
}

export interface EntryExpectation {
  readonly position: number;
  readonly salt: number;
  /** Bytes of the span that are filled. */
  readonly limit: number;
  readonly checksum: Checksum;
}

/** Checks head, facts and payload heads; not the payloads' bytes. */
export function checkEntryHead(span: Span, at: number, expected: EntryExpectation): EntryCheck {
  const { words } = span;
  const { salt, limit, position } = expected;
  if (at + ENTRY_HEAD_BYTES > limit) return 'the entry is cut short';
  const head = at / 4;
  if (words[head] !== MAGIC) return 'no entry begins here';
  if (readPair(words, head + 2) !== position) return 'the entry belongs to another position';
  const total = words[head + 7] as number;
  const factsBytes = words[head + 8] as number;
  const payloadCount = words[head + 9] as number;
  if (total > ENTRY_BYTES_MAX || total % ALIGNMENT_BYTES !== 0) {
    return 'the lengths inside the entry contradict each other';
  }
  if (at + total > limit) return 'the entry is cut short';
  let sum = crc32Words(words, head + COVERED_FROM, head + HEAD_WORDS, salt);
  const end = at + total;
  let block = at + ENTRY_HEAD_BYTES + padded(factsBytes);
  for (let i = 0; i < payloadCount; i += 1) {
    if (block + PAYLOAD_HEAD_BYTES > end) return 'the lengths inside the entry contradict each other';
    sum = crc32Words(words, block / 4, block / 4 + 2, sum);
    block += PAYLOAD_HEAD_BYTES + padded(words[block / 4] as number);
  }
  if (block !== end) return 'the lengths inside the entry contradict each other';
  if (factsBytes > 0) {
    const facts = at + ENTRY_HEAD_BYTES;
    sum = expected.checksum(span.bytes.subarray(facts, facts + factsBytes), sum);
  }
  return sum === words[head + 1] ? 'whole' : 'the checksum of the entry does not match';
}

/** Checks the bytes of every payload of an entry whose head is good. */
export function checkPayloads(span: Span, at: number, expected: EntryExpectation): EntryCheck {
  const { bytes, words } = span;
  let block = at + ENTRY_HEAD_BYTES + padded(words[at / 4 + 8] as number);
  const payloadCount = words[at / 4 + 9] as number;
  for (let i = 0; i < payloadCount; i += 1) {
    const length = words[block / 4] as number;
    const from = block + PAYLOAD_HEAD_BYTES;
    const place = { position: expected.position + (block - at), salt: expected.salt };
    if (payloadChecksum(bytes.subarray(from, from + length), place, expected.checksum) !== words[block / 4 + 1]) {
      return 'the checksum of a payload does not match';
    }
    block = from + padded(length);
  }
  return 'whole';
}

/** Views of an entry that was checked. */
export function decodeEntry(span: Span, at: number): ReplayedEntry {
  const { bytes, words } = span;
  const head = at / 4;
  const position = readPair(words, head + 2);
  const factsAt = at + ENTRY_HEAD_BYTES;
  const factsBytes = words[head + 8] as number;
  const payloadCount = words[head + 9] as number;
  const payloads: Position[] = [];
  const payloadBytes: Uint8Array[] = [];
  let block = factsAt + padded(factsBytes);
  for (let i = 0; i < payloadCount; i += 1) {
    const length = words[block / 4] as number;
    payloads.push((position + (block - at)) as Position);
    payloadBytes.push(bytes.subarray(block + PAYLOAD_HEAD_BYTES, block + PAYLOAD_HEAD_BYTES + length));
    block += PAYLOAD_HEAD_BYTES + padded(length);
  }
  return {
    position: position as Position,
    end: (position + (words[head + 7] as number)) as Position,
    payloads,
    facts: bytes.subarray(factsAt, factsAt + factsBytes),
    payloadBytes,
  };
}
