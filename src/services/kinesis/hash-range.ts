// Hash keys: numbers of 128 bits. A partition key's is its MD5. Open shards cover all of them, each one once.

import { assertDefined } from '#base/assert.ts';
import { md5Words } from '#base/md5.ts';
import type { Shard } from './shard.ts';

export const HASH_KEYS = 2n ** 128n;
const WORD_BITS = 32n;
const WORD = 0xffffffffn;

/** A hash key as four numbers, most significant first. */
export type HashWords = Uint32Array;

const scratch: HashWords = new Uint32Array(4);

/** Valid until the next call. */
export function hashOfKey(partitionKey: string): HashWords {
  md5Words(partitionKey, scratch);
  return scratch;
}

/** Valid until the next call. `explicitHashKey` is decimal and below 2^128. */
export function hashOfNumber(explicitHashKey: bigint): HashWords {
  for (let i = 0; i < 4; i += 1) scratch[i] = Number((explicitHashKey >> (WORD_BITS * BigInt(3 - i))) & WORD);
  return scratch;
}

export interface HashRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** Ranges of as many shards, as equal as they can be; the last one gets the rest, as on AWS. */
export function uniformRanges(count: number): readonly HashRange[] {
  const width = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, i) => {
    const first = width * BigInt(i);
    return { first, last: i === count - 1 ? HASH_KEYS - 1n : first + width - 1n };
  });
}

/** The open shards of a stream in order of their ranges. */
export class ShardRouter {
  private readonly shards: readonly Shard[];
  /** First hash key of each shard: four numbers. */
  private readonly firsts: Uint32Array;

  constructor(open: Iterable<Shard>) {
    const ordered = [...open].map((shard) => ({ shard, first: BigInt(shard.doc.startingHashKey) }));
    ordered.sort((a, b) => (a.first < b.first ? -1 : 1));
    this.shards = ordered.map(({ shard }) => shard);
    this.firsts = new Uint32Array(ordered.length * 4);
    for (const [i, { first }] of ordered.entries()) this.firsts.set(hashOfNumber(first), i * 4);
  }

  /** The only open shard, when there is one: its keys need no hash. */
  get single(): Shard | undefined {
    return this.shards.length === 1 ? this.shards[0] : undefined;
  }

  get open(): readonly Shard[] {
    return this.shards;
  }

  find(hash: HashWords): Shard {
    let low = 0;
    let high = this.shards.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.isBehind(hash, middle * 4)) low = middle;
      else high = middle - 1;
    }
    return assertDefined(this.shards[low], 'open shards cover all hash keys');
  }

  /** The hash is the first of the shard, or comes after it. */
  private isBehind(hash: HashWords, at: number): boolean {
    for (let i = 0; i < 4; i += 1) {
      const difference = (hash[i] as number) - (this.firsts[at + i] as number);
      if (difference !== 0) return difference > 0;
    }
    return true;
  }
}
