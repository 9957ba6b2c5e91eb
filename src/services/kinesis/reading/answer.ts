// A page of a shard as GetRecords answers it.

import type { ChildShard, GetRecordsOutput } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { sealIterator } from '../iterator.ts';
import { lastOf, type RecordPage } from '../record-page.ts';
import type { Shard, Stream } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';
import { RecordsAnswer } from './records-answer.ts';

export { recordView } from './record-view.ts';

export interface Answering {
  readonly turn: Pick<KinesisTurn, 'digest' | 'secret' | 'nowMs' | 'state'>;
  readonly stream: Stream;
  readonly shard: Shard;
  /** The iterator's: goes on with it until a record was given. */
  readonly sinceMs: number;
  /** Of the shard when its records were chosen: it may have gone on since. */
  readonly endPlace: number;
  readonly isClosed: boolean;
}

export function answerOf(answering: Answering, page: RecordPage): GetRecordsOutput {
  const { turn, stream, shard, sinceMs, endPlace, isClosed } = answering;
  const isAtEnd = page.next >= endPlace;
  const isOver = isClosed && isAtEnd;
  const iterator = {
    stream: stream.doc.number,
    shard: shard.doc.index,
    place: page.next,
    sinceMs: page.count > 0 ? 0 : sinceMs,
    issuedAtMs: turn.nowMs,
  };
  return new RecordsAnswer(
    { shard, page, written: turn.state.written },
    {
      ...(isOver ? { ChildShards: childShards(stream, shard) } : { NextShardIterator: sealIterator(turn, iterator) }),
      MillisBehindLatest: isAtEnd ? 0 : behindMs(page, turn.nowMs),
    },
  );
}

/**
 * For a page that does not end where the shard ends. AWS: API reference, GetRecords, MillisBehindLatest: how far behind current time the reader
 * is; zero says that it has caught up, so it is never zero here.
 */
export function behindMs(page: RecordPage, nowMs: number): number {
  const last = lastOf(page);
  return last === undefined ? 1 : Math.max(1, nowMs - last.atMs);
}

/** Shards that go on where this one ends. */
export function childShards({ shards }: Stream, parent: Shard): readonly ChildShard[] {
  const children: ChildShard[] = [];
  for (const { doc } of shards.values()) {
    if (!doc.parents.includes(parent.doc.index)) continue;
    children.push({
      ShardId: shardIdOf(doc.index),
      ParentShards: doc.parents.map(shardIdOf),
      HashKeyRange: { StartingHashKey: doc.startingHashKey, EndingHashKey: doc.endingHashKey },
    });
  }
  return children;
}
