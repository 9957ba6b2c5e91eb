// Who reads the stream from outside: one consumer by GetRecords, one by enhanced fan-out. Both keep, as such programs do, the number of the last
// record of each shard, begin a child when its parents are at their end, and go on behind that number after the server has died.

import { utf8Decode } from '#base/bytes.ts';
import type { EventSink } from '#cell/reply-streams.ts';
import type {
  ChildShard,
  GetRecordsOutput,
  GetShardIteratorOutput,
  ListShardsOutput,
  Record as StreamRecord,
  SubscribeToShardEvent,
} from '#wire/generated/kinesis.ts';
import type { StreamModel } from './stream-model.ts';
import { outputOf, STREAM, STREAM_ARN } from './stream-writers.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

interface Reading {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** Where to go on: AFTER_SEQUENCE_NUMBER. */
  checkpoint: string | undefined;
  iterator: string | undefined;
  /** An answer or an event is awaited. */
  isBusy: boolean;
  isAtTip: boolean;
  isDone: boolean;
  /** The client's side of a subscription. */
  untaken: (() => void) | undefined;
}

abstract class Consumer {
  protected readonly shards = new Map<string, Reading>();

  constructor(
    protected readonly world: World,
    protected readonly model: StreamModel,
    readonly name: string,
  ) {}

  async setUp(): Promise<void> {
    const { Shards = [] } = await this.world.ask<ListShardsOutput>('kinesis', 'ListShards', { StreamName: STREAM });
    for (const { ShardId = '' } of Shards) this.discover({ ShardId, ParentShards: [] });
  }

  /** Nothing of what was under way will be answered. */
  crashed(): void {
    for (const shard of this.shards.values()) {
      shard.isBusy = false;
      shard.isAtTip = false;
      shard.untaken = undefined;
    }
  }

  step(): void {
    const ready = [...this.shards.values()].filter((shard) => this.isReady(shard));
    if (ready.length > 0) this.work(this.world.random.pick(ready));
  }

  /** All that can be read has been. */
  get isAtTip(): boolean {
    return [...this.shards.values()].every((shard) => shard.isDone || shard.isAtTip);
  }

  expectMore(): void {
    for (const shard of this.shards.values()) shard.isAtTip = false;
  }

  protected abstract work(shard: Reading): void;

  private isReady({ isDone, parents }: Reading): boolean {
    return !isDone && parents.every((parent) => this.shards.get(parent)?.isDone === true);
  }

  private discover({ ShardId = '', ParentShards = [] }: ChildShard): void {
    if (this.shards.has(ShardId)) return;
    const fresh = { checkpoint: undefined, iterator: undefined, untaken: undefined };
    const flags = { isBusy: false, isAtTip: false, isDone: false };
    this.shards.set(ShardId, { shardId: ShardId, parents: ParentShards, ...fresh, ...flags });
  }

  protected take(shard: Reading, records: readonly StreamRecord[]): void {
    for (const { SequenceNumber = '', PartitionKey = '', Data } of records) {
      const text = utf8Decode(Data as Uint8Array);
      this.model.seen(this.name, shard.shardId, { sequenceNumber: SequenceNumber, key: PartitionKey, text });
    }
  }

  protected end(shard: Reading, children: readonly ChildShard[]): void {
    promise(children.length > 0, () => `${shard.shardId} ended without children`);
    shard.isDone = true;
    for (const child of children) this.discover(child);
  }
}

export class PollingConsumer extends Consumer {
  override crashed(): void {
    super.crashed();
    // An iterator is as good after a restart as before; a consumer that has restarted itself has none.
    for (const shard of this.shards.values()) if (this.world.random.chance(0.5)) shard.iterator = undefined;
  }

  protected work(shard: Reading): void {
    if (shard.isBusy) return;
    shard.isBusy = true;
    if (shard.iterator === undefined) this.begin(shard);
    else this.read(shard, shard.iterator);
  }

