// Sequence numbers in AWS's form: 56 decimal digits of a number of 186 bits, which orders by shard generation, then by place. In hexadecimal:
//
//   2 | 9 digits: seconds of the shard's creation | last digit of the shard's index | 16 digits: number within the shard | 00
//     | 9 digits: seconds of arrival | 8 digits: index of the shard | 2
//
// Source: numbers that AWS gave, taken apart by the authors of kinesalite. Nothing of it is stored: it follows from a record's place and time.

import type { ShardDoc } from './documents.ts';

type ShardEpoch = Pick<ShardDoc, 'index' | 'epochSeconds'>;

/** Of a shard that was closed; AWS ends shards with it. */
const LAST_NUMBER = 0x7fffffffffffffffn;
const FORM = 2n;
const NUMBER_BITS = 64n;
/** What stands behind the number within the shard. */
const TAIL_BITS = 80n;
/** From one record's number to the next one's, when they arrived in the same second. */
export const STEP = 1n << TAIL_BITS;
/** And for each second between them. */
export const SECOND = 1n << 36n;

/** The record at the place; `place` -1 is the shard's first number, which no record has. */
export function sequenceNumber(shard: ShardEpoch, place: number, atMs: number): bigint {
  return compose(shard, BigInt(place + 1), Math.floor(atMs / 1000));
}

export function startingSequenceNumber(shard: ShardEpoch): string {
  return String(compose(shard, 0n, shard.epochSeconds));
}

export function endingSequenceNumber(shard: ShardEpoch, closedAtMs: number): string {
  return String(compose(shard, LAST_NUMBER, Math.floor(closedAtMs / 1000)));
}

function compose({ index, epochSeconds }: ShardEpoch, number: bigint, seconds: number): bigint {
  const head = (((FORM << 36n) | BigInt(epochSeconds)) << 4n) | BigInt(index & 15);
  const tail = (((BigInt(seconds) << 32n) | BigInt(index)) << 4n) | FORM;
  return (((head << NUMBER_BITS) | number) << TAIL_BITS) | tail;
}

export interface ParsedSequenceNumber extends ShardEpoch {
  /** -1 for a shard's first number; behind every record for its last. */
  readonly place: number;
  readonly seconds: number;
}

/** Undefined for a number that is not of this form. */
export function parseSequenceNumber(text: string): ParsedSequenceNumber | undefined {
  if (text.length !== 56 || !/^[1-9]\d*$/.test(text)) return undefined;
  const value = BigInt(text);
  const tail = value & (STEP - 1n);
  const head = value >> (TAIL_BITS + NUMBER_BITS);
  const number = (value >> TAIL_BITS) & ((1n << NUMBER_BITS) - 1n);
  const index = Number((tail >> 4n) & 0xffffffffn);
  const isOfForm = head >> 40n === FORM && (tail & 15n) === FORM && tail >> 72n === 0n && number <= LAST_NUMBER;
  if (!isOfForm || Number(head & 15n) !== (index & 15)) return undefined;
  return {
    index,
    epochSeconds: Number((head >> 4n) & 0xfffffffffn),
    place: Number(number) - 1,
    seconds: Number((tail >> 36n) & 0xfffffffffn),
  };
}
