// From the ranges that a stream has to the ranges it shall have, as AWS does it: by splits of one shard into two and merges of two neighbours
// into one, so that every shard has at most two parents. What comes in between is closed as soon as it was opened.

import type { HashRange } from './hash-range.ts';

export interface Surgeon<T> {
  /** `at` is the first key of the second one. */
  split(shard: T, whole: HashRange, at: bigint): readonly [T, T];
  merge(left: T, right: T, whole: HashRange): T;
}

interface Part<T> {
  readonly range: HashRange;
  readonly shard: T;
}

/** `shards` and `wanted` cover the same keys, both in order and without gaps. */
export function recut<T>(
  shards: readonly Part<T>[],
  wanted: readonly HashRange[],
  surgeon: Surgeon<T>,
): readonly Part<T>[] {
  const cuts = wanted.map(({ first }) => first);
  const pieces = shards.flatMap((part) => {
    const inside = cuts.filter((cut) => cut > part.range.first && cut <= part.range.last);
    return splitAt(part, inside, surgeon);
  });
  return wanted.map((range) => {
    const inside = pieces.filter((piece) => piece.range.first >= range.first && piece.range.last <= range.last);
    return mergeAll(inside, surgeon);
  });
}

/** Halves of halves: a shard is the great-grandchild of eight parts' common parent, not the last of a row of eight. */
function splitAt<T>(part: Part<T>, cuts: readonly bigint[], surgeon: Surgeon<T>): readonly Part<T>[] {
  const middle = cuts.length >>> 1;
  const at = cuts[middle];
  if (at === undefined) return [part];
  const { first, last } = part.range;
  const [left, right] = surgeon.split(part.shard, part.range, at);
  return [
    ...splitAt({ range: { first, last: at - 1n }, shard: left }, cuts.slice(0, middle), surgeon),
    ...splitAt({ range: { first: at, last }, shard: right }, cuts.slice(middle + 1), surgeon),
  ];
}

function mergeAll<T>(parts: readonly Part<T>[], surgeon: Surgeon<T>): Part<T> {
  if (parts.length === 1) return parts[0] as Part<T>;
  const middle = parts.length >>> 1;
  const left = mergeAll(parts.slice(0, middle), surgeon);
  const right = mergeAll(parts.slice(middle), surgeon);
  const range = { first: left.range.first, last: right.range.last };
  return { range, shard: surgeon.merge(left.shard, right.shard, range) };
}
