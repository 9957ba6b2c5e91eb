// Event source mappings of streams, against streams that the test writes by hand.

import { beforeEach, describe, expect, test } from 'vitest';
import type { FakeStream } from '../streams/fake-stream.ts';
import type { LambdaTest } from './lambda-cell.ts';
import { dataOf, failing, type MappingInput, SHARD, type StreamEvent, StreamTest } from './stream-cell.ts';

let world: StreamTest;
let tested: LambdaTest;
let stream: FakeStream;
const use = (opened: StreamTest): void => {
  world = opened;
  ({ tested, stream } = opened);
};
beforeEach(async () => use(await StreamTest.open()));

const map = (input: MappingInput = {}) => world.map(input);
const add = (...given: Parameters<StreamTest['add']>) => world.add(...given);
const put = (...texts: string[]) => world.put(...texts);
const events = () => world.events;
const batches = () => world.batches;
const received = (url: string) => world.received(url);

describe('settings', () => {
  test('a mapping is shown as AWS shows one of a stream', async () => {
    const UUID = await map({ BatchSize: 5, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 3 });
    expect(await tested.call('GetEventSourceMapping', { UUID })).toEqual({
      UUID,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      EventSourceArn: stream.arn,
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      LastModified: expect.any(Number),
      LastProcessingResult: 'No records processed',
      State: 'Enabled',
      StateTransitionReason: 'User action',
      DestinationConfig: { OnFailure: {} },
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      TumblingWindowInSeconds: 0,
      FunctionResponseTypes: [],
    });
    const updated = await tested.call('UpdateEventSourceMapping', { UUID, MaximumRetryAttempts: 7 });
    expect(updated).toMatchObject({ MaximumRetryAttempts: 7, BatchSize: 5, StartingPosition: 'TRIM_HORIZON' });
  });

  test.each<[string, MappingInput, string]>([
    ['no position', { StartingPosition: undefined }, "Value null at 'startingPosition'"],
    ['a position unknown', { StartingPosition: 'NEWEST' as never }, 'Member must satisfy enum value set'],
    ['a time missing', { StartingPosition: 'AT_TIMESTAMP' }, 'StartingPositionTimestamp is required'],
    ['a time to come', { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 9e12 }, 'in the future'],
    ['too many lanes', { ParallelizationFactor: 11 }, 'less than or equal to 10'],
    ['an age too small', { MaximumRecordAgeInSeconds: 59 }, 'between 60 and 604800'],
    ['windows with lanes', { TumblingWindowInSeconds: 60, ParallelizationFactor: 2 }, 'must be 1'],
    ['queue scaling', { ScalingConfig: { MaximumConcurrency: 2 } }, 'ScalingConfig is not available here'],
    ['Kafka as destination', { DestinationConfig: { OnFailure: { Destination: 'kafka://topic' } } }, 'Kafka'],
    ['a filter of keys', { FilterCriteria: { Filters: [{ Pattern: '{"partitionKey":["a"]}' }] } }, 'Invalid filter'],
    [
      'a filter of keys among alternatives',
      { FilterCriteria: { Filters: [{ Pattern: '{"$or":[{"data":{"a":[1]}},{"partitionKey":["a"]}]}' }] } },
      'Invalid filter pattern',
    ],
    ['too many tags', { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) }, 'tag limit'],
    ['values for data', { FilterCriteria: { Filters: [{ Pattern: '{"data":["a"]}' }] } }, 'Invalid filter pattern'],
    [
      'a stream that is not there',
      { EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/no' },
      'Stream not',
    ],
    ['DynamoDB', { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/x' }, 'Unrecognized event'],
  ])('%s is refused', async (_title, input, text) => {
    const refusal = await tested.refusal('CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: stream.arn,
      StartingPosition: 'TRIM_HORIZON',
      ...input,
    });
    expect(refusal).toContain(text);
  });

  test('a role that may not read the stream is refused', async () => {
    use(await StreamTest.open({ iamMode: 'enforce' }));
    const allow = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
    const trust = allow({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
    await tested.cell.call('iam', 'CreateRole', { RoleName: 'tested', AssumeRolePolicyDocument: trust });
    await tested.create();
    await expect(map()).rejects.toThrow('Cannot access stream');
    const PolicyDocument = allow({ Action: ['kinesis:Get*', 'kinesis:Describe*', 'kinesis:List*'], Resource: '*' });
    await tested.cell.call('iam', 'PutRolePolicy', { RoleName: 'tested', PolicyName: 'p', PolicyDocument });
    await put('a');
    const UUID = await map();
    expect(batches()).toEqual([['a']]);
    // What the role loses later it has lost.
    await tested.cell.call('iam', 'DeleteRolePolicy', { RoleName: 'tested', PolicyName: 'p' });
    await put('b');
    await put('c');
    expect(batches()).toEqual([['a']]);
    const { LastProcessingResult } = await tested.call('GetEventSourceMapping', { UUID });
    expect(LastProcessingResult).toContain('PROBLEM: Cannot access stream');
    await tested.cell.call('iam', 'PutRolePolicy', { RoleName: 'tested', PolicyName: 'p', PolicyDocument });
    await tested.cell.advance(30_000);
    expect(batches()).toEqual([['a'], ['b', 'c']]);
    // A batch that is tried again meanwhile does not make it forget to ask.
    tested.handler = failing((data) => data[0] === 'd' && batches().length < 7);
    await put('d');
    await tested.cell.call('iam', 'DeleteRolePolicy', { RoleName: 'tested', PolicyName: 'p' });
    await put('e');
    await tested.cell.advance(20_000);
    await tested.cell.call('iam', 'PutRolePolicy', { RoleName: 'tested', PolicyName: 'p', PolicyDocument });
    await tested.cell.advance(60_000);
    expect(batches().slice(-2)).toEqual([['d'], ['e']]);
  });
});

describe('reading', () => {
  test("the event has AWS's form", async () => {
    await map();
    const record = add('hello');
    await world.wake();
    expect(events()).toEqual([
      {
        Records: [
          {
            kinesis: {
              kinesisSchemaVersion: '1.0',
              partitionKey: 'k',
              sequenceNumber: record.sequenceNumber,
              data: 'aGVsbG8=',
              approximateArrivalTimestamp: record.arrivedAtMs / 1000,
            },
            eventSource: 'aws:kinesis',
            eventVersion: '1.0',
            eventID: `${SHARD}:${record.sequenceNumber}`,
            eventName: 'aws:kinesis:record',
            invokeIdentityArn: 'arn:aws:iam::000000000000:role/tested',
            awsRegion: 'us-east-1',
            eventSourceARN: stream.arn,
          },
        ],
      },
    ]);
  });

  test('TRIM_HORIZON begins with the oldest, LATEST with what comes, AT_TIMESTAMP at its time', async () => {
    const startMs = tested.cell.clock.nowMs();
    await put('a');
    await tested.cell.advance(10_000);
    await put('b');
    await map();
    await tested.cell.settle();
    expect(batches()).toEqual([['a', 'b']]);
    tested.requests.length = 0;
    const timed = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: startMs + 5_000 } as const;
    await tested.create({ FunctionName: 'timed' });
    await map({ FunctionName: 'timed', ...timed });
    await tested.cell.settle();
    expect(batches()).toEqual([['b']]);
    tested.requests.length = 0;
    await tested.create({ FunctionName: 'late' });
    await map({ FunctionName: 'late', StartingPosition: 'LATEST' });
    await put('c');
    expect(batches()).toEqual([['c'], ['c'], ['c']]);
  });

  test('AT_TIMESTAMP may be the present of a client whose clock is a little ahead', async () => {
    await map({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: tested.cell.clock.nowMs() + 900 });
    await tested.cell.advance(1_000);
    await put('a');
    expect(batches()).toEqual([['a']]);
  });

  test('batches have at most their size, one after the other', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    tested.held = [];
    await tested.begin('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: stream.arn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 2,
    });
    const seen: string[][] = [];
    while (tested.held.length > 0) {
      expect(tested.held).toHaveLength(1);
      const [held] = tested.held.splice(0);
      seen.push(dataOf(held?.event as StreamEvent));
      held?.answer(null);
      await tested.breathe();
    }
    expect(seen).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('a batch is gathered until it is full or its window is over', async () => {
    await map({ BatchSize: 3, MaximumBatchingWindowInSeconds: 20 });
    await put('a');
    await tested.cell.advance(10_000);
    await put('b');
    expect(batches()).toEqual([]);
    await tested.cell.advance(9_999);
    expect(batches()).toEqual([]);
    await tested.cell.advance(1);
    expect(batches()).toEqual([['a', 'b']]);
    await put('c', 'd', 'e');
    expect(batches()).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });

  test('records of a batch stay below 6 MB', async () => {
    const large = 'x'.repeat(1_000_000);
    for (let i = 0; i < 6; i += 1) add(large);
    await map();
    await tested.cell.settle();
    expect(batches().map((batch) => batch.length)).toEqual([4, 2]);
    for (const { payload } of tested.requests) expect(payload?.length).toBeLessThan(6 * 1024 * 1024);
  });

  test('a record that no event has room for goes to the destination without an invocation', async () => {
    const queue = await tested.queue('failed');
    add('before');
    add('x'.repeat(5_000_000));
    add('behind');
    await map({ DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await tested.cell.settle();
    expect(batches()).toEqual([['before'], ['behind']]);
    expect(await received(queue.url)).toMatchObject([
      { requestContext: { approximateInvokeCount: 0 }, KinesisBatchInfo: { batchSize: 1 } },
    ]);
  });

  test('what a busy function cannot take yet is not read record by record', async () => {
    await map();
    tested.held = [];
    for (let i = 0; i < 20; i += 1) {
      add(`${i}`);
      await tested.begin('kinesis', 'Wake', { arn: stream.arn });
    }
    expect(stream.reads).toHaveLength(1);
    const [held] = tested.held;
    tested.held = undefined;
    held?.answer(null);
    await tested.cell.settle();
    expect(batches().map((batch) => batch.length)).toEqual([1, 19]);
  });

  test('an idle mapping reads nothing and has no timer', async () => {
    await map();
    await put('a');
    const reads = stream.reads.length;
    await tested.cell.advance(3_600_000);
    expect(stream.reads).toHaveLength(reads);
    expect(tested.cell.cell.nextDueAtMs()).toBeUndefined();
  });

  test('children are read when their parents are done', async () => {
    await map({ MaximumRetryAttempts: 1 });
    tested.handler = failing((data) => data.includes('bad'));
    await put('bad');
    const [left = '', right = ''] = stream.split(SHARD);
    add('l', 'k', left);
    add('r', 'k2', right);
    await world.wake();
    expect(batches()).toEqual([['bad']]);
    await tested.cell.advance(1_000);
    expect(batches()).toEqual([['bad'], ['bad'], ['l'], ['r']]);
  });

  test('a stream that was deleted is told, and its successor is read from the beginning', async () => {
    const UUID = await map();
    await put('a');
    stream.exists = false;
    await world.wake();
    const { LastProcessingResult } = await tested.call('GetEventSourceMapping', { UUID });
    expect(LastProcessingResult).toBe('PROBLEM: Stream not found');
    stream.exists = true;
    stream.createdAtMs += 1;
    stream.shard(SHARD).records.length = 0;
    await put('b');
    expect(batches()).toEqual([['a'], ['b']]);
  });

  test('a read that failed is tried again', async () => {
    await map();
    stream.failsNextRead = true;
    await put('a');
    expect(batches()).toEqual([]);
    await tested.cell.advance(1_000);
    expect(batches()).toEqual([['a']]);
  });

  test('filters read the data as JSON; what is not JSON, or not wanted, is passed over for good', async () => {
    const FilterCriteria = { Filters: [{ Pattern: '{"data":{"kind":["order"]}}' }] };
    await map({ FilterCriteria });
    await put('no json', '{"kind":"order","n":1}', '{"kind":"other"}', '7');
    expect(batches()).toEqual([['{"kind":"order","n":1}']]);
    await put('{"kind":"other"}');
    await tested.restart();
    await put('{"kind":"order","n":2}');
    expect(batches()).toEqual([['{"kind":"order","n":1}'], ['{"kind":"order","n":2}']]);
  });
});

describe('parallelization', () => {
  test('lanes of a shard run at the same time, each key in one of them', async () => {
    for (let i = 0; i < 40; i += 1) add(String(i), `key-${i % 8}`);
    tested.held = [];
    await tested.begin('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: stream.arn,
      StartingPosition: 'TRIM_HORIZON',
      ParallelizationFactor: 4,
    });
    expect(tested.held.length).toBeGreaterThan(1);
    const keys = tested.held.map(({ event }) => [
      ...new Set((event as StreamEvent).Records.map(({ kinesis }) => kinesis.partitionKey)),
    ]);
    expect(keys.flat().sort()).toEqual(Array.from({ length: 8 }, (_, i) => `key-${i}`));
  });

  test('another number of lanes gives nothing twice and leaves nothing out', async () => {
    const UUID = await map({ ParallelizationFactor: 4, BatchSize: 3 });
    for (let i = 0; i < 20; i += 1) add(`a${i}`, `key-${i % 8}`);
    await world.wake();
    await tested.call('UpdateEventSourceMapping', { UUID, ParallelizationFactor: 3 });
    for (let i = 0; i < 20; i += 1) add(`b${i}`, `key-${i % 8}`);
    await world.wake();
    expect(batches().flat().sort()).toEqual(
      ['a', 'b'].flatMap((letter) => Array.from({ length: 20 }, (_, i) => `${letter}${i}`)).sort(),
    );
  });

  test('where the function has little concurrency, shards and lanes take turns', async () => {
    stream.addShard();
    for (let i = 0; i < 12; i += 1) {
      add(`${i}`, `key-${i}`);
      add(`${i}`, `key-${i}`, 'shardId-000000000001');
    }
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 1 });
    await map({ ParallelizationFactor: 2, BatchSize: 3 });
    await tested.cell.settle();
    const shards = events().map(({ Records }) => Records[0]?.eventID.split(':')[0]);
    expect(new Set(shards.slice(0, 2)).size).toBe(2);
    expect(batches().flat()).toHaveLength(24);
  });

  test('batches wait for the concurrency of the function', async () => {
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 0 });
    await map();
    await put('a');
    expect(batches()).toEqual([]);
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 1 });
    await tested.cell.settle();
    expect(batches()).toEqual([['a']]);
  });
});

