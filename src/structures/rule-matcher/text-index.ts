// Texts of rules that a value is, begins with or ends with: by hash, so that a value costs its own length and one look-up
// for each different length of prefix, however many there are.

import { HashTable } from './hash-table.ts';
import { hashOf } from './json-text.ts';
import type { Posting } from './posting.ts';

export class WholeTextIndex {
  private readonly postings = new HashTable<Posting>();
  private lengthMax = 0;

  get isEmpty(): boolean {
    return this.postings.size === 0;
  }

  /** The posting of exactly this test. */
  get(posting: Posting): Posting | undefined {
    return getFrom(this.postings, posting.text.hash, posting);
  }

  add(posting: Posting): void {
    this.postings.add(posting.text.hash, posting);
    this.lengthMax = Math.max(this.lengthMax, posting.text.length);
  }

  delete(posting: Posting): void {
    this.postings.delete(posting.text.hash, posting);
  }

  find(bytes: Uint8Array, start: number, end: number): Posting | undefined {
    const length = end - start;
    if (length > this.lengthMax) return undefined;
    const { postings } = this;
    const hash = hashOf(bytes, start, end);
    for (let slot = postings.first(hash); slot >= 0; slot = postings.next(slot, hash)) {
      const posting = postings.items[slot] as Posting;
      if (posting.text.length === length && posting.text.isAt(bytes, start)) return posting;
    }
    return undefined;
  }
}

export class AffixIndex {
  private readonly postings = new HashTable<Posting>();
  /** Different lengths, ascending, and how many texts have each. */
  private lengths: number[] = [];
  private readonly countByLength = new Map<number, number>();

  constructor(private readonly place: 'start' | 'end') {}

  get isEmpty(): boolean {
    return this.postings.size === 0;
  }

  /** The posting of exactly this test. */
  get(posting: Posting): Posting | undefined {
    return getFrom(this.postings, this.hashOf(posting), posting);
  }

  add(posting: Posting): void {
    const { length } = posting.text;
    this.postings.add(this.hashOf(posting), posting);
    const count = this.countByLength.get(length) ?? 0;
    this.countByLength.set(length, count + 1);
    if (count === 0) this.lengths = [...this.lengths, length].sort((a, b) => a - b);
  }

  delete(posting: Posting): void {
    const { length } = posting.text;
    this.postings.delete(this.hashOf(posting), posting);
    const count = (this.countByLength.get(length) as number) - 1;
    if (count > 0) this.countByLength.set(length, count);
    else {
      this.countByLength.delete(length);
      this.lengths = this.lengths.filter((other) => other !== length);
    }
  }

  /** Adds what it finds to `found`. */
  find(bytes: Uint8Array, start: number, end: number, found: Posting[]): void {
    const { lengths, postings } = this;
    const step = this.place === 'start' ? 1 : -1;
    let at = step === 1 ? start : end - 1;
    let hash = 0;
    let hashed = 0;
    for (let i = 0; i < lengths.length; i += 1) {
      const length = lengths[i] as number;
      if (length > end - start) return;
      for (; hashed < length; hashed += 1) {
        hash = ((hash << 5) - hash + (bytes[at] as number)) | 0;
        at += step;
      }
      const first = step === 1 ? start : end - length;
      for (let slot = postings.first(hash); slot >= 0; slot = postings.next(slot, hash)) {
        const posting = postings.items[slot] as Posting;
        if (posting.text.length === length && posting.text.isAt(bytes, first)) found.push(posting);
      }
    }
  }

  private hashOf({ text }: Posting): number {
    return this.place === 'start' ? text.hash : text.hashBackwards;
  }
}

function getFrom(postings: HashTable<Posting>, hash: number, like: Posting): Posting | undefined {
  for (let slot = postings.first(hash); slot >= 0; slot = postings.next(slot, hash)) {
    const posting = postings.items[slot] as Posting;
    if (
      posting.text.isSame(like.text) &&
      posting.needsCheck === like.needsCheck &&
      posting.test.source === like.test.source
    )
      return posting;
  }
  return undefined;
}
