// Ranges of numbers that a value may lie in. Few are asked one by one. Of many, those that hold are found in a tree: ranges
// in order of their lower ends, and for every stretch of them the highest upper end, so that a stretch that ends below
// the value is left out at once. It is built when a value comes; a few later additions are asked one by one.

import type { Numeric } from '#structures/event-pattern/value-test.ts';
import type { Posting } from './posting.ts';

const FEW = 16;

export class RangeIndex {
  private readonly bySource = new Map<string, Posting>();
  private young: Posting[] = [];
  /** Ascending by their lower ends. */
  private sorted: Posting[] = [];
  /** By the middle of a stretch of `sorted`: the highest upper end in the stretch. */
  private highest = new Float64Array(0);
  private deletedCount = 0;

  get isEmpty(): boolean {
    return this.bySource.size === 0;
  }

  get(source: string): Posting | undefined {
    return this.bySource.get(source);
  }

  add(posting: Posting): void {
    this.bySource.set(posting.test.source, posting);
    this.young.push(posting);
  }

  /** The tree may still find it; nobody waits for it any more. */
  delete(posting: Posting): void {
    this.bySource.delete(posting.test.source);
    const at = this.young.indexOf(posting);
    if (at >= 0) this.young.splice(at, 1);
    else this.deletedCount += 1;
  }

  /** `value` is a comparable number. Adds what it finds to `found`. */
  find(value: number, found: Posting[]): void {
    const { size } = this.bySource;
    if (this.young.length > FEW + size / 32 || this.deletedCount > FEW + size) this.rebuild();
    for (const posting of this.young) if ((posting.test as Numeric).holds(value)) found.push(posting);
    if (this.sorted.length > 0) this.findIn(0, this.sorted.length, { value, found });
  }

  private findIn(from: number, end: number, search: { readonly value: number; readonly found: Posting[] }): void {
    if (from >= end) return;
    const middle = (from + end) >> 1;
    if ((this.highest[middle] as number) < search.value) return;
    this.findIn(from, middle, search);
    const posting = this.sorted[middle] as Posting;
    const range = posting.test as Numeric;
    if (range.low > search.value) return;
    if (range.holds(search.value)) search.found.push(posting);
    this.findIn(middle + 1, end, search);
  }

  private rebuild(): void {
    this.sorted = [...this.bySource.values()].sort((a, b) => (a.test as Numeric).low - (b.test as Numeric).low || 0);
    this.highest = new Float64Array(this.sorted.length);
    this.measure(0, this.sorted.length);
    this.young = [];
    this.deletedCount = 0;
  }

  private measure(from: number, end: number): number {
    if (from >= end) return Number.NEGATIVE_INFINITY;
    const middle = (from + end) >> 1;
    const { high } = (this.sorted[middle] as Posting).test as Numeric;
    const highest = Math.max(high, this.measure(from, middle), this.measure(middle + 1, end));
    this.highest[middle] = highest;
    return highest;
  }
}
