// A mapping of a real stream under crashes, failing functions, resharding and changed settings, by seeds: every record reaches the function at least once, for the first time in
// the order of its key, and when the dust has settled nothing is left behind a checkpoint.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Performer } from '#cell/ports.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { kinesis } from '#services/kinesis/service.ts';
import { LambdaTest } from './lambda-cell.ts';

const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
/** Mean enough to fail often, kind enough to end. */
const FAILING_SHARE = 0.3;

interface StreamEvent {
  readonly Records: readonly { readonly kinesis: { readonly partitionKey: string; readonly data: string } }[];
}

class World {
  readonly written = new Map<string, string[]>();
  readonly seen = new Map<string, string[]>();
  private count = 0;
  private isCalm = false;
  private chance = 0;

  private constructor(
    readonly tested: LambdaTest,
    private readonly mapping: string,
  ) {
    tested.handler = (event) => this.handle(event);
  }

  static async open(settings: object): Promise<World> {
    let tested: LambdaTest;
    let performers: ReadonlyMap<string, Performer> | undefined;
    const names = blockPerformers({} as never).keys();
    const late = [...names].map((name): [string, Performer] => [
      name,
      (request) => {
        performers ??= blockPerformers(tested.cell.engine.blobs);
        return (performers.get(name) as Performer)(request);
      },
    ]);
    tested = await LambdaTest.open({ more: [kinesis], performers: Object.fromEntries(late) });
    await tested.cell.call('kinesis', 'CreateStream', { StreamName: 'orders', ShardCount: 2 });
    await tested.create();
    const made = await tested.call('CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: STREAM,
      StartingPosition: 'TRIM_HORIZON',
      ...settings,
    });
    return new World(tested, made.UUID ?? '');
  }

  private handle(event: StreamEvent): unknown {
    this.note(event);
    this.chance = (this.chance * 1_103_515_245 + 12_345) % 2 ** 31;
    if (!this.isCalm && this.chance / 2 ** 31 < FAILING_SHARE) throw new Error('not now');
    return null;
  }

  async put(keys: readonly number[]): Promise<void> {
    const Records = keys.map((number) => {
      const key = `key-${number}`;
      this.count += 1;
      this.written.set(key, [...(this.written.get(key) ?? []), `${this.count}`]);
      return { PartitionKey: key, Data: Buffer.from(`${this.count}`) };
    });
    await this.tested.cell.call('kinesis', 'PutRecords', { StreamName: 'orders', Records });
  }

  async reshard(target: number): Promise<void> {
    // As on AWS at most twice as many or half as few: what is refused changes nothing.
    await this.tested.cell.reply('kinesis', 'UpdateShardCount', {
      StreamName: 'orders',
      TargetShardCount: target,
      ScalingType: 'UNIFORM_SCALING',
    });
    await this.tested.cell.advance(30_000);
  }

  async change(ParallelizationFactor: number): Promise<void> {
    await this.tested.call('UpdateEventSourceMapping', { UUID: this.mapping, ParallelizationFactor });
  }

  async restart(clean: boolean): Promise<void> {
    await this.tested.restart({ clean });
  }

  /** Invocations are under way when the process ends; what they were given comes again. */
  async crash(): Promise<void> {
    this.tested.held = [];
    const before = this.tested.requests.length;
    await this.tested.begin('kinesis', 'PutRecord', this.recordOf(0));
    this.noteHeld(before);
    await this.tested.crash();
  }

  private recordOf(number: number): object {
    const key = `key-${number}`;
    this.count += 1;
    this.written.set(key, [...(this.written.get(key) ?? []), `${this.count}`]);
    return { StreamName: 'orders', PartitionKey: key, Data: Buffer.from(`${this.count}`) };
  }

  /** The function has seen what it never answered. */
  private noteHeld(before: number): void {
    for (const { payload } of this.tested.requests.slice(before)) {
      this.note(JSON.parse(Buffer.from(payload as Uint8Array).toString()) as StreamEvent);
    }
  }

  private note(event: StreamEvent): void {
    for (const { kinesis: record } of event.Records) {
      const { partitionKey: key } = record;
      this.seen.set(key, [...(this.seen.get(key) ?? []), Buffer.from(record.data, 'base64').toString()]);
    }
  }

  async settle(): Promise<void> {
    this.isCalm = true;
    await this.tested.cell.advance(3_600_000);
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      keys: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 5_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('reshard' as const), target: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), lanes: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), clean: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
);
const settings = fc.record({
  BatchSize: fc.integer({ min: 1, max: 6 }),
  ParallelizationFactor: fc.integer({ min: 1, max: 3 }),
  BisectBatchOnFunctionError: fc.boolean(),
  MaximumBatchingWindowInSeconds: fc.constantFrom(0, 1),
});

test('every record reaches the function, for the first time in the order of its key', async () => {
  await fc.assert(
    fc.asyncProperty(settings, fc.array(step, { minLength: 3, maxLength: 14 }), async (given, steps) => {
      const world = await World.open(given);
      for (const taken of steps) {
        if (taken.kind === 'put') await world.put(taken.keys);
        else if (taken.kind === 'wait') await world.tested.cell.advance(taken.ms);
        else if (taken.kind === 'reshard') await world.reshard(taken.target);
        else if (taken.kind === 'change') await world.change(taken.lanes);
        else if (taken.kind === 'restart') await world.restart(taken.clean);
        else await world.crash();
      }
      await world.settle();
      for (const [key, texts] of world.written) expect([...new Set(world.seen.get(key) ?? [])], key).toEqual(texts);
      // Idle: nothing is read or invoked again.
      const invoked = world.tested.requests.length;
      await world.tested.cell.advance(3_600_000);
      expect(world.tested.requests).toHaveLength(invoked);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test('a mapping of a consumer reads its stream; the consumer must be there', async () => {
  const world = await World.open({});
  const consumerOf = `${STREAM}/consumer/fast:1`;
  const input = { FunctionName: 'tested', StartingPosition: 'TRIM_HORIZON' as const };
  expect(await world.tested.refusal('CreateEventSourceMapping', { ...input, EventSourceArn: consumerOf })).toContain(
    'Stream not found',
  );
  const { Consumer } = await world.tested.cell.call<{ Consumer: { ConsumerARN: string } }>(
    ...(['kinesis', 'RegisterStreamConsumer', { StreamARN: STREAM, ConsumerName: 'fast' }] as const),
  );
  await world.tested.cell.advance(10_000);
  await world.tested.call('CreateEventSourceMapping', { ...input, EventSourceArn: Consumer.ConsumerARN });
  world.tested.requests.length = 0;
  await world.put([1]);
  await world.settle();
  const sources = world.tested.requests.map(({ payload }) => {
    const { Records } = JSON.parse(Buffer.from(payload as Uint8Array).toString()) as {
      Records: { eventSourceARN: string }[];
    };
    return Records[0]?.eventSourceARN;
  });
  expect(new Set(sources)).toEqual(new Set([STREAM, Consumer.ConsumerARN]));
});
