// Ids of events and tokens of places between them, in AWS's form: 56 digits that hold the time in their upper bits.

import type { Cursor } from './event-page.ts';

const SEQUENCE_BITS = 144n;
const SEQUENCE_MASK = (1n << SEQUENCE_BITS) - 1n;
const DIGITS = 56;

export function formatEventId(cursor: Cursor): string {
  // One more than the number, so that a place before every event of its millisecond can be written as well.
  const id = (BigInt(cursor.ms) << SEQUENCE_BITS) | BigInt(cursor.sequence + 1);
  return id.toString().padStart(DIGITS, '0');
}

export interface EventToken {
  readonly isBackward: boolean;
  readonly cursor: Cursor;
}

export function formatEventToken({ isBackward, cursor }: EventToken): string {
  return `${isBackward ? 'b' : 'f'}/${formatEventId(cursor)}/s`;
}

export function parseEventToken(text: string): EventToken | undefined {
  const [, direction, digits] = /^([fb])\/(\d{56})\/s$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const id = BigInt(digits);
  const cursor = { ms: Number(id >> SEQUENCE_BITS), sequence: Number(id & SEQUENCE_MASK) - 1 };
  if (!Number.isSafeInteger(cursor.ms) || !Number.isSafeInteger(cursor.sequence)) return undefined;
  return { isBackward: direction === 'b', cursor };
}
