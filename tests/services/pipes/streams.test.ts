// Pipes that read a stream, against streams that the test writes by hand.

import { beforeEach, describe, expect, it } from 'vitest';
import { ARN, PipesTest, queueArn, ROLE } from '#services/pipes/testing.ts';
import type { CreatePipeInput, PipeSourceKinesisStreamParameters } from '#wire/generated/pipes.ts';
import { FakeStream, fakeStreams, woken } from '../streams/fake-stream.ts';

const SHARD = 'shardId-000000000000';
let test: PipesTest;
let stream: FakeStream;
beforeEach(async () => {
  stream = new FakeStream('clicks');
  test = await PipesTest.open({ more: [fakeStreams([stream])] });
});

const pipe = (
  Target: string,
  parameters: Partial<PipeSourceKinesisStreamParameters> = {},
  more: Partial<CreatePipeInput> = {},
) => {
  const { SourceParameters, ...rest } = more;
  const KinesisStreamParameters = { StartingPosition: 'TRIM_HORIZON' as const, ...parameters };
  return test.pipe({
    Source: stream.arn,
    ...rest,
    Target,
    SourceParameters: { KinesisStreamParameters, ...SourceParameters },
  });
};
const add = (data: string, key = 'k', shard = SHARD) => stream.add(shard, { key, data, atMs: test.cell.clock.nowMs() });
const put = async (...texts: string[]) => {
  for (const text of texts) add(text);
  await woken(test.cell, stream);
};
const dataOf = (event: unknown) =>
  (event as { data: string }[]).map(({ data }) => Buffer.from(data, 'base64').toString());
const batches = () => test.invoked.map(({ event }) => dataOf(event));

