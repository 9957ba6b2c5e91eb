// Sequence numbers as ASCII digits, by counting: a list of records has thousands of them, and making a text of a number of 186 bits takes longer
// than all else that is done for a record. Counting adds groups of four digits, whose texts are in a table. The program of WebAssembly that writes
// records as JSON counts the same groups in its memory.

import type { ShardDoc } from './documents.ts';
import { SECOND, STEP, sequenceNumber } from './sequence-number.ts';

export const SEQUENCE_DIGITS = 56;
const GROUP_DIGITS = 4;
const GROUPS = SEQUENCE_DIGITS / GROUP_DIGITS;
const GROUP = 10_000;
/** A longer pause between two records is not counted: a group times the seconds must be an integer of 31 bits. */
const COUNTED_SECONDS_MAX = 100_000;

/** Four digits as a word that is written little endian. */
const texts = Int32Array.from({ length: GROUP }, (_, group) => {
  const text = String(group).padStart(GROUP_DIGITS, '0');
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24);
});

function groupsOf(number: bigint): Int32Array {
  const text = String(number).padStart(SEQUENCE_DIGITS, '0');
  return Int32Array.from({ length: GROUPS }, (_, i) => Number(text.slice(i * GROUP_DIGITS, (i + 1) * GROUP_DIGITS)));
}

const stepGroups = groupsOf(STEP);
const secondGroups = groupsOf(SECOND);
/** Groups before this one change by what is carried over alone. */
const FIRST_OF_STEP = stepGroups.findIndex((group) => group > 0);
const FIRST_OF_SECOND = secondGroups.findIndex((group) => group > 0);

/** An array: engines hand its elements over as arguments without walking them one by one. */
const codes: number[] = new Array(SEQUENCE_DIGITS).fill(0);

export class SequenceDigits {
  /** From one record's number to the next one's. */
  static readonly step: Int32Array = stepGroups;
  /** Of a group's digits. */
  static readonly texts: Int32Array = texts;
  private shard: Pick<ShardDoc, 'index' | 'epochSeconds'> | undefined;
  private place = -1;
  private seconds = -1;

  constructor(private readonly groups = new Int32Array(GROUPS)) {}

  /** Goes to the record at the place; to the next one by counting. */
  moveTo(shard: Pick<ShardDoc, 'index' | 'epochSeconds'>, place: number, atMs: number): void {
    const seconds = Math.floor(atMs / 1000);
    const later = seconds - this.seconds;
    const further = place - this.place;
    const isNear = (further === 0 || further === 1) && later >= 0 && later <= COUNTED_SECONDS_MAX;
    this.place = place;
    this.seconds = seconds;
    if (isNear && shard === this.shard) {
      if (later > 0) this.addSeconds(later);
      if (further === 1) this.count();
      return;
    }
    this.shard = shard;
    this.groups.set(groupsOf(sequenceNumber(shard, place, atMs)));
  }

  /** Somebody else counted the groups on, by so many records. */
  wasCounted(records: number): void {
    this.place += records;
  }

  write(into: DataView, at: number): void {
    const { groups } = this;
    for (let i = 0; i < GROUPS; i += 1) into.setInt32(at + i * GROUP_DIGITS, texts[groups[i]!]!, true);
  }

  get text(): string {
    const { groups } = this;
    for (let i = 0; i < GROUPS; i += 1) {
      const four = texts[groups[i]!]!;
      codes[i * GROUP_DIGITS] = four & 0xff;
      codes[i * GROUP_DIGITS + 1] = (four >> 8) & 0xff;
      codes[i * GROUP_DIGITS + 2] = (four >> 16) & 0xff;
      codes[i * GROUP_DIGITS + 3] = four >> 24;
    }
    return String.fromCharCode(...codes);
  }

  private count(): void {
    const { groups } = this;
    let carry = 0;
    for (let i = GROUPS - 1; i >= FIRST_OF_STEP; i -= 1) {
      const sum = groups[i]! + stepGroups[i]! + carry;
      // The sign says whether it is too large: digits are random, and a branch would be guessed wrong half of the time.
      carry = (GROUP - 1 - sum) >>> 31;
      groups[i] = sum - carry * GROUP;
    }
    if (carry > 0) this.carryAbove(FIRST_OF_STEP, carry);
  }

  private addSeconds(seconds: number): void {
    const { groups } = this;
    let carry = 0;
    for (let i = GROUPS - 1; i >= FIRST_OF_SECOND; i -= 1) {
      const sum = groups[i]! + seconds * secondGroups[i]! + carry;
      carry = Math.floor(sum / GROUP);
      groups[i] = sum - carry * GROUP;
    }
    this.carryAbove(FIRST_OF_SECOND, carry);
  }

  private carryAbove(group: number, carried: number): void {
    let carry = carried;
    for (let i = group - 1; carry > 0; i -= 1) {
      const sum = this.groups[i]! + carry;
      carry = Math.floor(sum / GROUP);
      this.groups[i] = sum - carry * GROUP;
    }
  }
}