  private begin(shard: Reading): void {
    const start =
      shard.checkpoint === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: shard.checkpoint };
    const input = { StreamName: STREAM, ShardId: shard.shardId, ...start };
    this.world.call('kinesis', 'GetShardIterator', input, (reply) => {
      shard.isBusy = false;
      shard.iterator = outputOf<GetShardIteratorOutput>('GetShardIterator', reply).ShardIterator;
    });
  }

  private read(shard: Reading, ShardIterator: string): void {
    const Limit = 1 + this.world.random.below(12);
    this.world.call('kinesis', 'GetRecords', { ShardIterator, Limit }, (reply) => {
      shard.isBusy = false;
      if ('refused' in reply && reply.refused.code === 'ExpiredIteratorException') {
        shard.iterator = undefined;
        return;
      }
      const output = outputOf<GetRecordsOutput>('GetRecords', reply);
      const { Records = [], NextShardIterator, ChildShards = [] } = output;
      this.take(shard, Records);
      shard.checkpoint = Records[Records.length - 1]?.SequenceNumber ?? shard.checkpoint;
      shard.iterator = NextShardIterator;
      shard.isAtTip = Records.length === 0 && output.MillisBehindLatest === 0;
      if (NextShardIterator === undefined) this.end(shard, ChildShards);
    });
  }
}

export class SubscribingConsumer extends Consumer {
  private consumerArn = '';

  override async setUp(): Promise<void> {
    await super.setUp();
    const input = { StreamARN: STREAM_ARN, ConsumerName: this.name };
    const { Consumer } = await this.world.ask<{ Consumer: { ConsumerARN: string } }>(
      'kinesis',
      'RegisterStreamConsumer',
      input,
    );
    this.consumerArn = Consumer.ConsumerARN;
  }

  protected work(shard: Reading): void {
    if (!shard.isBusy) {
      this.subscribe(shard);
      return;
    }
    const { untaken } = shard;
    shard.untaken = undefined;
    untaken?.();
  }

  private subscribe(shard: Reading): void {
    shard.isBusy = true;
    const StartingPosition =
      shard.checkpoint === undefined
        ? { Type: 'TRIM_HORIZON' }
        : { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: shard.checkpoint };
    const input = { ConsumerARN: this.consumerArn, ShardId: shard.shardId, StartingPosition };
    const refused = (code: string): void => {
      shard.isBusy = false;
      promise(code === 'ResourceInUseException', () => `SubscribeToShard was refused: ${code}`);
    };
    this.world.call(
      'kinesis',
      'SubscribeToShard',
      input,
      (reply) => refused('refused' in reply ? reply.refused.code : 'answered'),
      () => this.sinkOf(shard),
    );
  }

  /** Events of a process that died, or of a subscription that was given up, are not looked at. */
  private sinkOf(shard: Reading): EventSink {
    const { world } = this;
    const { crashCount, restartCount } = world;
    const isCurrent = (): boolean => world.crashCount === crashCount && world.restartCount === restartCount;
    return {
      event: (event, onTaken) => {
        if (!isCurrent()) return;
        const came = (event as { SubscribeToShardEvent: SubscribeToShardEvent }).SubscribeToShardEvent;
        world.noting(() => this.eventCame(shard, came));
        shard.untaken = () => {
          if (isCurrent()) onTaken();
        };
      },
      end: (error) => {
        if (!isCurrent()) return;
        shard.isBusy = false;
        shard.untaken = undefined;
        const code = error?.code ?? 'ResourceInUseException';
        world.noting(() =>
          promise(code === 'ResourceInUseException', () => `a subscription ended with ${code}: ${error?.message}`),
        );
      },
    };
  }

  private eventCame(shard: Reading, event: SubscribeToShardEvent): void {
    const { Records = [], ContinuationSequenceNumber, ChildShards, MillisBehindLatest } = event;
    this.take(shard, Records);
    shard.isAtTip = Records.length === 0 && MillisBehindLatest === 0;
    if (ContinuationSequenceNumber === undefined) this.end(shard, ChildShards ?? []);
    else shard.checkpoint = ContinuationSequenceNumber;
  }
}