describe('failures', () => {
  test('a failed batch is tried again with growing pauses and blocks what follows', async () => {
    const UUID = await map({ BatchSize: 1 });
    let failures = 2;
    tested.handler = () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not yet');
    };
    await put('a', 'b');
    expect(batches()).toEqual([['a']]);
    expect((await tested.call('GetEventSourceMapping', { UUID })).LastProcessingResult).toBe(
      'PROBLEM: Function call failed',
    );
    await tested.cell.advance(1_000);
    await tested.cell.advance(1_999);
    expect(batches()).toEqual([['a'], ['a']]);
    await tested.cell.advance(1);
    expect(batches()).toEqual([['a'], ['a'], ['a'], ['b']]);
    expect((await tested.call('GetEventSourceMapping', { UUID })).LastProcessingResult).toBe('OK');
  });

  test('after the last retry the destination is told where the records are', async () => {
    const queue = await tested.queue('failed');
    await map({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    tested.handler = failing((data) => data.includes('bad'));
    const first = add('bad');
    const last = add('also');
    await world.wake();
    await tested.cell.advance(1_000);
    await put('good');
    expect(batches()).toEqual([['bad', 'also'], ['bad', 'also'], ['good']]);
    expect(await received(queue.url)).toEqual([
      {
        requestContext: {
          requestId: expect.any(String),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: expect.any(String),
        KinesisBatchInfo: {
          shardId: SHARD,
          startSequenceNumber: first.sequenceNumber,
          endSequenceNumber: last.sequenceNumber,
          approximateArrivalOfFirstRecord: new Date(first.arrivedAtMs).toISOString(),
          approximateArrivalOfLastRecord: new Date(last.arrivedAtMs).toISOString(),
          batchSize: 2,
          streamArn: stream.arn,
        },
      },
    ]);
  });

  test('bisecting isolates the bad record, and costs no retries', async () => {
    const queue = await tested.queue('failed');
    await map({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queue.arn } },
    });
    tested.handler = failing((data) => data.includes('bad'));
    await put('a', 'b', 'bad', 'c');
    expect(batches()).toEqual([['a', 'b', 'bad', 'c'], ['a', 'b'], ['bad', 'c'], ['bad'], ['c']]);
    expect(await received(queue.url)).toMatchObject([{ KinesisBatchInfo: { batchSize: 1 } }]);
  });

  test('of reported items the lowest sequence number is the new checkpoint', async () => {
    await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    let isFirst = true;
    tested.handler = (event: StreamEvent) => {
      if (!isFirst) return { batchItemFailures: [] };
      isFirst = false;
      const ids = [event.Records[3], event.Records[1]].map((record) => record?.kinesis.sequenceNumber);
      return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
    };
    await put('a', 'b', 'c', 'd');
    await tested.cell.advance(1_000);
    expect(batches()).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
  });

  test.each([
    { batchItemFailures: [{ itemIdentifier: '' }] },
    { batchItemFailures: [{ itemIdentifier: '1' }] },
    'text',
  ])('an answer that names no item of the batch fails all of it: %j', async (answer) => {
    await map({ FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 2 });
    tested.handler = () => answer;
    await put('a', 'b');
    await tested.cell.advance(1_000);
    expect(batches()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('records that have become too old are given up, also without an attempt', async () => {
    const queue = await tested.queue('failed');
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 0 });
    await map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await put('a');
    await tested.cell.advance(61_000);
    expect(await received(queue.url)).toMatchObject([
      { requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 } },
    ]);
    expect(batches()).toEqual([]);
  });

  test('without limits a batch is tried until its records expire in the stream', async () => {
    await map();
    tested.handler = failing(() => true);
    await put('a');
    await tested.cell.advance(24 * 3_600_000 + 60_001);
    const tried = batches().length;
    expect(tried).toBeGreaterThan(1_000);
    tested.handler = () => null;
    await put('b');
    expect(batches().slice(tried)).toEqual([['b']]);
  });
});

