// Which shards a reader begins with, and where: parents before their children, so that what was written with one partition key comes in order also when the stream
// was resharded. AWS: Kinesis developer guide, "Resharding, data routing, data persistence and shard state after a reshard".

import type { BegunShard, ReaderPlaces } from './stream-places.ts';

export interface OrderedShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  readonly isClosed: boolean;
}

export type StartingPosition =
  | { readonly at: 'oldest' }
  | { readonly at: 'end' }
  | { readonly at: 'time'; readonly timestampMs: number };

/** A shard to begin with, or one to pass over. */
interface Beginning {
  readonly shardId: string;
  /** Undefined: what is in it was there before the reader, which begins with what comes. */
  readonly start: StartingPosition | undefined;
}

/** What is to be recorded, before shards are read. */
export interface ShardNews {
  /** Known shards that the stream does not have any more. */
  readonly gone: readonly string[];
  /** Undefined: nothing is begun; empty: the reader begins, and there is nothing yet to read. */
  readonly begun: readonly BegunShard[] | undefined;
}

/** `kept`: of the reader, also when it is about an earlier stream of the name. */
export function shardNews(
  stream: { readonly shards: readonly OrderedShard[]; readonly createdAtMs: number },
  kept: ReaderPlaces | undefined,
  reader: {
    readonly position: StartingPosition;
    placeOf(shardId: string, start: StartingPosition): number | undefined;
  },
): ShardNews {
  const places = kept?.createdAtMs === stream.createdAtMs ? kept : undefined;
  const list = beginnings(stream.shards, { places, position: reader.position });
  return {
    gone: places === undefined ? [] : goneShards(stream.shards, places),
    begun: list.length > 0 || places === undefined ? begunShards(list, reader.placeOf) : undefined,
  };
}

/**
 * What is to be begun now. A reader that is new (`places` undefined) and wants what comes takes all open shards; any other takes shards whose parents are
 * finished or gone. Shards that came later are read from their oldest record.
 */
function beginnings(
  shards: readonly OrderedShard[],
  { places, position }: { readonly places: ReaderPlaces | undefined; readonly position: StartingPosition },
): Beginning[] {
  if (places === undefined && position.at === 'end') {
    return shards.map(({ shardId, isClosed }) => ({ shardId, start: isClosed ? undefined : position }));
  }
  const start: StartingPosition = position.at === 'time' ? position : { at: 'oldest' };
  const known = new Set(shards.map(({ shardId }) => shardId));
  const isFree = (parent: string): boolean => !known.has(parent) || places?.shards.get(parent)?.isFinished === true;
  return shards
    .filter(({ shardId, parentShardIds }) => places?.shards.has(shardId) !== true && parentShardIds.every(isFree))
    .map(({ shardId }) => ({ shardId, start }));
}

function begunShards(
  list: readonly Beginning[],
  placeOf: (shardId: string, start: StartingPosition) => number | undefined,
): BegunShard[] {
  return list.map(({ shardId, start }) => ({
    shardId,
    place: start === undefined ? 0 : (placeOf(shardId, start) ?? 0),
    isFinished: start === undefined,
  }));
}

function goneShards(shards: readonly OrderedShard[], { shards: known }: ReaderPlaces): string[] {
  const present = new Set(shards.map(({ shardId }) => shardId));
  return [...known.keys()].filter((shardId) => !present.has(shardId));
}
