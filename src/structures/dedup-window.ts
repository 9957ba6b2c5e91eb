// Remembers keys for a fixed time (five minutes for a FIFO queue), with what was answered the first time. Entries are added in the order of
// time, so they also expire in that order: a ring of columns, and an open-addressed hash table from key to place in the ring (linear probing,
// deletion by shifting back). 52 bytes an entry and no object, because a busy queue has millions inside the window.
//
// Keys are 16 bytes of a cryptographic digest: no two texts share one, and their words are spread well enough to be the hash.

import { assert } from '#base/assert.ts';
import type { ByteReader, ByteWriter } from '#base/bytes.ts';

export interface DedupEntry {
  readonly sequence: number;
  /** 16 raw bytes. */
  readonly messageId: Uint8Array;
}

const WORDS = 8;
const START = 16;
const EMPTY = 0xffffffff;

export class DedupWindow {
  /** Per entry: four words of key, four words of message id. */
  private words = new Uint32Array(START * WORDS);
  private sequences = new Float64Array(START);
  private addedAtMs = new Float64Array(START);
  /** Place in the ring, or EMPTY; twice the ring's length, so at most half full. */
  private table = new Uint32Array(START * 2).fill(EMPTY);
  private first = 0;
  private count = 0;

  constructor(readonly windowMs: number) {}

  get size(): number {
    return this.count;
  }

  find(key: Uint8Array, nowMs: number): DedupEntry | undefined {
    const at = this.table[this.probe(wordsOf(key))] as number;
    if (at === EMPTY || this.isOver(at, nowMs)) return undefined;
    const messageId = new Uint8Array(16);
    for (let word = 0; word < 4; word += 1) writeWord(messageId, word * 4, this.words[at * WORDS + 4 + word] as number);
    return { sequence: this.sequences[at] as number, messageId };
  }

  /** Adds a key that is not inside the window, and forgets what is over. */
  add(key: Uint8Array, entry: DedupEntry, nowMs: number): void {
    this.expire(nowMs);
    if (this.count === this.sequences.length) this.resize(this.count * 2);
    const words = wordsOf(key);
    const place = this.probe(words);
    assert(this.table[place] === EMPTY, 'an added key is not in the window');
    const at = (this.first + this.count) & (this.sequences.length - 1);
    this.words.set(words, at * WORDS);
    this.words.set(wordsOf(entry.messageId), at * WORDS + 4);
    this.sequences[at] = entry.sequence;
    this.addedAtMs[at] = nowMs;
    this.table[place] = at;
    this.count += 1;
  }

  /** Forgets what is over. */
  expire(nowMs: number): void {
    while (this.count > 0 && this.isOver(this.first, nowMs)) this.dropFirst();
    const { length } = this.sequences;
    if (length > 1024 && this.count < length / 8) this.resize(length / 2);
  }

  clear(): void {
    this.count = 0;
    this.resize(START);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.count);
    for (let i = 0; i < this.count; i += 1) {
      const at = (this.first + i) & (this.sequences.length - 1);
      for (let word = 0; word < WORDS; word += 1) writer.u32(this.words[at * WORDS + word] as number);
      writer.f64(this.sequences[at] as number);
      writer.f64(this.addedAtMs[at] as number);
    }
  }

  restore(reader: ByteReader): void {
    const count = reader.varint();
    let length = START;
    while (length < count) length *= 2;
    this.count = 0;
    this.resize(length);
    for (let at = 0; at < count; at += 1) {
      for (let word = 0; word < WORDS; word += 1) this.words[at * WORDS + word] = reader.u32();
      this.sequences[at] = reader.f64();
      this.addedAtMs[at] = reader.f64();
      this.table[this.probe(this.words.subarray(at * WORDS, at * WORDS + 4))] = at;
    }
    this.count = count;
  }

  private isOver(at: number, nowMs: number): boolean {
    return (this.addedAtMs[at] as number) + this.windowMs <= nowMs;
  }

  /** Place in the table where the key is, or where it would go. */
  private probe(key: Uint32Array): number {
    const mask = this.table.length - 1;
    let place = (key[0] as number) & mask;
    for (;;) {
      const at = this.table[place] as number;
      if (at === EMPTY || this.isKey(at, key)) return place;
      place = (place + 1) & mask;
    }
  }

  private isKey(at: number, key: Uint32Array): boolean {
    const from = at * WORDS;
    const { words } = this;
    return (
      words[from] === key[0] && words[from + 1] === key[1] && words[from + 2] === key[2] && words[from + 3] === key[3]
    );
  }

  private dropFirst(): void {
    const { first, words, table } = this;
    const mask = table.length - 1;
    let hole = this.probe(words.subarray(first * WORDS, first * WORDS + 4));
    table[hole] = EMPTY;
    // Shift back whatever was pushed on by the entry that is gone.
    for (let place = (hole + 1) & mask; table[place] !== EMPTY; place = (place + 1) & mask) {
      const at = table[place] as number;
      const home = (words[at * WORDS] as number) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      table[hole] = at;
      table[place] = EMPTY;
      hole = place;
    }
    this.first = (first + 1) & (this.sequences.length - 1);
    this.count -= 1;
  }

  private resize(length: number): void {
    const { words, sequences, addedAtMs, first, count } = this;
    const mask = sequences.length - 1;
    this.words = new Uint32Array(length * WORDS);
    this.sequences = new Float64Array(length);
    this.addedAtMs = new Float64Array(length);
    this.table = new Uint32Array(length * 2).fill(EMPTY);
    this.first = 0;
    for (let at = 0; at < count; at += 1) {
      const from = (first + at) & mask;
      this.words.set(words.subarray(from * WORDS, (from + 1) * WORDS), at * WORDS);
      this.sequences[at] = sequences[from] as number;
      this.addedAtMs[at] = addedAtMs[from] as number;
      this.table[this.probe(this.words.subarray(at * WORDS, at * WORDS + 4))] = at;
    }
  }
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