describe('reading', () => {
  it("gives events in AWS's form, in batches, to a function", async () => {
    const record = add('hello');
    await pipe(await test.function('target'));
    await test.cell.settle();
    expect(test.invoked.map(({ event }) => event)).toEqual([
      [
        {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'k',
          sequenceNumber: record.sequenceNumber,
          data: 'aGVsbG8=',
          approximateArrivalTimestamp: record.arrivedAtMs / 1000,
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: `${SHARD}:${record.sequenceNumber}`,
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: ROLE,
          awsRegion: 'us-east-1',
          eventSourceARN: stream.arn,
        },
      ],
    ]);
  });

  it('hands records on to a queue in order, with paths into their data', async () => {
    await test.queue('target.fifo', { ContentBasedDeduplication: 'true' });
    const SqsQueueParameters = { MessageGroupId: '$.partitionKey', MessageDeduplicationId: '$.eventID' };
    const TargetParameters = { InputTemplate: '{"n":<$.data.n>,"key":<$.partitionKey>}', SqsQueueParameters };
    await pipe(queueArn('target.fifo'), { BatchSize: 3 }, { TargetParameters });
    await put(...Array.from({ length: 5 }, (_, n) => JSON.stringify({ n })));
    const expected = Array.from({ length: 5 }, (_, n) => `{"n":${n},"key":"k"}`);
    expect(await test.bodies('target.fifo')).toEqual(expected);
  });

  it('works a long backlog off without sinking deeper for each batch', async () => {
    await test.queue('target');
    for (let n = 0; n < 3_000; n += 1) add(`${n}`);
    await pipe(queueArn('target'), { BatchSize: 1 });
    await test.cell.settle();
    expect(await test.counts('target')).toBe('3000 0');
  });

  it('filters by data and by key; what is not JSON matches no pattern of data', async () => {
    const Filters = [{ Pattern: '{"data":{"n":[1]}}' }, { Pattern: '{"partitionKey":["wanted"]}' }];
    await pipe(await test.function('target'), {}, { SourceParameters: { FilterCriteria: { Filters } } });
    add('text', 'wanted');
    await put('{"n":1}', '{"n":2}', 'text');
    expect(batches()).toEqual([['text', '{"n":1}']]);
  });

  it('gathers for its window, and has no timer when it is idle', async () => {
    await pipe(await test.function('target'), { MaximumBatchingWindowInSeconds: 20 });
    await put('a');
    await test.cell.advance(19_999);
    expect(batches()).toEqual([]);
    await test.cell.advance(1);
    expect(batches()).toEqual([['a']]);
    await test.cell.advance(600_000);
    const { length } = stream.reads;
    await test.cell.advance(3_600_000);
    expect(stream.reads).toHaveLength(length);
  });

  it('reads children when their parents are done', async () => {
    await pipe(await test.function('target'));
    await put('parent');
    const [left = ''] = stream.split(SHARD);
    add('child', 'k', left);
    await woken(test.cell, stream);
    expect(batches()).toEqual([['parent'], ['child']]);
  });

  it('begins at the present also for a client whose clock is a little ahead', async () => {
    const StartingPositionTimestamp = test.cell.clock.nowMs() + 900;
    await pipe(await test.function('target'), { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
    await test.cell.advance(1_000);
    await put('a');
    expect(batches()).toEqual([['a']]);
  });
});

describe('failures', () => {
  it('tries a failed batch again, and tells the dead-letter queue where its records are', async () => {
    await test.queue('letters');
    const fn = await test.function('target', (event) => {
      if (dataOf(event).includes('bad')) throw new Error('cannot');
    });
    await pipe(fn, { MaximumRetryAttempts: 1, DeadLetterConfig: { Arn: queueArn('letters') } });
    const record = add('bad');
    await put('behind');
    await test.cell.advance(1_000);
    await put('good');
    expect(batches()).toEqual([['bad', 'behind'], ['bad', 'behind'], ['good']]);
    const [letter = ''] = await test.bodies('letters');
    const arrived = new Date(record.arrivedAtMs).toISOString();
    expect(JSON.parse(letter)).toEqual({
      context: { partnerResourceArn: ARN, condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      timestamp: expect.any(String),
      KinesisBatchInfo: {
        shardId: SHARD,
        startSequenceNumber: record.sequenceNumber,
        endSequenceNumber: expect.any(String),
        approximateArrivalOfFirstRecord: arrived,
        approximateArrivalOfLastRecord: arrived,
        batchSize: 2,
        streamArn: stream.arn,
      },
    });
  });

  it('halves a batch that failed, with AUTOMATIC_BISECT', async () => {
    const fn = await test.function('target', (event) => {
      if (dataOf(event).includes('bad')) throw new Error('cannot');
    });
    await pipe(fn, { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT', MaximumRetryAttempts: 0 });
    await put('a', 'b', 'bad', 'c');
    expect(batches()).toEqual([['a', 'b', 'bad', 'c'], ['a', 'b'], ['bad', 'c'], ['bad'], ['c']]);
  });

  it.each(['eventID', 'sequenceNumber'])('goes on at the first item that a function names by its %s', async (name) => {
    let isFirst = true;
    const fn = await test.function('target', (event) => {
      if (!isFirst) return null;
      isFirst = false;
      const items = event as Record<string, string>[];
      return { batchItemFailures: [items[2], items[1]].map((item) => ({ itemIdentifier: item?.[name] })) };
    });
    await pipe(fn);
    await put('a', 'b', 'c');
    await test.cell.advance(1_000);
    expect(batches()).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  it('lets nothing overtake a record that its target does not take', async () => {
    await test.queue('target');
    await pipe(queueArn('target'), {}, { TargetParameters: { InputTemplate: '{"n":<$.data.n>}' } });
    await put('{"n":1}');
    await test.cell.call('sqs', 'DeleteQueue', { QueueUrl: 'http://127.0.0.1:4566/000000000000/target' });
    await put('{"n":2}', '{"n":3}');
    await test.queue('target');
    await test.cell.advance(60_000);
    expect(await test.bodies('target')).toEqual(['{"n":2}', '{"n":3}']);
  });
});

describe('a stream that keeps its records for longer than it did', () => {
  it('has them tried for as long, too', async () => {
    let isBroken = true;
    const fn = await test.function('target', () => {
      if (isBroken) throw new Error('cannot');
    });
    await pipe(fn);
    await put('a');
    stream.retentionHours = 72;
    await test.cell.advance(25 * 3_600_000);
    const tried = batches().length;
    isBroken = false;
    await test.cell.advance(60_000);
    expect(batches().slice(tried)).toEqual([['a']]);
  });
});

describe('life', () => {
  it.each([false, true])('goes on behind its checkpoint after a restart (clean: %s)', async (clean) => {
    await pipe(await test.function('target'), { ParallelizationFactor: 3 });
    await put('a');
    await test.restart({ clean });
    await put('b');
    expect(batches()).toEqual([['a'], ['b']]);
  });

  it('gives again what was under way in a crash', async () => {
    await pipe(await test.function('target'));
    test.held = [];
    add('a');
    test.cell.start('kinesis', 'Wake', { arn: stream.arn });
    await test.breathe();
    expect(batches()).toEqual([['a']]);
    test.held = undefined;
    await test.crash();
    await put('b');
    expect(batches().flat()).toEqual(['a', 'a', 'b']);
  });

  it('stops and starts where it was, and shows its parameters as they were given', async () => {
    const given = { BatchSize: 7, ParallelizationFactor: 2, MaximumRetryAttempts: 3 };
    await pipe(await test.function('target'), given);
    await put('a');
    await test.call('StopPipe', { Name: 'orders' });
    await put('b');
    expect(batches()).toEqual([['a']]);
    await test.call('StartPipe', { Name: 'orders' });
    await test.cell.settle();
    expect(batches()).toEqual([['a'], ['b']]);
    expect((await test.describe()).SourceParameters).toEqual({
      KinesisStreamParameters: { ...given, StartingPosition: 'TRIM_HORIZON' },
    });
  });

  it('keeps its position in an update, which replaces the rest', async () => {
    await pipe(await test.function('target'), { BatchSize: 7, MaximumRetryAttempts: 3 });
    const SourceParameters = { KinesisStreamParameters: { MaximumRetryAttempts: 5 } };
    await test.call('UpdatePipe', { Name: 'orders', RoleArn: ROLE, SourceParameters });
    expect((await test.describe()).SourceParameters).toEqual({
      KinesisStreamParameters: { BatchSize: 100, MaximumRetryAttempts: 5, StartingPosition: 'TRIM_HORIZON' },
    });
  });

  it('says that it is stopped while its stream is gone', async () => {
    await pipe(await test.function('target'));
    stream.exists = false;
    expect(await test.describe()).toMatchObject({ CurrentState: 'STOPPED' });
    stream.exists = true;
    await put('a');
    await test.cell.advance(30_000);
    expect(batches()).toEqual([['a']]);
  });

  it.each<[string, object, string]>([
    ['no position', { StartingPosition: undefined }, 'StartingPosition'],
    ['a time missing', { StartingPosition: 'AT_TIMESTAMP' }, 'StartingPositionTimestamp'],
    ['too many lanes', { ParallelizationFactor: 11 }, 'maximum: 10'],
    ['another dead-letter queue', { DeadLetterConfig: { Arn: 'arn:aws:lambda:us-east-1:000000000000:x' } }, 'lambda'],
  ])('refuses %s', async (_title, parameters, text) => {
    const Target = await test.function('target');
    await expect(pipe(Target, parameters)).rejects.toThrow(text);
  });
});
