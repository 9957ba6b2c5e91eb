// From the words of a key to the number of its row: an open-addressed hash table (linear probing, deletion by shifting back), at most half
// full. Rows are numbered one after another and go in that order. When the table is too small, a larger one takes its place little by little:
// rows are entered there in their order, a few with each one that is added, and until all are, what is not found in the new one is looked for
// in the old one. Making it anew at once would take a third of a second for a million.

/** Copies four words of a row's key. */
export type KeyOf = (row: number, key: Uint32Array) => void;

const LENGTH_MIN = 32;
/** Rows entered in the new table with each one that is added: it is full only after as many additions as there are rows. */
const MOVED_AT_ONCE = 4;
/** A place holds the low 31 bits of a row's number, plus one: 0 is an empty place, and such a table needs no filling. */
const EMPTY = 0;
const LOW_BITS = 0x7fffffff;

export class DedupIndex {
  private table: Uint32Array;
  /** While rows are moved: the table of those from `moved` to `movedEnd`. What was there and is over stays in it. */
  private old: Uint32Array | undefined;
  private moved = 0;
  private movedEnd = 0;
  private readonly key = new Uint32Array(4);
  private readonly other = new Uint32Array(4);

  constructor(
    count: number,
    private readonly keyOf: KeyOf,
  ) {
    let length = LENGTH_MIN;
    while (length < count * 2) length *= 2;
    this.table = new Uint32Array(length);
  }

  /** The newest row with this key, of the rows from `first` to `next`; it may be over. */
  find(key: Uint32Array, first: number, next: number): number | undefined {
    const tag = this.table[this.probe(this.table, key, first, next)] as number;
    if (tag !== EMPTY) return rowOf(tag, first);
    if (this.old === undefined) return undefined;
    const oldTag = this.old[this.probe(this.old, key, first, next)] as number;
    return oldTag === EMPTY ? undefined : rowOf(oldTag, first);
  }

  /** Enters the row; one with the same key that is over is found no more. */
  add(row: number, first: number, next: number): void {
    if (this.old !== undefined) this.move(MOVED_AT_ONCE, first, next);
    const { length } = this.table;
    const count = next - first;
    if (count * 2 > length) this.moveTo(length * 2, first, row);
    else if (length > 64 * LENGTH_MIN && count * 16 < length) this.moveTo(length / 2, first, row);
    this.enter(row, first, next);
  }

  /** The first row goes. */
  remove(first: number, next: number): void {
    // It may stay in the old table: what is before the first row is not found there.
    if (this.old !== undefined && first >= this.moved && first < this.movedEnd) return;
    this.keyOf(first, this.key);
    const hole = this.probe(this.table, this.key, first, next);
    // A newer row with the same key may have taken the place.
    if (this.table[hole] === tagOf(first)) this.close(hole, first);
  }

  private enter(row: number, first: number, next: number): void {
    this.keyOf(row, this.key);
    this.table[this.probe(this.table, this.key, first, next)] = tagOf(row);
  }

  private moveTo(length: number, first: number, end: number): void {
    // Rarely: the last move is not over.
    if (this.old !== undefined) this.move(Number.POSITIVE_INFINITY, first, end);
    this.old = this.table;
    this.moved = first;
    this.movedEnd = end;
    this.table = new Uint32Array(length);
  }

  private move(countMax: number, first: number, next: number): void {
    const old = this.old as Uint32Array;
    this.moved = Math.max(this.moved, first);
    for (let left = countMax; left > 0 && this.moved < this.movedEnd; left -= 1) {
      this.moveOne(old, first, next);
      this.moved += 1;
    }
    if (this.moved >= this.movedEnd) this.old = undefined;
  }

  private moveOne(old: Uint32Array, first: number, next: number): void {
    const tag = tagOf(this.moved);
    this.keyOf(this.moved, this.key);
    // A newer row may have the key, in either table: then this one is over.
    if (old[this.probe(old, this.key, first, next)] !== tag) return;
    const place = this.probe(this.table, this.key, first, next);
    if (this.table[place] === EMPTY) this.table[place] = tag;
  }

  /** Place in the table where the key is, or where it would go. */
  private probe(table: Uint32Array, key: Uint32Array, first: number, next: number): number {
    const mask = table.length - 1;
    let place = (key[0] as number) & mask;
    for (;;) {
      const tag = table[place] as number;
      if (tag === EMPTY || this.isKey(rowOf(tag, first), key, next)) return place;
      place = (place + 1) & mask;
    }
  }

  private isKey(row: number, key: Uint32Array, next: number): boolean {
    // Of the old table: a row that went before counts from the end of all numbers.
    if (row >= next) return false;
    const { other } = this;
    this.keyOf(row, other);
    return other[0] === key[0] && other[1] === key[1] && other[2] === key[2] && other[3] === key[3];
  }

  /** Empties a place, and shifts back whatever was pushed on by it. */
  private close(from: number, first: number): void {
    const { table, other } = this;
    const mask = table.length - 1;
    let hole = from;
    table[hole] = EMPTY;
    for (let place = (hole + 1) & mask; table[place] !== EMPTY; place = (place + 1) & mask) {
      const tag = table[place] as number;
      this.keyOf(rowOf(tag, first), other);
      const home = (other[0] as number) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      table[hole] = tag;
      table[place] = EMPTY;
      hole = place;
    }
  }
}

function tagOf(row: number): number {
  return (row & LOW_BITS) + 1;
}

/** The row at or after `first` with these low bits. */
function rowOf(tag: number, first: number): number {
  return first + ((tag - 1 - first) & LOW_BITS);
}
