// A map in key order, for tables of millions of keys: sorted blocks of a few hundred keys each, with their values beside them. Finding, adding
// and removing cost two binary searches and the shift of one block, whatever the size; a walk can begin anywhere, so that a reader may skip.
// Keys compare by UTF-16 code unit, as `<` does.

const BLOCK_MAX = 512;

interface Block<V> {
  readonly keys: string[];
  readonly values: V[];
}

export interface OrderedEntry<V> {
  readonly key: string;
  readonly value: V;
}

export class OrderedMap<V> {
  /** Never an empty one. */
  private readonly blocks: Block<V>[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(key: string): V | undefined {
    const block = this.blocks[this.blockOf(key)];
    if (block === undefined) return undefined;
    const at = lowerBound(block.keys, key);
    return block.keys[at] === key ? block.values[at] : undefined;
  }

  set(key: string, value: V): void {
    const index = this.blockOf(key);
    const block = this.blocks[index];
    if (block === undefined) {
      this.blocks.push({ keys: [key], values: [value] });
      this.count += 1;
      return;
    }
    const at = lowerBound(block.keys, key);
    if (block.keys[at] === key) {
      block.values[at] = value;
      return;
    }
    this.count += 1;
    // Keys that come in order fill blocks to their end instead of leaving halves behind.
    if (block.keys.length >= BLOCK_MAX && at === block.keys.length && index === this.blocks.length - 1) {
      this.blocks.push({ keys: [key], values: [value] });
      return;
    }
    block.keys.splice(at, 0, key);
    block.values.splice(at, 0, value);
    if (block.keys.length > BLOCK_MAX) this.split(index, block);
  }

  /** Whether the key was there. */
  delete(key: string): boolean {
    const index = this.blockOf(key);
    const block = this.blocks[index];
    if (block === undefined) return false;
    const at = lowerBound(block.keys, key);
    if (block.keys[at] !== key) return false;
    this.count -= 1;
    block.keys.splice(at, 1);
    block.values.splice(at, 1);
    if (block.keys.length === 0) this.blocks.splice(index, 1);
    return true;
  }

  /** Entries from `first` on, in order. Nothing may be added or removed meanwhile. */
  *from(first: string): IterableIterator<OrderedEntry<V>> {
    const start = this.blockOf(first);
    for (let index = start; index < this.blocks.length; index += 1) {
      const { keys, values } = this.blocks[index] as Block<V>;
      for (let at = index === start ? lowerBound(keys, first) : 0; at < keys.length; at += 1) {
        yield { key: keys[at] as string, value: values[at] as V };
      }
    }
  }

  /**
   * The entries as they are now, in order, whatever is added or removed while they are walked. `kept` gives what is to be kept of a value that
   * is changed in place.
   */
  held(kept?: (value: V) => V): Iterable<OrderedEntry<V>> {
    const blocks = this.blocks.map(({ keys, values }) => ({
      keys: keys.slice(),
      values: kept === undefined ? values.slice() : values.map(kept),
    }));
    return entriesOf(blocks);
  }

  /** The last block that begins at or before the key; the first one when none does. */
  private blockOf(key: string): number {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((blocks[middle] as Block<V>).keys[0] as string) <= key) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : low - 1;
  }

  private split(index: number, { keys, values }: Block<V>): void {
    const half = keys.length >>> 1;
    this.blocks.splice(index + 1, 0, { keys: keys.splice(half), values: values.splice(half) });
  }
}

function* entriesOf<V>(blocks: readonly Block<V>[]): Generator<OrderedEntry<V>> {
  for (const { keys, values } of blocks) {
    for (let at = 0; at < keys.length; at += 1) yield { key: keys[at] as string, value: values[at] as V };
  }
}

/** The smallest text greater than every text that begins with the prefix; undefined when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  for (let end = prefix.length; end > 0; end -= 1) {
    const code = prefix.charCodeAt(end - 1);
    if (code < 0xffff) return prefix.slice(0, end - 1) + String.fromCharCode(code + 1);
  }
  return undefined;
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
