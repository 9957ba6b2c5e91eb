// What happens to messages on their way through a pipe, in virtual time.

import { beforeEach, describe, expect, it } from 'vitest';
import { ARN, PipesTest, queueArn, RawAnswer } from './testing.ts';

let test: PipesTest;
beforeEach(async () => {
  test = await PipesTest.open();
});

const ACCOUNT = '000000000000';

describe('a queue to a queue', () => {
  it('PIP-SRC-01 hands each message on as AWS shows it, and deletes it', async () => {
    await test.queue('target');
    await test.pipe({ Target: queueArn('target') });
    const messageId = await test.send('plain', {
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'new' } },
    });
    const [body] = await test.bodies('target');
    const event = JSON.parse(body ?? '');
    expect(Object.keys(event)).toEqual([
      ...['messageId', 'receiptHandle', 'body', 'attributes', 'messageAttributes', 'md5OfMessageAttributes'],
      ...['md5OfBody', 'eventSource', 'eventSourceARN', 'awsRegion'],
    ]);
    expect(event).toMatchObject({
      messageId,
      body: 'plain',
      attributes: { ApproximateReceiveCount: '1', SenderId: ACCOUNT },
      messageAttributes: { kind: { stringValue: 'new', dataType: 'String' } },
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn('orders'),
      awsRegion: 'us-east-1',
    });
    expect(await test.counts()).toBe('0 0');
  });

  it('PIP-SRC-02 takes what was there before it, in batches of ten', async () => {
    await test.queue('orders');
    await test.queue('target');
    for (let i = 0; i < 12; i += 1) await test.send(`${i}`);
    await test.pipe({
      Target: queueArn('target'),
      TargetParameters: { InputTemplate: '<$.body>' },
      Source: queueArn('orders'),
    });
    expect(await test.counts('target')).toBe('12 0');
    const sizes = test.facts('PipeBatchTaken').map(({ messageIds }) => (messageIds as string[]).length);
    expect(sizes).toEqual([10, 2]);
  });

  it('PIP-SRC-03 gathers a batch for its window, and takes it early when it is full', async () => {
    const fn = await test.function('target');
    const SqsQueueParameters = { BatchSize: 3, MaximumBatchingWindowInSeconds: 20 };
    await test.pipe({ Target: fn, SourceParameters: { SqsQueueParameters } });
    await test.send('1');
    await test.cell.advance(19_999);
    expect(test.invoked).toHaveLength(0);
    await test.cell.advance(1);
    expect(test.invoked).toHaveLength(1);
    for (const body of ['2', '3', '4']) await test.send(body);
    await test.cell.settle();
    expect(test.invoked.map(({ event }) => (event as unknown[]).length)).toEqual([1, 3]);
  });

  it('PIP-FLT-01 deletes what no filter wants, and hands on the rest', async () => {
    await test.queue('target');
    const Filters = [{ Pattern: '{"body":{"kind":["new",{"prefix":"re"}]}}' }, { Pattern: '{"body":["wanted"]}' }];
    await test.pipe({
      Target: queueArn('target'),
      SourceParameters: { FilterCriteria: { Filters } },
      TargetParameters: { InputTemplate: '[<$.body>]' },
    });
    for (const body of [{ kind: 'new' }, { kind: 'old' }, { kind: 'redo' }, 'wanted', 'unwanted'])
      await test.send(body);
    expect(await test.bodies('target')).toEqual(['[{"kind":"new"}]', '[{"kind":"redo"}]', '["wanted"]']);
    expect(await test.counts()).toBe('0 0');
    expect(test.facts('PipeMessagesFilteredOut')).toHaveLength(2);
  });

  it('PIP-FLT-02 does not let a pattern speak of what polling added', async () => {
    await test.queue('target');
    const Filters = [{ Pattern: '{"eventSource":["aws:sqs"]}' }];
    await test.pipe({ Target: queueArn('target'), SourceParameters: { FilterCriteria: { Filters } } });
    await test.send('any');
    expect([await test.counts(), await test.counts('target')]).toEqual(['0 0', '0 0']);
  });

  it('PIP-ERR-01 leaves what the target does not take in the source, until its own dead-letter queue has it', async () => {
    await test.queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 });
    await test.queue('orders', { RedrivePolicy });
    await test.pipe({ Target: queueArn('missing'), Source: queueArn('orders') });
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts()).toBe('0 1');
    expect(test.facts('PipeBatchEnded')).toMatchObject([
      { failedArn: queueArn('missing'), code: 'AWS.SimpleQueueService.NonExistentQueue' },
    ]);
    await test.cell.advance(31_000);
    expect(test.facts('PipeBatchEnded')).toHaveLength(1);
    await test.cell.advance(31_000);
    expect(await test.bodies('dead')).toEqual(['1']);
    expect(await test.counts()).toBe('0 0');
  });

  it('PIP-ERR-02 slows down while batches fail, even when they are visible again at once', async () => {
    await test.queue('orders', { VisibilityTimeout: '0' });
    await test.pipe({ Target: queueArn('missing'), Source: queueArn('orders') });
    await test.send('1');
    await test.cell.advance(60_000);
    // Five at once, as there is always a message to see, then one after 1, 2, 4, 8 and 16 seconds.
    expect(test.facts('PipeBatchEnded')).toHaveLength(10);
    await test.queue('missing');
    await test.cell.advance(60_000);
    expect(await test.counts('missing')).toBe('1 0');
  });

  it('PIP-ERR-03 goes on with the others when one of a batch fails', async () => {
    await test.queue('target', { MaximumMessageSize: '1024' });
    await test.queue('orders');
    for (const body of ['a', 'x'.repeat(2000), 'b']) await test.send(body);
    await test.pipe({
      Target: queueArn('target'),
      Source: queueArn('orders'),
      TargetParameters: { InputTemplate: '<$.body>' },
    });
    await test.cell.settle();
    expect(await test.bodies('target')).toEqual(['"a"', '"b"']);
    expect(await test.counts()).toBe('0 1');
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'InvalidParameterValue' }]);
  });
});