describe('a stream that keeps its records for longer than it did', () => {
  test('has them tried for as long, too', async () => {
    await map();
    tested.handler = failing(() => true);
    await put('a');
    stream.retentionHours = 72;
    await tested.cell.advance(25 * 3_600_000);
    const tried = batches().length;
    tested.handler = () => null;
    await tested.cell.advance(60_000);
    expect(batches().slice(tried)).toEqual([['a']]);
  });
});

describe('life', () => {
  test.each([false, true])('reading goes on behind the checkpoint after a restart (clean: %s)', async (clean) => {
    await map({ ParallelizationFactor: 2 });
    await put('a', 'b');
    await tested.restart({ clean });
    await put('c');
    expect(batches()).toEqual([['a', 'b'], ['c']]);
  });

  test('a mapping that is disabled reads nothing, and goes on where it was', async () => {
    const UUID = await map();
    await put('a');
    await tested.call('UpdateEventSourceMapping', { UUID, Enabled: false });
    await put('b');
    expect(batches()).toEqual([['a']]);
    await tested.call('UpdateEventSourceMapping', { UUID, Enabled: true });
    await tested.cell.settle();
    expect(batches()).toEqual([['a'], ['b']]);
  });

  test('a mapping that is deleted while its function runs leaves nothing behind', async () => {
    const UUID = await map();
    tested.held = [];
    add('a');
    await tested.begin('kinesis', 'Wake', { arn: stream.arn });
    await tested.begin('lambda', 'DeleteEventSourceMapping', { UUID });
    for (const held of tested.held.splice(0)) held.answer(null);
    tested.held = undefined;
    await tested.cell.settle();
    await put('b');
    expect(batches()).toEqual([['a']]);
    expect(tested.cell.cell.nextDueAtMs()).toBeUndefined();
  });

  test('a changed mapping does not give a batch again that is under way', async () => {
    const UUID = await map({ BatchSize: 1 });
    tested.held = [];
    add('a');
    add('b');
    await tested.begin('kinesis', 'Wake', { arn: stream.arn });
    await tested.begin('lambda', 'UpdateEventSourceMapping', { UUID, BatchSize: 10 });
    expect(tested.held).toHaveLength(1);
    const [held] = tested.held;
    tested.held = undefined;
    held?.answer(null);
    await tested.cell.settle();
    expect(batches()).toEqual([['a'], ['b']]);
  });
});
