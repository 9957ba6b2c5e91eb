// Who puts records into the stream, and who changes its shards. A writer has one request under way; one whose process died goes on with the next
// record, and does not know what became of the last ones.

import { utf8Encode } from '#base/bytes.ts';
import type { FinalReply } from '#cell/command.ts';
import type { ListShardsOutput, PutRecordOutput, PutRecordsOutput } from '#wire/generated/kinesis.ts';
import type { StreamModel } from './stream-model.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

export const STREAM = 'simulated';
export const STREAM_ARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${STREAM}`;
const WRITERS = 4;
const KEYS_A_WRITER = 6;
const SHARDS_MAX = 12;

export class StreamWriters {
  private readonly isWaiting = new Array<boolean>(WRITERS).fill(false);
  private isResharding = false;

  constructor(
    private readonly world: World,
    private readonly model: Pick<StreamModel, 'put' | 'acknowledged'>,
  ) {}

  async setUp(): Promise<void> {
    await this.world.ask('kinesis', 'CreateStream', { StreamName: STREAM, ShardCount: 2 });
  }

  /** Answers of a process that died never come. */
  crashed(): void {
    this.isWaiting.fill(false);
    this.isResharding = false;
  }

  step(): void {
    const writer = this.world.random.below(WRITERS);
    if (!this.isWaiting[writer]) this.put(writer);
  }

  private put(writer: number): void {
    const { world } = this;
    this.isWaiting[writer] = true;
    // One record of a key a request: which of two comes first would be a matter of the request.
    const keys = new Set(Array.from({ length: 1 + world.random.below(5) }, () => world.random.below(KEYS_A_WRITER)));
    const texts = [...keys].map((key) => this.model.put(`w${writer}-${key}`));
    const Records = texts.map((text) => ({
      PartitionKey: text.slice(text.indexOf(' ') + 1),
      Data: utf8Encode(text + '.'.repeat(world.random.below(300))),
    }));
    if (Records.length === 1) {
      const input = { StreamName: STREAM, ...Records[0] };
      world.call('kinesis', 'PutRecord', input, (reply) => {
        const { ShardId, SequenceNumber } = outputOf<PutRecordOutput>('PutRecord', reply);
        this.model.acknowledged(texts[0] as string, ShardId as string, SequenceNumber as string);
        this.isWaiting[writer] = false;
      });
      return;
    }
    world.call('kinesis', 'PutRecords', { StreamName: STREAM, Records }, (reply) => {
      const output = outputOf<PutRecordsOutput>('PutRecords', reply);
      for (const [i, entry] of (output.Records ?? []).entries()) {
        this.model.acknowledged(texts[i] as string, entry.ShardId as string, entry.SequenceNumber as string);
      }
      this.isWaiting[writer] = false;
    });
  }

  /** A split, a merge or another number of shards. What was true of the shards may be over when the request comes: then it is refused. */
  reshard(): void {
    if (this.isResharding) return;
    this.isResharding = true;
    const ended = (): void => {
      this.isResharding = false;
    };
    this.world.call('kinesis', 'ListShards', { StreamName: STREAM, ShardFilter: { Type: 'AT_LATEST' } }, (reply) => {
      const { Shards = [] } = outputOf<ListShardsOutput>('ListShards', reply);
      const { random } = this.world;
      const open = Shards.map(({ ShardId = '', HashKeyRange }) => ({
        ShardId,
        start: BigInt(HashKeyRange?.StartingHashKey ?? '0'),
        end: BigInt(HashKeyRange?.EndingHashKey ?? '0'),
      })).sort((a, b) => (a.start < b.start ? -1 : 1));
      this.checkRanges(open);
      if (random.chance(0.2)) {
        const TargetShardCount = Math.max(1, Math.min(SHARDS_MAX, open.length + random.below(4) - 2));
        const input = { StreamName: STREAM, TargetShardCount, ScalingType: 'UNIFORM_SCALING' };
        this.world.call('kinesis', 'UpdateShardCount', input, ended);
        return;
      }
      const at = random.below(open.length);
      const shard = open[at];
      const next = open[at + 1];
      if (shard === undefined) return ended();
      if (next !== undefined && (open.length >= SHARDS_MAX || random.chance(0.5))) {
        const input = { StreamName: STREAM, ShardToMerge: shard.ShardId, AdjacentShardToMerge: next.ShardId };
        this.world.call('kinesis', 'MergeShards', input, ended);
        return;
      }
      const NewStartingHashKey = String(shard.start + (shard.end - shard.start) / BigInt(2 + random.below(3)));
      const input = { StreamName: STREAM, ShardToSplit: shard.ShardId, NewStartingHashKey };
      this.world.call('kinesis', 'SplitShard', input, ended);
    });
  }

  private checkRanges(open: readonly { readonly start: bigint; readonly end: bigint }[]): void {
    let next = 0n;
    for (const { start, end } of open) {
      promise(start === next, () => `open shards begin at ${start} and not at ${next}`);
      next = end + 1n;
    }
    promise(next === 2n ** 128n, () => `open shards end at ${next}`);
  }
}

export function outputOf<O>(operation: string, reply: FinalReply): O {
  if ('output' in reply) return reply.output as O;
  promise(false, () => `${operation} was refused: ${JSON.stringify(reply.refused)}`);
  throw new Error('unreachable');
}