describe('the order of a FIFO queue', () => {
  const send = (body: string, group: string) =>
    test.send(body, { MessageGroupId: group, MessageDeduplicationId: body.slice(0, 9) }, 'orders.fifo');

  it('PIP-ORD-01 holds in each group: nothing overtakes what failed', async () => {
    await test.queue('orders.fifo');
    await test.queue('target', { MaximumMessageSize: '1024' });
    const long = 'x'.repeat(2000);
    await send('a1', 'a');
    await send(long, 'a');
    await send('b1', 'b');
    await send('a3', 'a');
    await test.pipe({
      Source: queueArn('orders.fifo'),
      Target: queueArn('target'),
      TargetParameters: { InputTemplate: '<$.body>' },
    });
    expect(await test.bodies('target')).toEqual(['"a1"', '"b1"']);
    await send('a4', 'a');
    await send('b2', 'b');
    await test.cell.settle();
    expect(await test.bodies('target')).toEqual(['"b2"']);
    await test.cell.call('sqs', 'SetQueueAttributes', {
      QueueUrl: `http://127.0.0.1:4566/${ACCOUNT}/target`,
      Attributes: { MaximumMessageSize: '4096' },
    });
    await test.cell.advance(31_000);
    expect((await test.bodies('target')).slice(3)).toEqual([`"${long}"`, '"a3"', '"a4"']);
  });

  it('PIP-ORD-02 has one batch of a group at a time under way', async () => {
    await test.queue('orders.fifo');
    test.held = [];
    const fn = await test.function('target');
    const SqsQueueParameters = { BatchSize: 1 };
    await test.pipe({ Source: queueArn('orders.fifo'), Target: fn, SourceParameters: { SqsQueueParameters } });
    const pending = [send('a1', 'a'), send('a2', 'a'), send('b1', 'b')];
    await test.breathe();
    const bodies = () => test.held?.map(({ event }) => (event as { body: string }[])[0]?.body);
    expect(bodies()).toEqual(['a1', 'b1']);
    test.held[0]?.answer(null);
    await test.breathe();
    expect(bodies()).toEqual(['a1', 'b1', 'a2']);
    for (const invocation of test.held.slice(1)) invocation.answer(null);
    await Promise.all(pending);
  });

  it('PIP-TGT-02 gives groups and deduplication ids of the event to a FIFO queue', async () => {
    await test.queue('target.fifo');
    await test.pipe({
      Target: queueArn('target.fifo'),
      TargetParameters: {
        SqsQueueParameters: { MessageGroupId: '$.body.customer', MessageDeduplicationId: '$.messageId' },
        InputTemplate: '{"customer":<$.body.customer>}',
      },
    });
    const messageId = await test.send({ customer: 'c-7' });
    expect(await test.receive('target.fifo')).toMatchObject([
      { Body: '{"customer":"c-7"}', Attributes: { MessageGroupId: 'c-7', MessageDeduplicationId: messageId } },
    ]);
    await test.send({ other: 1 });
    await test.cell.settle();
    expect(test.facts('PipeBatchEnded').at(-1)).toMatchObject({
      code: 'TransformationFailed',
      detail: 'The path $.body.customer of a parameter leads to nothing in the event.',
    });
  });
});

