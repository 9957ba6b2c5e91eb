// Items found by a 32-bit hash that the caller has anyway: open addressing, no keys stored but the hash. Several items may
// have one hash; the caller looks at each in turn:
//   for (let slot = table.first(hash); slot >= 0; slot = table.next(slot, hash)) table.items[slot]

const FIRST_CAPACITY = 4;

export class HashTable<T extends object> {
  size = 0;
  items: (T | undefined)[] = new Array<T | undefined>(FIRST_CAPACITY).fill(undefined);
  private hashes = new Int32Array(FIRST_CAPACITY);
  private mask = FIRST_CAPACITY - 1;

  first(hash: number): number {
    return this.find(home(hash) & this.mask, hash);
  }

  next(slot: number, hash: number): number {
    return this.find((slot + 1) & this.mask, hash);
  }

  private find(from: number, hash: number): number {
    const { items, hashes, mask } = this;
    for (let slot = from; ; slot = (slot + 1) & mask) {
      if (items[slot] === undefined) return -1;
      if (hashes[slot] === hash) return slot;
    }
  }

  add(hash: number, item: T): void {
    if (this.size * 2 >= this.items.length) this.resize(this.items.length * 2);
    this.put(hash, item);
    this.size += 1;
  }

  delete(hash: number, item: T): void {
    for (let slot = this.first(hash); slot >= 0; slot = this.next(slot, hash)) {
      if (this.items[slot] !== item) continue;
      this.vacate(slot);
      this.size -= 1;
      if (this.items.length > FIRST_CAPACITY && this.size * 8 < this.items.length) this.resize(this.items.length / 2);
      return;
    }
  }

  *values(): IterableIterator<T> {
    for (const item of this.items) if (item !== undefined) yield item;
  }

  private put(hash: number, item: T): void {
    let slot = home(hash) & this.mask;
    while (this.items[slot] !== undefined) slot = (slot + 1) & this.mask;
    this.items[slot] = item;
    this.hashes[slot] = hash;
  }

  /** Items behind a vacated slot move up when they belong before it, so that no look-up ends too early. */
  private vacate(slot: number): void {
    const { items, hashes, mask } = this;
    let hole = slot;
    for (let at = (slot + 1) & mask; items[at] !== undefined; at = (at + 1) & mask) {
      const isPastHole = ((at - (home(hashes[at] as number) & mask)) & mask) >= ((at - hole) & mask);
      if (!isPastHole) continue;
      items[hole] = items[at];
      hashes[hole] = hashes[at] as number;
      hole = at;
    }
    items[hole] = undefined;
  }

  private resize(capacity: number): void {
    const { items, hashes } = this;
    this.items = new Array<T | undefined>(capacity).fill(undefined);
    this.hashes = new Int32Array(capacity);
    this.mask = capacity - 1;
    for (let slot = 0; slot < items.length; slot += 1) {
      const item = items[slot];
      if (item !== undefined) this.put(hashes[slot] as number, item);
    }
  }
}

/** The low bits of a hash by multiplication are its worst. */
function home(hash: number): number {
  return hash ^ (hash >>> 15) ^ (hash >>> 7);
}
