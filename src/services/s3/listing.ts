// Walks a bucket's keys as a list shows them: those with a prefix, and with a delimiter everything behind it rolled up into one common prefix,
// over which the walk leaps without looking at what is in there. In ordered keys throughout (key-order.ts).

import { afterPrefix, type OrderedMap } from '#structures/ordered-map.ts';
import { orderedKey, shownKey } from './key-order.ts';

export interface ListQuery<V> {
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  /** As clients know it: keys after this one; a common prefix leads behind all it stands for. */
  readonly after: string;
  readonly max: number;
  /** Leaves an entry out (a key whose newest version is a delete marker). */
  readonly where?: (value: V) => boolean;
}

export type Listed<V> =
  | { readonly key: string; readonly value: V; readonly prefix?: undefined }
  | { readonly prefix: string };

export interface ListPage<V> {
  readonly items: readonly Listed<V>[];
  readonly isTruncated: boolean;
}

export function listKeys<V>(map: OrderedMap<V>, query: ListQuery<V>): ListPage<V> {
  const prefix = orderedKey(query.prefix);
  const delimiter = orderedKey(query.delimiter);
  const items: Listed<V>[] = [];
  let first: string | undefined = startOf(prefix, delimiter, orderedKey(query.after));
  while (first !== undefined) {
    const next = walk(map, { first, prefix, delimiter, where: query.where }, (item) => {
      if (items.length === query.max) return false;
      items.push(item);
      return true;
    });
    if (next.isFull) return { items, isTruncated: true };
    first = next.goOn;
  }
  return { items, isTruncated: false };
}

/** The first key that may be shown. A common prefix as the start has been shown: all behind it is over. */
function startOf(prefix: string, delimiter: string, after: string): string | undefined {
  if (after === '' || after < prefix) return prefix;
  if (delimiter !== '' && after.startsWith(prefix) && after.indexOf(delimiter, prefix.length) >= 0) {
    const end = after.indexOf(delimiter, prefix.length) + delimiter.length;
    if (end === after.length) return afterPrefix(after);
  }
  return `${after}\0`;
}

interface Walk<V> {
  readonly first: string;
  readonly prefix: string;
  readonly delimiter: string;
  readonly where: ((value: V) => boolean) | undefined;
}

/** Up to the next common prefix; where to go on, or undefined at the end. */
function walk<V>(
  map: OrderedMap<V>,
  { first, prefix, delimiter, where }: Walk<V>,
  take: (item: Listed<V>) => boolean,
): { readonly isFull: boolean; readonly goOn?: string | undefined } {
  for (const { key, value } of map.from(first)) {
    if (!key.startsWith(prefix)) return { isFull: false };
    if (where !== undefined && !where(value)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (at < 0) {
      if (!take({ key: shownKey(key), value })) return { isFull: true };
      continue;
    }
    const common = key.slice(0, at + delimiter.length);
    if (!take({ prefix: shownKey(common) })) return { isFull: true };
    return { isFull: false, goOn: afterPrefix(common) };
  }
  return { isFull: false };
}