describe('a function as the target', () => {
  it('PIP-TGT-01 gets the batch as one array, and its messages are deleted when it is done', async () => {
    const fn = await test.function('target');
    await test.pipe({ Target: fn });
    const messageId = await test.send('1');
    await test.cell.settle();
    expect(test.invoked).toMatchObject([{ name: 'target', event: [{ messageId, body: '1' }] }]);
    expect(await test.counts()).toBe('0 0');
  });

  it('PIP-TGT-03 fails the batch when it fails', async () => {
    const fn = await test.function('target', () => {
      throw new RangeError('broken');
    });
    await test.pipe({ Target: fn });
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts()).toBe('0 1');
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'RangeError', failedArn: fn }]);
    test.functions.set('target', () => null);
    await test.cell.advance(31_000);
    expect(await test.counts()).toBe('0 0');
    expect(test.invoked).toHaveLength(2);
  });

  it.each([
    ['nothing', null, '0 0'],
    ['a text', 'done', '0 0'],
    ['an object', { done: true }, '0 0'],
    ['no failures', { batchItemFailures: [] }, '0 0'],
    ['null as failures', { batchItemFailures: null }, '0 0'],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, '0 2'],
    ['another key', { batchItemFailures: [{ id: 'x' }] }, '0 2'],
    ['an id that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'x' }] }, '0 2'],
    ['something that is not JSON', new RawAnswer('{'), '0 2'],
  ])('PIP-ERR-04 an answer with %s', async (_what, answer, left) => {
    await test.queue('orders');
    for (const body of ['1', '2']) await test.send(body);
    const fn = await test.function('target', () => answer);
    await test.pipe({ Target: fn, Source: queueArn('orders') });
    await test.cell.settle();
    expect(await test.counts()).toBe(left);
  });

  it('PIP-ERR-05 items that the function names come back, the others are done', async () => {
    await test.queue('orders');
    for (const body of ['1', '2', '3']) await test.send(body);
    const fn = await test.function('target', (events: { messageId: string; body: string }[]) => ({
      batchItemFailures: events
        .filter(({ body }) => body === '2')
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    await test.pipe({ Target: fn, Source: queueArn('orders') });
    await test.cell.settle();
    expect(await test.counts()).toBe('0 1');
    test.functions.set('target', () => null);
    await test.cell.advance(31_000);
    expect(test.invoked.map(({ event }) => (event as { body: string }[]).map(({ body }) => body))).toEqual([
      ['1', '2', '3'],
      ['2'],
    ]);
  });

  it('PIP-TGT-04 is invoked asynchronously when the pipe does not wait: its failure is its own', async () => {
    const fn = await test.function('target', () => {
      throw new RangeError('broken');
    });
    const LambdaFunctionParameters = { InvocationType: 'FIRE_AND_FORGET' };
    await test.pipe({ Target: fn, TargetParameters: { LambdaFunctionParameters } });
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts()).toBe('0 0');
    await test.cell.advance(200_000);
    expect(test.invoked).toHaveLength(3);
  });

  it('PIP-ERR-06 without concurrency left it is asked again a little later', async () => {
    const fn = await test.function('target');
    const limit = (ReservedConcurrentExecutions: number) =>
      test.cell.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'target', ReservedConcurrentExecutions });
    await limit(0);
    await test.pipe({ Target: fn });
    await test.send('1');
    await test.cell.advance(1_500);
    expect(test.facts('PipeRetryPlanned')).toMatchObject([{ code: 'TooManyRequestsException' }, {}]);
    await limit(1);
    await test.cell.advance(2_000);
    expect(test.invoked).toHaveLength(1);
    expect(await test.counts()).toBe('0 0');
  });

  it('PIP-ERR-07 is given up before its messages are visible again', async () => {
    const fn = await test.function('target');
    await test.cell.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'target',
      ReservedConcurrentExecutions: 0,
    });
    await test.queue('orders', { VisibilityTimeout: '10' });
    await test.pipe({ Target: fn, Source: queueArn('orders') });
    await test.send('1');
    await test.cell.advance(9_000);
    // After 1, 2 and 4 seconds; the next one would be after ten.
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'TooManyRequestsException' }]);
  });

  it('PIP-ERR-08 has five minutes; an answer after that is none', async () => {
    test.held = [];
    await test.queue('orders', { VisibilityTimeout: '1000' });
    const fn = await test.function('target');
    await test.pipe({ Target: fn, Source: queueArn('orders') });
    const sent = test.send('1');
    await test.breathe();
    test.cell.clock.moveTo(test.cell.clock.nowMs() + 300_000);
    await test.breathe();
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'ExecutionTimeout' }]);
    test.held[0]?.answer(null);
    await sent;
    await test.cell.settle();
    expect(await test.counts()).toBe('0 1');
  });

  it('PIP-TGT-05 gets what a large batch holds in pieces that it can take', async () => {
    await test.queue('orders');
    for (let i = 0; i < 8; i += 1) await test.send('x'.repeat(1_000_000));
    const fn = await test.function('target');
    const SqsQueueParameters = { BatchSize: 100 };
    await test.pipe({ Target: fn, Source: queueArn('orders'), SourceParameters: { SqsQueueParameters } });
    await test.cell.settle();
    expect(test.invoked.map(({ event }) => (event as unknown[]).length)).toEqual([6, 2]);
    expect(await test.counts()).toBe('0 0');
  });
});

