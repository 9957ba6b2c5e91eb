// Timers as state: a key and its due time. They are set while facts are applied, so replay sets them again; the cell
// fires them as turns. A binary heap with lazy deletion: setting an existing key leaves the old heap item behind, which
// is skipped when it surfaces.

import { type ByteWriter, written } from '#base/bytes.ts';

export interface TimerSetter {
  /** Sets or moves the timer. */
  set(name: string, subject: string, dueAtMs: number): void;
  clear(name: string, subject: string): void;
}

interface Item {
  readonly key: string;
  readonly dueAtMs: number;
  /** Orders timers that are due at the same time by when they were set. */
  readonly order: number;
}

export class Timers {
  private readonly due = new Map<string, Item>();
  private heap: Item[] = [];
  private nextOrder = 0;

  set(key: string, dueAtMs: number): void {
    if (this.due.get(key)?.dueAtMs === dueAtMs) return;
    const item = { key, dueAtMs, order: this.nextOrder };
    this.nextOrder += 1;
    this.due.set(key, item);
    this.push(item);
    if (this.heap.length > 64 && this.heap.length > this.due.size * 4) this.compact();
  }

  clear(key: string): void {
    this.due.delete(key);
  }

  dueAt(key: string): number | undefined {
    return this.due.get(key)?.dueAtMs;
  }

  /** When the next timer is due. */
  nextDueAtMs(): number | undefined {
    this.dropStale();
    return this.heap[0]?.dueAtMs;
  }

  /** Takes the next timer that is due by `nowMs`. */
  takeDue(nowMs: number): { key: string; dueAtMs: number } | undefined {
    this.dropStale();
    const first = this.heap[0];
    if (first === undefined || first.dueAtMs > nowMs) return undefined;
    this.pop();
    this.due.delete(first.key);
    return first;
  }

  write(writer: ByteWriter): void {
    // Items never change: they become bytes while the snapshot is written.
    const items = [...this.due.values()].sort((a, b) => a.order - b.order);
    writer.varint(items.length);
    writer.lend(
      written(items, (each, { key, dueAtMs }) => {
        each.text(key);
        each.f64(dueAtMs);
      }),
    );
  }

  clearAll(): void {
    this.due.clear();
    this.heap = [];
  }

  private dropStale(): void {
    for (let first = this.heap[0]; first !== undefined && this.due.get(first.key) !== first; first = this.heap[0]) {
      this.pop();
    }
  }

  private compact(): void {
    const items = [...this.due.values()];
    this.heap = [];
    for (const item of items) this.push(item);
  }

  private static isBefore(a: Item, b: Item): boolean {
    return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order);
  }

  private push(item: Item): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!Timers.isBefore(item, heap[parent] as Item)) break;
      heap[at] = heap[parent] as Item;
      at = parent;
    }
    heap[at] = item;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Item;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && Timers.isBefore(heap[child + 1] as Item, heap[child] as Item)) child += 1;
      if (!Timers.isBefore(heap[child] as Item, last)) break;
      heap[at] = heap[child] as Item;
      at = child;
    }
    heap[at] = last;
  }
}
