// Table<Doc>: the structure of the control plane. Documents by key, in key order, with optional secondary indexes.
// Keys begin with `account/region/`, so that one scope's documents are one range. Documents are replaced, never
// changed in place. The kernel's two generic facts (put, dropped) are the only writers.

import { assert } from '#base/assert.ts';
import { OrderedMap } from './ordered-map.ts';

export interface TableOptions<Doc> {
  /** Name in the journal: `sqs.queues`. For ever. */
  readonly name: string;
  /** Secondary indexes: the index value of a document, or undefined to leave it out. */
  readonly indexes?: Readonly<Record<string, (doc: Doc, key: string) => string | undefined>>;
}

export interface Page<Doc> {
  readonly items: readonly { readonly key: string; readonly doc: Doc }[];
  /** Key to continue after, when there is more. */
  readonly lastKey?: string;
}

export class Table<Doc> {
  readonly name: string;
  private readonly docs = new Map<string, Doc>();
  /** The same documents, for walks. */
  private readonly inOrder = new OrderedMap<Doc>();
  /** The document that was put last: the next one mostly repeats its account, region and the like. */
  private latest: Doc | undefined;
  private readonly indexes: ReadonlyMap<
    string,
    { of: (doc: Doc, key: string) => string | undefined; keys: Map<string, Set<string>> }
  >;

  constructor(options: TableOptions<Doc>) {
    this.name = options.name;
    this.indexes = new Map(Object.entries(options.indexes ?? {}).map(([name, of]) => [name, { of, keys: new Map() }]));
  }

  get size(): number {
    return this.docs.size;
  }

  get(key: string): Doc | undefined {
    return this.docs.get(key);
  }

  has(key: string): boolean {
    return this.docs.has(key);
  }

  /** Only `apply` calls this. */
  applyPut(key: string, doc: Doc): void {
    const before = this.docs.get(key);
    if (before !== undefined) this.unindex(key, before);
    if (this.latest !== undefined) shareTexts(doc, this.latest);
    this.latest = doc;
    this.docs.set(key, doc);
    this.inOrder.set(key, doc);
    for (const index of this.indexes.values()) {
      const value = index.of(doc, key);
      if (value === undefined) continue;
      const keys = index.keys.get(value);
      if (keys === undefined) index.keys.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  /** Only `apply` calls this. */
  applyDropped(key: string): void {
    const before = this.docs.get(key);
    assert(before !== undefined, `${this.name}: the dropped document ${key} exists`);
    this.unindex(key, before);
    this.docs.delete(key);
    this.inOrder.delete(key);
  }

  /** Keys of documents with this index value, in key order. */
  keysBy(index: string, value: string): readonly string[] {
    const found = this.indexes.get(index);
    assert(found !== undefined, `${this.name}: the index ${index} is declared`);
    const keys = found.keys.get(value);
    return keys === undefined ? [] : [...keys].sort();
  }

  /** Documents with this index value, in key order. */
  by(index: string, value: string): readonly Doc[] {
    return this.keysBy(index, value).map((key) => this.docs.get(key) as Doc);
  }

  /** Documents whose key starts with `prefix`, in key order, at most `limit`, after `afterKey`. */
  page(options: {
    prefix: string;
    afterKey?: string;
    limit: number;
    where?: (doc: Doc, key: string) => boolean;
  }): Page<Doc> {
    const { prefix, afterKey, limit, where } = options;
    const items: { key: string; doc: Doc }[] = [];
    const start = afterKey !== undefined && afterKey > prefix ? afterKey : prefix;
    for (const { key, value: doc } of this.inOrder.from(start)) {
      if (key === afterKey) continue;
      if (!key.startsWith(prefix)) break;
      if (where !== undefined && !where(doc, key)) continue;
      if (items.length === limit) return { items, lastKey: (items[items.length - 1] as { key: string }).key };
      items.push({ key, doc });
    }
    return { items };
  }

  /** Every document whose key starts with `prefix`, in key order. */
  list(prefix = ''): readonly Doc[] {
    return this.page({ prefix, limit: Number.POSITIVE_INFINITY }).items.map((item) => item.doc);
  }

  entries(): IterableIterator<[string, Doc]> {
    return this.docs.entries();
  }

  /** As `entries`, as they are now, whatever is put or dropped while they are walked. */
  held(): Iterable<readonly [string, Doc]> {
    return pairsOf([...this.docs.keys()], [...this.docs.values()]);
  }

  private unindex(key: string, doc: Doc): void {
    for (const index of this.indexes.values()) {
      const value = index.of(doc, key);
      if (value === undefined) continue;
      const keys = index.keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) index.keys.delete(value);
    }
  }
}

/** Equal texts, and empty lists, of two documents are kept once: a restored document has brought its own. */
function shareTexts(doc: unknown, other: unknown): void {
  if (!isRecord(doc) || !isRecord(other) || Object.isFrozen(doc)) return;
  for (const name in doc) {
    const value = doc[name];
    const known = other[name];
    if (typeof value === 'string' ? value === known : isEmptyList(value) && isEmptyList(known)) doc[name] = known;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Two arrays, and no pairs that are made before they are asked for: a table may have a million documents. */
export function* pairsOf<K, V>(keys: readonly K[], values: readonly V[]): Generator<readonly [K, V]> {
  for (const [at, key] of keys.entries()) yield [key, values[at] as V];
}