describe('other targets', () => {
  it('PIP-TGT-06 a topic gets each event as a message', async () => {
    const { TopicArn } = await test.cell.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'news' });
    await test.queue('readers');
    await test.cell.call('sns', 'Subscribe', {
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queueArn('readers'),
      Attributes: { RawMessageDelivery: 'true' },
    });
    await test.pipe({ Target: TopicArn, TargetParameters: { InputTemplate: '{"n":<$.body.n>}' } });
    await test.send('{"n":1e2}');
    expect(await test.bodies('readers')).toEqual(['{"n":1e2}']);
  });

  it('PIP-TGT-07 a bus gets each event as the detail of a new one', async () => {
    await test.cell.call('events', 'CreateEventBus', { Name: 'shop' });
    await test.cell.call('events', 'PutRule', {
      Name: 'all',
      EventBusName: 'shop',
      EventPattern: '{"account":["000000000000"]}',
    });
    await test.queue('seen');
    await test.cell.call('events', 'PutTargets', {
      Rule: 'all',
      EventBusName: 'shop',
      Targets: [{ Id: '1', Arn: queueArn('seen') }],
    });
    const bus = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/shop`;
    await test.pipe({
      Target: bus,
      TargetParameters: {
        InputTemplate: '{"order":<$.body>}',
        EventBridgeEventBusParameters: {
          Source: 'shop.orders',
          DetailType: '$.body.kind',
          Resources: ['arn:aws:sqs:us-east-1:000000000000:x', '$.eventSourceARN'],
          Time: '$.body.at',
        },
      },
    });
    await test.send({ kind: 'OrderPlaced', at: '2026-01-01T00:00:00Z' });
    await test.call('UpdatePipe', {
      Name: 'orders',
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
      TargetParameters: { EventBridgeEventBusParameters: {} },
    });
    await test.send({ kind: 'OrderLost' });
    const seen = (await test.bodies('seen')).map((body) => JSON.parse(body));
    expect(seen[0]).toMatchObject({
      source: 'shop.orders',
      'detail-type': 'OrderPlaced',
      time: '2026-01-01T00:00:00Z',
      resources: ['arn:aws:sqs:us-east-1:000000000000:x', queueArn('orders')],
      detail: { order: { kind: 'OrderPlaced' } },
    });
    expect(seen[1]).toMatchObject({ source: 'Pipe orders', 'detail-type': 'Event from aws:sqs', resources: [] });
  });

  it('PIP-TGT-08 a bus takes objects only', async () => {
    await test.pipe({
      Target: `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`,
      TargetParameters: { InputTemplate: '<$.body>' },
    });
    await test.send('text');
    await test.cell.settle();
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'MalformedDetail' }]);
  });
});

describe('a pipe that changes', () => {
  it('PIP-OPS-01 takes nothing while it is stopped, and goes on when it is started', async () => {
    await test.queue('target');
    await test.pipe({ Target: queueArn('target'), DesiredState: 'STOPPED' });
    await test.send('1');
    expect(await test.counts()).toBe('1 0');
    expect(await test.describe()).toMatchObject({ CurrentState: 'STOPPED', DesiredState: 'STOPPED' });
    expect(await test.call('StartPipe', { Name: 'orders' })).toMatchObject({
      Arn: ARN,
      CurrentState: 'STARTING',
      DesiredState: 'RUNNING',
    });
    expect(await test.counts('target')).toBe('1 0');
    expect(await test.describe()).toMatchObject({ CurrentState: 'RUNNING', StateReason: 'User initiated' });
    expect(await test.call('StopPipe', { Name: 'orders' })).toMatchObject({ CurrentState: 'STOPPING' });
    await test.send('2');
    await test.cell.advance(60_000);
    expect(await test.counts()).toBe('1 0');
  });

  it('PIP-OPS-02 lets a batch end as it began', async () => {
    test.held = [];
    const fn = await test.function('target');
    await test.queue('other');
    await test.pipe({ Target: fn });
    const sent = test.send('1');
    await test.breathe();
    await test.cell.start('pipes', 'UpdatePipe', {
      Name: 'orders',
      RoleArn: 'arn:aws:iam::000000000000:role/pipe',
      Target: queueArn('other'),
    });
    await test.breathe();
    test.held[0]?.answer(null);
    await sent;
    expect(await test.counts()).toBe('0 0');
    await test.send('2');
    expect(await test.counts('other')).toBe('1 0');
    expect(test.invoked).toHaveLength(1);
  });

  it('PIP-OPS-03 deletes what a function is done with although the pipe was deleted meanwhile', async () => {
    test.held = [];
    const fn = await test.function('target');
    await test.pipe({ Target: fn });
    const sent = test.send('1');
    await test.breathe();
    await test.cell.start('pipes', 'DeletePipe', { Name: 'orders' });
    await test.breathe();
    test.held[0]?.answer(null);
    await sent;
    expect(await test.counts()).toBe('0 0');
    await test.send('2');
    expect(await test.counts()).toBe('1 0');
  });

  it.each([false, true])('PIP-OPS-04 goes on after a restart (clean: %s)', async (clean) => {
    await test.queue('target');
    await test.pipe({ Target: queueArn('target'), Tags: { team: 'a' } });
    await test.send('1');
    const before = await test.describe();
    await test.restart({ clean });
    expect(await test.describe()).toEqual(before);
    await test.send('2');
    expect(await test.counts('target')).toBe('2 0');
    await test.call('DeletePipe', { Name: 'orders' });
    await test.restart({ clean });
    expect(await test.refusal('DescribePipe', { Name: 'orders' })).toBe(
      'NotFoundException: Pipe orders does not exist.',
    );
  });

  it('PIP-OPS-05 hands on after a restart what waited for an answer', async () => {
    test.held = [];
    const fn = await test.function('target');
    await test.pipe({ Target: fn });
    void test.send('1');
    await test.breathe();
    await test.crash();
    test.held = undefined;
    await test.cell.advance(31_000);
    expect(test.invoked).toHaveLength(2);
    expect(await test.counts()).toBe('0 0');
  });
});
