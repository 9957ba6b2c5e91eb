// Keys in order, for tables of any size: adding and removing cost the same with a million keys as with ten. Three parts: a sorted row, keys
// that were added since and are not in it yet, and keys of the row that are removed. A walk goes through the first two side by side and leaves
// out the third; the parts are made one again when the second or third has become a good part of the first, so each key pays for that a few times.

/** Below this, putting the parts together is not worth it. */
const LOOSE_MIN = 256;

export class KeyOrder {
  /** Sorted; some of them may be in `removed`. */
  private row: string[] = [];
  /** Not in the row. */
  private readonly added = new Set<string>();
  private readonly removed = new Set<string>();
  /** `added` in order, while nothing was added or removed there. */
  private sortedAdded: readonly string[] | undefined = [];

  /** A key that is not there. */
  add(key: string): void {
    if (this.removed.delete(key)) return;
    const last = this.row[this.row.length - 1];
    if (last === undefined || key > last) {
      this.row.push(key);
      return;
    }
    this.added.add(key);
    this.sortedAdded = undefined;
    if (this.added.size > LOOSE_MIN + this.row.length / 16) this.tidy();
  }

  /** A key that is there. */
  remove(key: string): void {
    if (this.added.delete(key)) {
      this.sortedAdded = undefined;
      return;
    }
    this.removed.add(key);
    if (this.removed.size > LOOSE_MIN + this.row.length / 2) this.tidy();
  }

  /** Keys from `first` on, in order. Nothing may be added or removed meanwhile. */
  *from(first: string): IterableIterator<string> {
    const { row, removed } = this;
    const added = this.addedInOrder();
    let inRow = lowerBound(row, first);
    let inAdded = lowerBound(added, first);
    for (;;) {
      const key = row[inRow];
      const other = added[inAdded];
      if (key !== undefined && (other === undefined || key < other)) {
        inRow += 1;
        if (!removed.has(key)) yield key;
      } else if (other === undefined) return;
      else {
        inAdded += 1;
        yield other;
      }
    }
  }

  private addedInOrder(): readonly string[] {
    this.sortedAdded ??= [...this.added].sort();
    return this.sortedAdded;
  }

  private tidy(): void {
    this.row = [...this.from('')];
    this.added.clear();
    this.removed.clear();
    this.sortedAdded = [];
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
