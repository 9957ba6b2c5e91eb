// Remembers keys for a fixed time (five minutes for a FIFO queue), with what was answered the first time. Entries are added in the order of
// time, so they also expire in that order: rows in pages, numbered for ever, and a hash table from key to number (`dedup-index.ts`). About 60
// bytes an entry and no object, because a busy queue has millions inside the window; and no step that takes longer the more there are.
//
// Keys are 16 bytes of a cryptographic digest: no two texts share one, and their words are spread well enough to be the hash.
// A row never changes once it is written: a snapshot is lent the pages as they are.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { DedupIndex } from './dedup-index.ts';

export interface DedupEntry {
  readonly sequence: number;
  /** 16 raw bytes. */
  readonly messageId: Uint8Array;
}

/** Four words of key, four of message id, then two doubles: sequence and instant. */
const ROW_WORDS = 12;
const ROW_NUMBERS = ROW_WORDS / 2;
const ROW_BYTES = ROW_WORDS * 4;
/** A window with few entries has one page, and a smaller one. */
const PAGE_BITS = 12;
const PAGE_ROWS = 1 << PAGE_BITS;
const FIRST_ROWS = 16;
const KEPT_WHEN_EMPTY = 1024;
/** Of one step: after a pause of minutes a million may be over at once. */
const FORGOTTEN_MAX = 1000;
const LENT_BYTES_MIN = 4096;

class Page {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly numbers: Float64Array;

  constructor(readonly rows: number) {
    this.bytes = new Uint8Array(rows * ROW_BYTES);
    this.words = new Uint32Array(this.bytes.buffer);
    this.numbers = new Float64Array(this.bytes.buffer);
  }
}

export class DedupWindow {
  private pages = [new Page(FIRST_ROWS)];
  /** Number of the first page's first row. */
  private base = 0;
  private first = 0;
  private next = 0;
  private index = this.newIndex(0);

  constructor(readonly windowMs: number) {}

  get size(): number {
    return this.next - this.first;
  }

  find(key: Uint8Array, nowMs: number): DedupEntry | undefined {
    const row = this.index.find(wordsOf(key), this.first, this.next);
    if (row === undefined || this.isOver(row, nowMs)) return undefined;
    const { words, numbers } = this.pageOf(row);
    const at = this.placeOf(row);
    const messageId = new Uint8Array(16);
    for (let word = 0; word < 4; word += 1) writeWord(messageId, word * 4, words[at * ROW_WORDS + 4 + word] as number);
    return { sequence: numbers[at * ROW_NUMBERS + 4] as number, messageId };
  }

  /** Adds a key that is not inside the window, and forgets what is over. */
  add(key: Uint8Array, entry: DedupEntry, nowMs: number): void {
    this.expire(nowMs);
    const known = this.index.find(wordsOf(key), this.first, this.next);
    assert(known === undefined || this.isOver(known, nowMs), 'an added key is not in the window');
    this.makeRoom();
    const row = this.next;
    const { words, numbers } = this.pageOf(row);
    const at = this.placeOf(row);
    words.set(wordsOf(key), at * ROW_WORDS);
    words.set(wordsOf(entry.messageId), at * ROW_WORDS + 4);
    numbers[at * ROW_NUMBERS + 4] = entry.sequence;
    numbers[at * ROW_NUMBERS + 5] = nowMs;
    this.next += 1;
    this.index.add(row, this.first, this.next);
  }

  /** Forgets what is over, a thousand at most unless it is everything. */
  expire(nowMs: number): void {
    if (this.first < this.next && this.isOver(this.next - 1, nowMs)) this.clear();
    for (let left = FORGOTTEN_MAX; left > 0 && this.first < this.next && this.isOver(this.first, nowMs); left -= 1) {
      this.index.remove(this.first, this.next);
      this.first += 1;
    }
    while (this.pages.length > 1 && this.first - this.base >= PAGE_ROWS) {
      this.pages.shift();
      this.base += PAGE_ROWS;
    }
  }

  clear(): void {
    this.first = this.next;
    this.base = this.next;
    const [page] = this.pages;
    const isSmall = this.pages.length === 1 && (page as Page).rows <= KEPT_WHEN_EMPTY;
    // Never the page itself again: it may be lent.
    this.pages = [new Page(isSmall ? (page as Page).rows : FIRST_ROWS)];
    this.index = this.newIndex(0);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.size);
    const pieces: Uint8Array[] = [];
    for (let row = this.first; row < this.next; ) {
      const { bytes, rows } = this.pageOf(row);
      const from = this.placeOf(row);
      const to = Math.min(rows, from + this.next - row);
      pieces.push(bytes.subarray(from * ROW_BYTES, to * ROW_BYTES));
      row += to - from;
    }
    if (this.size * ROW_BYTES >= LENT_BYTES_MIN) writer.lend(pieces);
    else for (const piece of pieces) writer.raw(piece);
  }

  restore(reader: ByteReader): void {
    const count = reader.varint();
    this.base = 0;
    this.first = 0;
    this.next = count;
    this.pages = [];
    for (let row = 0; row < count; row += PAGE_ROWS) {
      const page = new Page(count <= PAGE_ROWS ? rowsFor(count) : PAGE_ROWS);
      page.bytes.set(reader.raw(Math.min(PAGE_ROWS, count - row) * ROW_BYTES));
      this.pages.push(page);
    }
    if (count === 0) this.pages.push(new Page(FIRST_ROWS));
    this.index = this.newIndex(count);
    for (let row = 0; row < count; row += 1) this.index.add(row, 0, count);
  }

  private newIndex(count: number): DedupIndex {
    return new DedupIndex(count, (row, key) => this.copyKey(row, key));
  }

  private copyKey(row: number, key: Uint32Array): void {
    const { words } = this.pageOf(row);
    const from = this.placeOf(row) * ROW_WORDS;
    for (let word = 0; word < 4; word += 1) key[word] = words[from + word] as number;
  }

  private pageOf(row: number): Page {
    return this.pages[(row - this.base) >>> PAGE_BITS] as Page;
  }

  private placeOf(row: number): number {
    return (row - this.base) & (PAGE_ROWS - 1);
  }

  private isOver(row: number, nowMs: number): boolean {
    return (this.pageOf(row).numbers[this.placeOf(row) * ROW_NUMBERS + 5] as number) + this.windowMs <= nowMs;
  }

  /** Makes sure that there is a row for `next`. A single page of which half is over makes way for one that fits. */
  private makeRoom(): void {
    const { pages, size } = this;
    const [page] = pages as [Page];
    if (this.next - this.base < (pages.length - 1) * PAGE_ROWS + page.rows) return;
    if (pages.length > 1 || size * 2 > PAGE_ROWS) {
      pages.push(new Page(PAGE_ROWS));
      return;
    }
    const grown = new Page(rowsFor(size * 2));
    const from = this.placeOf(this.first) * ROW_BYTES;
    grown.bytes.set(page.bytes.subarray(from, from + size * ROW_BYTES));
    this.pages = [grown];
    this.base = this.first;
  }
}

function rowsFor(count: number): number {
  let rows = FIRST_ROWS;
  while (rows < count) rows *= 2;
  return rows;
}

const scratch = new Uint32Array(4);

/** Four words of 16 bytes; a scratch array that the next call overwrites. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  assert(bytes.length === 16, 'keys and ids have 16 bytes');
  for (let word = 0; word < 4; word += 1) {
    const at = word * 4;
    scratch[word] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  }
  return scratch;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = (word >>> 16) & 0xff;
  bytes[at + 2] = (word >>> 8) & 0xff;
  bytes[at + 3] = word & 0xff;
}
