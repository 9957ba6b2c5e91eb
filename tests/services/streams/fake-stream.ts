// For tests: streams whose shards a test writes, splits and trims by hand, behind the same door as the real ones. They outlive a restart of the cell, as what is durable does.

import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { ShardPage, ShardRead, StreamRecord, StreamSource } from '#cell/stream-source.ts';
import type { TestCell } from '#cell/testing.ts';

interface FakeShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  isClosed: boolean;
  firstPlace: number;
  readonly records: StreamRecord[];
}

export class FakeStream {
  readonly shards: FakeShard[] = [];
  readonly reads: ShardRead[] = [];
  exists = true;
  failsNextRead = false;
  createdAtMs = 1_000;
  retentionHours = 24;
  readonly arn: string;
  private nextSequence = 100;

  constructor(name = 'orders', shardCount = 1) {
    this.arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
    for (let i = 0; i < shardCount; i += 1) this.addShard();
  }

  addShard(...parentShardIds: string[]): string {
    const shardId = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    this.shards.push({ shardId, parentShardIds, isClosed: false, firstPlace: 0, records: [] });
    return shardId;
  }

  shard(shardId: string): FakeShard {
    return this.shards.find((shard) => shard.shardId === shardId) as FakeShard;
  }

  /** Two children take over. */
  split(shardId: string): readonly string[] {
    this.shard(shardId).isClosed = true;
    return [this.addShard(shardId), this.addShard(shardId)];
  }

  add(
    shardId: string,
    record: { readonly key: string; readonly data: string | Uint8Array; readonly atMs: number },
  ): StreamRecord {
    const { records } = this.shard(shardId);
    const data = typeof record.data === 'string' ? new TextEncoder().encode(record.data) : record.data;
    const sequenceNumber = `4959${String(this.nextSequence).padStart(20, '0')}`;
    this.nextSequence += 1;
    const added = { place: records.length, sequenceNumber, partitionKey: record.key, data, arrivedAtMs: record.atMs };
    records.push(added);
    return added;
  }

  page({ shardId, from, countMax, bytesMax, sinceMs = 0 }: ShardRead): ShardPage {
    const { records, isClosed, firstPlace } = this.shard(shardId);
    const start = Math.max(from, firstPlace);
    let bytes = 0;
    const given: StreamRecord[] = [];
    for (const record of records.slice(start, start + countMax)) {
      bytes += record.data.length;
      if (given.length > 0 && bytes > bytesMax) break;
      given.push(record);
    }
    const next = start + given.length;
    return {
      records: given.filter(({ arrivedAtMs }) => arrivedAtMs >= sinceMs),
      next,
      isEnd: isClosed && next >= records.length,
      behindMs: 0,
    };
  }
}

const wakeKey = (streamArn: string): string => `fake-stream/${streamArn}`;

export function fakeStreams(streams: readonly FakeStream[]): ServiceDefinition {
  const find = (arn: string): FakeStream | undefined => streams.find((stream) => stream.arn === arn && stream.exists);
  const waiting = new Map<string, ShardRead>();
  const source: StreamSource = {
    describe: (_turn, streamArn) => {
      const stream = find(streamArn);
      if (stream === undefined) return undefined;
      const { retentionHours, createdAtMs } = stream;
      const shards = stream.shards.map(({ records, ...shard }) => ({ ...shard, endPlace: records.length }));
      return { streamArn, retentionHours, createdAtMs, shards };
    },
    policy: () => undefined,
    placeOf: (_turn, { streamArn, shardId }, start) => {
      const { records, firstPlace } = (find(streamArn) as FakeStream).shard(shardId);
      if (start.at === 'oldest') return firstPlace;
      if (start.at === 'end') return records.length;
      // As coarse as the real one may be: reads say since when they want records.
      return records.some(({ arrivedAtMs }) => arrivedAtMs >= start.timestampMs) ? firstPlace : records.length;
    },
    wakeKey,
    read: (turn, request) => {
      const id = `${waiting.size}-${Math.random()}`;
      waiting.set(id, request);
      find(request.streamArn)?.reads.push(request);
      turn.perform({ performer: 'read-payloads', input: null, payloads: [], then: { reaction: 'read', subject: id } });
    },
  };
  return defineService<object>({
    name: 'kinesis',
    createState: () => ({}),
    tables: () => [],
    facts: [],
    operations: { Wake: { authorize: undefined, decide: wake } },
    reactions: {
      read: (turn, id) => {
        const request = waiting.get(id) as ShardRead;
        waiting.delete(id);
        const stream = find(request.streamArn);
        const hasFailed = stream?.failsNextRead === true;
        if (stream !== undefined) stream.failsNextRead = false;
        const page = hasFailed ? undefined : stream?.page(request);
        turn.doors.streamReaders.get(request.reader.service)?.recordsRead(turn, request.reader.subject, page);
      },
    },
    doors: () => ({ stream: source }),
  });
}

function wake(turn: { wake(key: string): void }, input: never) {
  turn.wake(wakeKey((input as { readonly arn: string }).arn));
  return { output: {} };
}

/** Tells whoever reads the stream that something is new, and lets it work. */
export async function woken(cell: TestCell, { arn }: FakeStream): Promise<void> {
  cell.start('kinesis', 'Wake', { arn });
  await cell.settle();
}
