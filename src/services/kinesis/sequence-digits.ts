// Sequence numbers as ASCII digits, counted up in place: a list of records has thousands of them, and making a text of a number of 186 bits takes
// longer than all else that is done for a record.

import type { ShardDoc } from './documents.ts';
import { STEP, sequenceNumber } from './sequence-number.ts';

export const SEQUENCE_DIGITS = 56;
const ZERO = 48;
/** What is between two records that arrived in the same second. */
const STEP_DIGITS = Uint8Array.from(String(STEP), Number);

export class SequenceDigits {
  readonly digits = new Uint8Array(SEQUENCE_DIGITS);
  private shard: Pick<ShardDoc, 'index' | 'epochSeconds'> | undefined;
  private place = -1;
  private seconds = -1;

  /** Goes to the record at the place; to the next one by counting. */
  moveTo(shard: Pick<ShardDoc, 'index' | 'epochSeconds'>, place: number, atMs: number): void {
    const seconds = Math.floor(atMs / 1000);
    const isNext = shard === this.shard && place === this.place + 1 && seconds === this.seconds;
    this.place = place;
    if (isNext) {
      this.count();
      return;
    }
    this.shard = shard;
    this.seconds = seconds;
    const text = String(sequenceNumber(shard, place, atMs));
    for (let i = 0; i < SEQUENCE_DIGITS; i += 1) this.digits[i] = text.charCodeAt(i);
  }

  get text(): string {
    return String.fromCharCode(...this.digits);
  }

  private count(): void {
    const { digits } = this;
    let at = SEQUENCE_DIGITS - 1;
    let carry = 0;
    for (let i = STEP_DIGITS.length - 1; i >= 0; i -= 1) {
      let digit = digits[at]! - ZERO + STEP_DIGITS[i]! + carry;
      carry = digit > 9 ? 1 : 0;
      if (carry === 1) digit -= 10;
      digits[at] = digit + ZERO;
      at -= 1;
    }
    for (; carry === 1; at -= 1) {
      carry = digits[at] === ZERO + 9 ? 1 : 0;
      digits[at] = carry === 1 ? ZERO : digits[at]! + 1;
    }
  }
}
