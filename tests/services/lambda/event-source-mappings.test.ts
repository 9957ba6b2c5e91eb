import { beforeEach, describe, expect, test } from 'vitest';
import type { Operations } from '#wire/generated/lambda.ts';
import { LambdaTest } from './lambda-cell.ts';

type Input = Partial<Operations['CreateEventSourceMapping']['input']>;
interface SqsEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Record<string, string>;
  }[];
}

let tested: LambdaTest;
let queue: { url: string; arn: string };
beforeEach(async () => {
  tested = await LambdaTest.open();
  await tested.create();
  queue = await tested.queue();
});

const map = async (input: Input = {}): Promise<string> => {
  const made = await tested.call('CreateEventSourceMapping', {
    FunctionName: 'tested',
    EventSourceArn: queue.arn,
    ...input,
  });
  return made.UUID as string;
};
const sendAll = async (...bodies: string[]) => {
  for (const body of bodies) await tested.send(queue.url, body);
  await tested.cell.settle();
};
/** Bodies of each batch that was invoked. */
const batches = () =>
  tested.requests.map((request) => {
    const event = JSON.parse(new TextDecoder().decode(request.payload)) as SqsEvent;
    return event.Records.map((record) => record.body);
  });

describe('settings', () => {
  test('mappings of a version or an alias are listed by its name, and all of a function by the bare one', async () => {
    await tested.call('PublishVersion', { FunctionName: 'tested' });
    await tested.call('CreateAlias', { FunctionName: 'tested', Name: 'live', FunctionVersion: '1' });
    const [whole, alias] = [await map(), await map({ FunctionName: 'tested:live' })];
    const listed = async (FunctionName: string) => {
      const { EventSourceMappings = [] } = await tested.call('ListEventSourceMappings', { FunctionName });
      return EventSourceMappings.map(({ UUID }) => UUID).sort();
    };
    expect(await listed('tested:live')).toEqual([alias]);
    expect(await listed('arn:aws:lambda:us-east-1:000000000000:function:tested:1')).toEqual([]);
    expect(await listed('tested')).toEqual([whole, alias].sort());
  });

  test('a mapping is shown as AWS shows one', async () => {
    const FilterCriteria = { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] };
    const ScalingConfig = { MaximumConcurrency: 2 };
    const made = await tested.call('CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: queue.arn,
      BatchSize: 5,
      FilterCriteria,
      ScalingConfig,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(made.State).toBe('Creating');
    const UUID = made.UUID as string;
    const shown = {
      UUID,
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 0,
      EventSourceArn: queue.arn,
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      FilterCriteria,
      ScalingConfig,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      LastModified: expect.any(Number),
      State: 'Enabled',
      StateTransitionReason: 'USER_INITIATED',
    };
    expect(await tested.call('GetEventSourceMapping', { UUID })).toEqual(shown);
    expect(await tested.call('ListEventSourceMappings', { FunctionName: 'tested' })).toEqual({
      EventSourceMappings: [shown],
    });
    expect(await tested.call('ListEventSourceMappings', { EventSourceArn: `${queue.arn}x` })).toEqual({
      EventSourceMappings: [],
    });
    const updated = await tested.call('UpdateEventSourceMapping', { UUID, Enabled: false, BatchSize: 1 });
    expect(updated).toMatchObject({ State: 'Disabling', BatchSize: 1, FilterCriteria });
    expect(await tested.call('GetEventSourceMapping', { UUID })).toMatchObject({ State: 'Disabled' });
    expect(await tested.call('DeleteEventSourceMapping', { UUID })).toMatchObject({ State: 'Deleting' });
    expect(await tested.refusal('GetEventSourceMapping', { UUID })).toBe(
      'ResourceNotFoundException: The resource you requested does not exist.',
    );
  });

  test.each([
    [{ FunctionName: 'nowhere' }, 'InvalidParameterValueException: Function does not exist'],
    [
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:nowhere' },
      'InvalidParameterValueException: Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    ],
    [
      { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s' },
      'InvalidParameterValueException: Unrecognized event source: arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s. Event sources of SQS and Kinesis are available here.',
    ],
    [
      { BatchSize: 11 },
      'InvalidParameterValueException: Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      { FilterCriteria: { Filters: [{ Pattern: '{"body":' }] } },
      'InvalidParameterValueException: Invalid filter pattern definition.',
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: 'arn:aws:sqs:us-east-1:000000000000:done' } } },
      'InvalidParameterValueException: DestinationConfig is not available here.',
    ],
    [{ StartingPosition: 'LATEST' }, 'InvalidParameterValueException: StartingPosition is not available here.'],
    [
      { ScalingConfig: { MaximumConcurrency: 1 } },
      "ValidationException: 1 validation error detected: Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2",
    ],
  ])('refuses %j', async (input, text) => {
    expect(
      await tested.refusal('CreateEventSourceMapping', {
        FunctionName: 'tested',
        EventSourceArn: queue.arn,
        ...input,
      } as never),
    ).toBe(text);
  });

  test('a queue that shows messages again before the function can be done is refused', async () => {
    await tested.call('UpdateFunctionConfiguration', { FunctionName: 'tested', Timeout: 60 });
    expect(
      await tested.refusal('CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn: queue.arn }),
    ).toBe(
      'InvalidParameterValueException: Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
    );
  });

  test('the same mapping twice is refused with the first one’s id', async () => {
    const uuid = await map();
    expect(
      await tested.refusal('CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn: queue.arn }),
    ).toBe(
      `ResourceConflictException: The event source arn (" ${queue.arn} ") and function (" tested ") provided mapping already exists. Please update or delete the existing mapping with UUID ${uuid}`,
    );
  });
});

describe('polling', () => {
  test('a message invokes the function with AWS’s event, and is deleted', async () => {
    await map();
    const sent = (await tested.send(queue.url, 'hello', {
      MessageAttributes: { colour: { DataType: 'String', StringValue: 'red' } },
    })) as { MessageId: string; MD5OfMessageBody: string; MD5OfMessageAttributes: string };
    await tested.cell.settle();
    expect(JSON.parse(new TextDecoder().decode(tested.requests[0]?.payload))).toEqual({
      Records: [
        {
          messageId: sent.MessageId,
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(Date.UTC(2026, 0, 15, 12)),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 15, 12)),
          },
          messageAttributes: {
            colour: { stringValue: 'red', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfMessageAttributes: sent.MD5OfMessageAttributes,
          md5OfBody: sent.MD5OfMessageBody,
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('what was in the queue before the mapping comes in batches', async () => {
    await sendAll(...Array.from({ length: 23 }, (_, i) => String(i)));
    await map();
    await tested.cell.settle();
    expect(batches().map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('a failed batch comes back after the visibility timeout, and goes to the dead-letter queue in the end', async () => {
    const dead = await tested.queue('dead');
    queue = await tested.queue('redriven', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
    });
    tested.handler = () => {
      throw new Error('no');
    };
    await map();
    await sendAll('poison');
    expect(await tested.counts(queue.url)).toBe('0 1 0');
    await tested.cell.advance(29_999);
    expect(tested.requests).toHaveLength(1);
    await tested.cell.advance(1);
    expect(tested.requests).toHaveLength(2);
    await tested.cell.advance(300_000);
    expect(tested.requests).toHaveLength(3);
    expect(await tested.counts(queue.url)).toBe('0 0 0');
    expect(await tested.counts(dead.url)).toBe('1 0 0');
  });

  test.each([
    ['named ones stay', (ids: string[]) => ({ batchItemFailures: [{ itemIdentifier: ids[1] }] }), '0 1 0'],
    ['an empty list deletes all', () => ({ batchItemFailures: [] }), '0 0 0'],
    ['null deletes all', () => null, '0 0 0'],
    ['an unknown id keeps all', () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }), '0 3 0'],
    ['an empty id keeps all', () => ({ batchItemFailures: [{ itemIdentifier: '' }] }), '0 3 0'],
    ['a wrong key keeps all', () => ({ batchItemFailures: [{ id: 'x' }] }), '0 3 0'],
    ['no object keeps all', () => 'text', '0 3 0'],
  ])('with ReportBatchItemFailures, %s', async (_title, answer, counts) => {
    await sendAll('a', 'b', 'c');
    tested.handler = (event: SqsEvent) => answer(event.Records.map((record) => record.messageId));
    await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await tested.cell.settle();
    expect(await tested.counts(queue.url)).toBe(counts);
  });

  test('without ReportBatchItemFailures such an answer means nothing', async () => {
    tested.handler = (event: SqsEvent) => ({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
    await map();
    await sendAll('a');
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('messages that no filter wants are deleted without an invocation', async () => {
    await map({
      FilterCriteria: {
        Filters: [
          { Pattern: '{"body":{"kind":["order"],"n":[{"numeric":[">",3]}]}}' },
          { Pattern: '{"body":["plain"]}' },
        ],
      },
    });
    await sendAll('{"kind":"order","n":4}', '{"kind":"order","n":3}', 'not JSON', 'plain', '{"kind":"other","n":9}');
    expect(batches().flat().sort()).toEqual(['plain', '{"kind":"order","n":4}']);
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('a batching window gathers until it is over or the batch is full', async () => {
    await map({ BatchSize: 3, MaximumBatchingWindowInSeconds: 20 });
    await sendAll('1', '2');
    await tested.cell.advance(19_999);
    expect(batches()).toEqual([]);
    await tested.cell.advance(1);
    expect(batches()).toEqual([['1', '2']]);
    await sendAll('3', '4', '5');
    expect(batches()).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
    ]);
    await sendAll('6');
    await tested.restart();
    await tested.cell.advance(20_000);
    expect(batches().at(-1)).toEqual(['6']);
  });

  test('no more batches run at once than the maximum concurrency', async () => {
    await sendAll(...Array.from({ length: 40 }, (_, i) => String(i)));
    tested.held = [];
    await tested.begin('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: queue.arn,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(tested.held).toHaveLength(2);
    tested.held[0]?.answer(null);
    await tested.breathe();
    expect(tested.held).toHaveLength(3);
  });

  test('a poller takes no more than the function’s reserved concurrency has room for', async () => {
    await sendAll(...Array.from({ length: 40 }, (_, i) => String(i)));
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 1 });
    tested.held = [];
    await tested.begin('lambda', 'CreateEventSourceMapping', { FunctionName: 'tested', EventSourceArn: queue.arn });
    expect(tested.held).toHaveLength(1);
    for (let i = 0; i < 4; i += 1) {
      tested.held[i]?.answer(null);
      await tested.breathe();
    }
    expect(tested.held).toHaveLength(4);
    expect(tested.cell.cell.isIdle).toBe(true);
  });

  test('a disabled mapping reads nothing, and goes on when it is enabled', async () => {
    const UUID = await map({ Enabled: false });
    await sendAll('a');
    expect(tested.requests).toHaveLength(0);
    await tested.call('UpdateEventSourceMapping', { UUID, Enabled: true });
    await tested.cell.settle();
    expect(batches()).toEqual([['a']]);
    await tested.call('UpdateEventSourceMapping', { UUID, Enabled: false });
    await sendAll('b');
    expect(tested.requests).toHaveLength(1);
  });

  test('a mapping can be switched off whatever became of its queue, and is checked when it is switched on', async () => {
    const UUID = await map({});
    await tested.cell.call('sqs', 'SetQueueAttributes', {
      QueueUrl: queue.url,
      Attributes: { VisibilityTimeout: '1' },
    });
    const tooShort = expect.stringContaining('Queue visibility timeout: 1 seconds');
    expect(await tested.refusal('UpdateEventSourceMapping', { UUID, BatchSize: 5 })).toEqual(tooShort);
    const off = await tested.call('UpdateEventSourceMapping', { UUID, Enabled: false });
    expect(off).toMatchObject({ State: 'Disabling' });
    expect(await tested.refusal('UpdateEventSourceMapping', { UUID, Enabled: true })).toEqual(tooShort);
    await tested.cell.call('sqs', 'DeleteQueue', { QueueUrl: queue.url });
    await tested.call('UpdateEventSourceMapping', { UUID, Enabled: false });
    expect(await tested.call('GetEventSourceMapping', { UUID })).toMatchObject({ State: 'Disabled' });
  });

  test('FIFO order is kept per group, and a failed message blocks its group alone', async () => {
    queue = await tested.queue('ordered.fifo', { ContentBasedDeduplication: 'true' });
    tested.handler = (event: SqsEvent) => {
      if (event.Records.some((record) => record.body === 'a1')) throw new Error('no');
    };
    await map({ BatchSize: 1 });
    for (const [body, MessageGroupId] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['b2', 'b'],
    ] as const) {
      await tested.send(queue.url, body, { MessageGroupId });
    }
    await tested.cell.settle();
    expect(batches().flat()).toEqual(['a1', 'b1', 'b2']);
    tested.handler = () => null;
    await tested.cell.advance(30_000);
    expect(batches().flat()).toEqual(['a1', 'b1', 'b2', 'a1', 'a2']);
  });

  test('messages in flight when the process ended come back by their visibility timeout', async () => {
    await map();
    tested.held = [];
    await tested.begin('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'a' });
    expect(tested.held).toHaveLength(1);
    const before = tested.cell;
    const entries = before.engine.entries.length;
    tested.held[0]?.answer(null);
    tested.held = undefined;
    await before.settle();
    before.engine.entries.length = entries;
    tested.requests.length = 0;
    await tested.restart();
    expect(tested.requests).toHaveLength(0);
    await tested.cell.advance(30_000);
    expect(batches()).toEqual([['a']]);
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('a mapping deleted while its function runs still deletes what was done', async () => {
    const UUID = await map();
    tested.held = [];
    await tested.begin('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'a' });
    const gone = tested.cell.start('lambda', 'DeleteEventSourceMapping', { UUID });
    tested.held[0]?.answer(null);
    await tested.cell.settle();
    expect(gone.reply).toMatchObject({ output: { State: 'Deleting' } });
    expect(await tested.counts(queue.url)).toBe('0 0 0');
  });

  test('a queue that is deleted ends nothing', async () => {
    await map();
    tested.held = [];
    await tested.begin('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'a' });
    tested.cell.start('sqs', 'DeleteQueue', { QueueUrl: queue.url });
    tested.held[0]?.answer(null);
    await tested.cell.settle();
    expect(tested.cell.fatal).toBeUndefined();
    tested.held = undefined;
    expect(await tested.invoke({})).toMatchObject({ StatusCode: 200 });
  });
});
