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
  const pieces: Part<T>[] = [];
  let next = 0;
  for (const part of shards) {
    const cuts: bigint[] = [];
    // A cut at the first key of a part is there already.
    for (; next < wanted.length && (wanted[next] as HashRange).first <= part.range.last; next += 1) {
      const cut = (wanted[next] as HashRange).first;
      if (cut > part.range.first) cuts.push(cut);
    }
    pieces.push(...splitAt(part, cuts, surgeon));
  }
  let at = 0;
  return wanted.map(({ last }) => {
    const inside: Part<T>[] = [];
    for (; at < pieces.length && (pieces[at] as Part<T>).range.last <= last; at += 1)
      inside.push(pieces[at] as Part<T>);
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
