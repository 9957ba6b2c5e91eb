// Streams for the services that read them: event source mappings, pipes, delivery streams.

import { assertDefined } from '#base/assert.ts';
import { utf8Decode } from '#base/bytes.ts';
import type {
  ShardName,
  ShardPage,
  ShardRead,
  ShardStart,
  StreamRecord,
  StreamSource,
  StreamView,
} from '#cell/stream-source.ts';
import { consumerByArn } from './consumers/find-consumer.ts';
import { shardIdOf, shardIndexOf } from './documents.ts';
import { streamByArn } from './find-stream.ts';
import { behindMs } from './reading/answer.ts';
import { startRead } from './reading/pending.ts';
import { type RecordPage, type RecordPart, recordsOf } from './record-page.ts';
import { sequenceNumber } from './sequence-number.ts';
import type { Shard } from './shard.ts';
import { filteredShards } from './shard-filter.ts';
import type { KinesisTurn } from './state.ts';
import { keptSinceMs } from './trim.ts';
import { wakeKeyOf } from './wake-key.ts';

export const streamSource: StreamSource = {
  describe: (turn, streamArn) => describe(turn as KinesisTurn, streamArn),
  policy: (turn, sourceArn) => policyOf(turn as KinesisTurn, sourceArn),
  placeOf: (turn, shard, start) => placeOf(turn as KinesisTurn, shard, start),
  wakeKey: wakeKeyOf,
  read: (turn, request) => read(turn as KinesisTurn, request),
};

function policyOf({ state }: KinesisTurn, sourceArn: string): string | undefined {
  return streamByArn(state, sourceArn)?.doc.policy ?? consumerByArn(state, sourceArn)?.consumer.policy;
}

function describe(turn: KinesisTurn, streamArn: string): StreamView | undefined {
  const stream = streamByArn(turn.state, streamArn);
  if (stream === undefined) return undefined;
  const { retentionHours, createdAtMs } = stream.doc;
  const shards = filteredShards(stream, undefined, turn.nowMs).map(({ doc, log, isClosed }) => ({
    shardId: shardIdOf(doc.index),
    parentShardIds: doc.parents.map(shardIdOf),
    isClosed,
    firstPlace: log.firstPlace,
    endPlace: log.endPlace,
  }));
  return { streamArn, retentionHours, createdAtMs, shards };
}

function findNamed({ state }: KinesisTurn, { streamArn, shardId }: ShardName): Shard | undefined {
  const index = shardIndexOf(shardId);
  return index === undefined ? undefined : streamByArn(state, streamArn)?.shards.get(index);
}

function placeOf(turn: KinesisTurn, name: ShardName, start: ShardStart): number | undefined {
  const log = findNamed(turn, name)?.log;
  if (log === undefined) return undefined;
  if (start.at === 'oldest') return log.firstPlace;
  return start.at === 'end' ? log.endPlace : log.placeSince(start.timestampMs);
}

function read(turn: KinesisTurn, request: ShardRead): void {
  const { from, countMax, bytesMax, sinceMs = 0, reader } = request;
  const shard = findNamed(turn, request);
  const stream = streamByArn(turn.state, request.streamArn);
  const give = (later: KinesisTurn, page: ShardPage | undefined): void => {
    const door = assertDefined(later.doors.streamReaders.get(reader.service), `${reader.service} reads streams`);
    door.recordsRead(later, reader.subject, page);
  };
  if (shard === undefined || stream === undefined) {
    // The answer comes in a later turn, also when there is nothing to read.
    startRead(turn, { shard, range: { from, countMax, bytesMax, sinceMs }, finish: (later) => give(later, undefined) });
    return;
  }
  const range = { from, countMax, bytesMax, sinceMs: Math.max(sinceMs, keptSinceMs(stream, turn.nowMs)) };
  startRead(turn, {
    shard,
    range,
    finish: (later, page) => give(later, page === undefined ? undefined : pageView(later, shard, page)),
  });
}

function pageView(turn: KinesisTurn, shard: Shard, page: RecordPage): ShardPage {
  const isAtEnd = page.next >= shard.log.endPlace;
  return {
    records: recordsOf(page).map((part) => recordView(shard, part)),
    next: page.next,
    isEnd: shard.isClosed && isAtEnd,
    behindMs: isAtEnd ? 0 : behindMs(page, turn.nowMs),
  };
}

function recordView(
  shard: Shard,
  { place, atMs, bytes, keyStart, keyEnd, dataStart, dataEnd }: RecordPart,
): StreamRecord {
  return {
    place,
    sequenceNumber: String(sequenceNumber(shard.doc, place, atMs)),
    partitionKey: utf8Decode(bytes.subarray(keyStart, keyEnd)),
    data: bytes.slice(dataStart, dataEnd),
    arrivedAtMs: atMs,
  };
}
