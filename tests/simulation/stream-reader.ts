// A service that reads the stream through the door that services have (`StreamSource`), hands each page to the outside and keeps its place in a
// document, as event source mappings, pipes and delivery streams do. What was handed over twice after a crash must be the same.

import { utf8Decode } from '#base/bytes.ts';
import type { PerformRequest } from '#cell/ports.ts';
import { bind, defineService, operation, type ServiceDefinition } from '#cell/service-definition.ts';
import type { ShardPage, StreamSource } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { Table } from '#structures/table.ts';
import type { StreamModel } from './stream-model.ts';
import { STREAM_ARN } from './stream-writers.ts';
import { promise } from './violation.ts';

const NAME = 'reader';
const DELIVER = 'simulated-delivery';
const PAGE = { countMax: 5, bytesMax: 2_000 };

interface PlaceDoc {
  readonly place: number;
  readonly isDone: boolean;
}

interface Delivery {
  readonly shardId: string;
  readonly from: number;
  readonly next: number;
  readonly isEnd: boolean;
  readonly records: readonly { readonly sequenceNumber: string; readonly key: string; readonly text: string }[];
}

class ReaderState {
  readonly places = new Table<PlaceDoc>({ name: 'reader.places' });
  /** Shards that are being read or whose page is being delivered. */
  readonly busy = new Set<string>();
}

const sourceOf = (turn: Turn): StreamSource => turn.doors.streams.get('kinesis') as StreamSource;

/** Begins a read of every shard that is ready; tells how many are not at their end yet. */
function pump(turn: Turn<ReaderState>): { readonly behind: number } {
  const { places, busy } = turn.state;
  const shards = sourceOf(turn).describe(turn, STREAM_ARN)?.shards ?? [];
  let behind = 0;
  for (const { shardId, parentShardIds, isClosed, endPlace } of shards) {
    const { place, isDone } = places.get(shardId) ?? { place: 0, isDone: false };
    if (!isDone && (isClosed || place < endPlace)) behind += 1;
    const isReady = parentShardIds.every((parent) => places.get(parent)?.isDone === true);
    if (isDone || busy.has(shardId) || !isReady) continue;
    busy.add(shardId);
    const reader = { service: NAME, subject: shardId };
    sourceOf(turn).read(turn, { streamArn: STREAM_ARN, shardId, from: place, ...PAGE, reader });
  }
  return { behind };
}

function recordsRead(turn: Turn<ReaderState>, shardId: string, page: ShardPage | undefined): void {
  const { places, busy } = turn.state;
  const { place } = places.get(shardId) ?? { place: 0 };
  promise(page !== undefined, () => `the reader could not read ${shardId} from ${place}`);
  if (page === undefined) return;
  if (page.records.length === 0 && !page.isEnd) {
    busy.delete(shardId);
    return;
  }
  const records = page.records.map((record) => ({
    ...{ sequenceNumber: record.sequenceNumber, key: record.partitionKey },
    text: utf8Decode(record.data),
  }));
  promise(
    records.every((_, i) => page.records[i]?.place === place + i) && page.next === place + records.length,
    () => `the page of ${shardId} from ${place} has a gap`,
  );
  const input: Delivery = { shardId, from: place, next: page.next, isEnd: page.isEnd, records };
  turn.perform({
    performer: DELIVER,
    input,
    then: { reaction: 'delivered', subject: JSON.stringify({ ...input, records: [] }) },
  });
}

export function readerService(): ServiceDefinition {
  return defineService<ReaderState>({
    name: NAME,
    createState: () => new ReaderState(),
    tables: ({ places }) => [bind(places)],
    facts: [],
    operations: {
      Pump: operation<ReaderState, object, { behind: number }>({
        authorize: undefined,
        decide: (turn) => ({ output: pump(turn) }),
      }),
    },
    reactions: {
      delivered(turn, subject) {
        const { shardId, next, isEnd } = JSON.parse(subject) as Delivery;
        turn.state.busy.delete(shardId);
        turn.put(turn.state.places, shardId, { place: next, isDone: isEnd });
      },
    },
    doors: () => ({
      streamReader: {
        recordsRead: (turn, subject, page) => recordsRead(turn as Turn<ReaderState>, subject, page),
      },
    }),
  });
}

/** Who takes what the reader delivers. */
export class ReaderTarget {
  readonly name = NAME;
  private readonly reached = new Map<string, number>();

  constructor(
    private readonly model: StreamModel,
    private readonly noting: (look: () => void) => void,
  ) {}

  readonly performers = {
    [DELIVER]: async ({ input }: PerformRequest): Promise<void> => this.noting(() => this.take(input as Delivery)),
  };

  private take({ shardId, from, records }: Delivery): void {
    const reached = this.reached.get(shardId) ?? 0;
    promise(from <= reached, () => `the reader went on at ${from} of ${shardId}, behind ${reached}`);
    for (const [i, record] of records.entries()) {
      if (from + i >= reached) this.model.seen(NAME, shardId, record);
      else
        promise(
          this.model.hasSeen(NAME, record.text),
          () => `place ${from + i} of ${shardId} holds another record now`,
        );
    }
    this.reached.set(shardId, Math.max(reached, from + records.length));
  }
}
