// What the room of Kinesis keeps in memory.

import type { Turn } from '#cell/turn.ts';
import type { BatchBlockPlan } from '#structures/append-log/batch-log.ts';
import { Table } from '#structures/table.ts';
import type { AccountDoc } from './account.ts';
import { ChannelsState } from './channels/state.ts';
import type { ConsumerDoc } from './consumers/documents.ts';
import { Subscriptions } from './consumers/subscriptions.ts';
import type { ShardDoc, StreamDoc } from './documents.ts';
import type { PendingRead } from './reading/pending.ts';
import { WrittenBatches } from './reading/written-batches.ts';
import type { Shard, Stream } from './shard.ts';
import type { ShardMeter } from './throughput.ts';

export type KinesisTurn = Turn<KinesisState>;

export class KinesisState {
  /** By `account/region/name`. */
  readonly streams = new Table<StreamDoc>({ name: 'kinesis.streams' });
  readonly shards = new Table<ShardDoc>({ name: 'kinesis.shards' });
  readonly consumers = new Table<ConsumerDoc>({ name: 'kinesis.consumers' });
  /** By `account/region/`. */
  readonly accounts = new Table<AccountDoc>({ name: 'kinesis.accounts' });
  readonly channels = new ChannelsState();
  /** By the stream's number. */
  readonly contents = new Map<number, Stream>();
  nextStream = 1;

  // What this process is doing; a new one begins without.

  /** Blocks that are being written, by the shard's subject. */
  readonly writing = new Map<string, BatchBlockPlan>();
  /** Reads that are under way, by their number. */
  readonly reads = new Map<number, PendingRead>();
  nextRead = 1;
  /** What was written of batches for one answer and serves for the next. */
  readonly written = new WrittenBatches();
  /** Who listens to a shard. */
  readonly subscriptions = new Subscriptions();
  /** Blocks may be written: those that an earlier process left behind are gone. */
  isSwept = false;
  /** What each shard has taken and given within the last second, with AWS's limits. */
  readonly meters = new WeakMap<Shard, ShardMeter>();
}
