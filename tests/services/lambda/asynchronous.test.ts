import { beforeEach, describe, expect, test } from 'vitest';
import { LambdaTest } from './lambda-cell.ts';

let tested: LambdaTest;
beforeEach(async () => {
  tested = await LambdaTest.open();
  await tested.create();
});

const MINUTE = 60_000;
const event = (value: unknown = { n: 1 }) => tested.invoke(value, { InvocationType: 'Event' });
const fail = () => {
  throw new RangeError('broken');
};
const received = async (QueueUrl: string) => {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const output = await tested.cell.call<{
    Messages?: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }[];
  }>('sqs', 'ReceiveMessage', input);
  return output.Messages ?? [];
};

test('an event is accepted with 202 and run', async () => {
  expect(await event()).toEqual({ StatusCode: 202 });
  await tested.cell.settle();
  expect(tested.requests).toHaveLength(1);
  expect(tested.cell.cell.payloads.count).toBe(1);
});

test('a failed event is tried again after one minute and after two more, with the same request id', async () => {
  tested.handler = fail;
  await event();
  await tested.cell.settle();
  expect(tested.requests).toHaveLength(1);
  await tested.cell.advance(MINUTE - 1);
  expect(tested.requests).toHaveLength(1);
  await tested.cell.advance(1);
  expect(tested.requests).toHaveLength(2);
  await tested.cell.advance(2 * MINUTE);
  expect(tested.requests).toHaveLength(3);
  await tested.cell.advance(600 * MINUTE);
  expect(tested.requests).toHaveLength(3);
  expect(new Set(tested.requests.map((request) => request.requestId)).size).toBe(1);
  expect(tested.cell.takeFacts().at(-1)).toMatchObject({
    name: 'AsyncInvocationEnded',
    fact: { outcome: 'dropped', detail: 'RetriesExhausted: RangeError' },
  });
});

test('the settings of asynchronous invocation take effect', async () => {
  await tested.call('PutFunctionEventInvokeConfig', { FunctionName: 'tested', MaximumRetryAttempts: 0 });
  tested.handler = fail;
  await event();
  await tested.cell.advance(600 * MINUTE);
  expect(tested.requests).toHaveLength(1);
  expect(await tested.call('GetFunctionEventInvokeConfig', { FunctionName: 'tested' })).toMatchObject({
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested:$LATEST',
    MaximumRetryAttempts: 0,
  });
  await tested.call('UpdateFunctionEventInvokeConfig', { FunctionName: 'tested', MaximumEventAgeInSeconds: 60 });
  expect(await tested.call('GetFunctionEventInvokeConfig', { FunctionName: 'tested' })).toMatchObject({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
  expect(
    await tested.refusal('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:events:us-east-1:000000000000:rule/x' } },
    }),
  ).toBe('InvalidParameterValueException: A destination of events is not available here.');
});

test('FIFO queues and topics are no destinations and no dead-letter queues', async () => {
  for (const service of ['sqs', 'sns']) {
    const arn = `arn:aws:${service}:us-east-1:000000000000:results.fifo`;
    for (const end of ['OnSuccess', 'OnFailure']) {
      const DestinationConfig = { [end]: { Destination: arn } };
      expect(
        await tested.refusal('PutFunctionEventInvokeConfig', { FunctionName: 'tested', DestinationConfig }),
      ).toContain(arn);
    }
    const DeadLetterConfig = { TargetArn: arn };
    expect(await tested.refusal('UpdateFunctionConfiguration', { FunctionName: 'tested', DeadLetterConfig })).toContain(
      arn,
    );
  }
});

describe('reports', () => {
  test('a dead-letter queue gets the event with its error', async () => {
    const queue = await tested.queue('dead');
    await tested.call('UpdateFunctionConfiguration', {
      FunctionName: 'tested',
      DeadLetterConfig: { TargetArn: queue.arn },
    });
    tested.handler = fail;
    await event({ order: 7 });
    await tested.cell.advance(10 * MINUTE);
    const [letter] = await received(queue.url);
    expect(letter?.Body).toBe('{"order":7}');
    expect(letter?.MessageAttributes).toMatchObject({
      RequestID: { StringValue: tested.requests[0]?.requestId },
      ErrorCode: { StringValue: '200', DataType: 'Number' },
      ErrorMessage: { StringValue: 'broken' },
    });
    // The letter alone is left.
    expect(tested.cell.cell.payloads.count).toBeLessThanOrEqual(4);
  });

  test('destinations get a record of the invocation', async () => {
    const good = await tested.queue('good');
    const bad = await tested.queue('bad');
    await tested.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnSuccess: { Destination: good.arn }, OnFailure: { Destination: bad.arn } },
    });
    tested.handler = () => ({ ok: true });
    await event({ n: 1 });
    await tested.cell.settle();
    const [success] = await received(good.url);
    expect(JSON.parse(success?.Body as string)).toEqual({
      version: '1.0',
      timestamp: '2026-01-15T12:00:00.000Z',
      requestContext: {
        requestId: tested.requests[0]?.requestId,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested:$LATEST',
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { ok: true },
    });
    tested.handler = fail;
    await event({ n: 2 });
    await tested.cell.advance(MINUTE);
    const [failure] = await received(bad.url);
    expect(JSON.parse(failure?.Body as string)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { n: 2 },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'broken', errorType: 'RangeError' },
    });
  });

  test.each(['Success', 'Failure'])('a bus gets the record of a %s as the detail of an event', async (result) => {
    const queue = await tested.queue('seen');
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
    await tested.cell.call('events', 'PutRule', { Name: 'results', EventPattern: '{"source":["lambda"]}' });
    await tested.cell.call('events', 'PutTargets', { Rule: 'results', Targets: [{ Id: 'q', Arn: queue.arn }] });
    await tested.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: { Destination: bus }, OnFailure: { Destination: bus } },
    });
    tested.handler = result === 'Success' ? () => ({ ok: true }) : fail;
    await event({ n: 1 });
    await tested.cell.settle();
    const [seen] = await received(queue.url);
    expect(JSON.parse(seen?.Body as string)).toMatchObject({
      source: 'lambda',
      'detail-type': `Lambda Function Invocation Result - ${result}`,
      account: '000000000000',
      resources: [bus, 'arn:aws:lambda:us-east-1:000000000000:function:tested:$LATEST'],
      detail: { version: '1.0', requestPayload: { n: 1 }, responseContext: { statusCode: 200 } },
    });
  });

  test('another function can be a destination', async () => {
    const other = await tested.create({ FunctionName: 'other' });
    await tested.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      DestinationConfig: { OnSuccess: { Destination: other } },
    });
    await event({ n: 1 });
    await tested.cell.settle();
    expect(tested.requests.map((request) => request.config.functionName)).toEqual(['tested', 'other']);
  });

  test('an event that could not run in time ends by its age', async () => {
    const queue = await tested.queue('late');
    await tested.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'tested',
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queue.arn } },
    });
    await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 0 });
    await event({ n: 1 });
    await tested.cell.advance(MINUTE);
    expect(tested.requests).toHaveLength(0);
    const [record] = await received(queue.url);
    expect(JSON.parse(record?.Body as string)).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    });
  });
});

test('events wait for concurrency and go on when there is some', async () => {
  await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 0 });
  await event();
  await tested.cell.settle();
  expect(tested.requests).toHaveLength(0);
  await tested.call('DeleteFunctionConcurrency', { FunctionName: 'tested' });
  await tested.cell.settle();
  expect(tested.requests).toHaveLength(1);
});

test('an event that was running when the process ended runs again', async () => {
  tested.held = [];
  const call = await tested.begin('lambda', 'Invoke', { FunctionName: 'tested', InvocationType: 'Event' });
  expect(call.reply).toMatchObject({ output: { StatusCode: 202 } });
  expect(tested.held).toHaveLength(1);
  const requestId = tested.held[0]?.request.requestId;
  tested.held[0]?.answer(new Error('never heard: the process has ended'));
  tested.held = undefined;
  const { engine } = tested.cell;
  const entries = engine.entries.length;
  expect(entries).toBeGreaterThan(0);
  await tested.cell.settle();
  engine.entries.length = entries;
  tested.requests.length = 0;
  await tested.restart();
  expect(tested.requests.map((request) => request.requestId)).toEqual([requestId]);
});

test('retries survive a restart, with and without a snapshot', async () => {
  for (const clean of [false, true]) {
    tested.handler = fail;
    tested.requests.length = 0;
    await event();
    await tested.cell.settle();
    await tested.restart({ clean });
    expect(tested.requests).toHaveLength(1);
    await tested.cell.advance(MINUTE);
    expect(tested.requests).toHaveLength(2);
    tested.handler = () => null;
    await tested.cell.advance(2 * MINUTE);
    expect(tested.requests).toHaveLength(3);
  }
});

test('deleting the function ends its events', async () => {
  await tested.call('PutFunctionConcurrency', { FunctionName: 'tested', ReservedConcurrentExecutions: 0 });
  await event();
  const before = tested.cell.cell.payloads.count;
  await tested.call('DeleteFunction', { FunctionName: 'tested' });
  expect(tested.cell.cell.payloads.count).toBe(before - 1);
  expect(tested.cell.takeFacts().at(-1)).toMatchObject({
    fact: { outcome: 'dropped', detail: 'the function was deleted' },
  });
});

test('a topic invokes a function with AWS’s event', async () => {
  const { TopicArn } = await tested.cell.call<{ TopicArn: string }>('sns', 'CreateTopic', { Name: 'news' });
  const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:tested';
  const { SubscriptionArn } = await tested.cell.call<{ SubscriptionArn: string }>('sns', 'Subscribe', {
    TopicArn,
    Protocol: 'lambda',
    Endpoint,
  });
  let seen: unknown;
  tested.handler = (given) => {
    seen = given;
  };
  await tested.cell.call('sns', 'Publish', { TopicArn, Message: 'hello', Subject: 'hi' });
  await tested.cell.settle();
  expect(seen).toMatchObject({
    Records: [
      {
        EventSource: 'aws:sns',
        EventSubscriptionArn: SubscriptionArn,
        Sns: { Message: 'hello', Subject: 'hi', TopicArn },
      },
    ],
  });
});

test('what a rule hands over is held to the size of asynchronous events, as what clients send is', async () => {
  const { cell } = tested;
  await cell.call('events', 'PutRule', { Name: 'r', EventPattern: '{"source":["shop"]}' });
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:tested';
  const target = (more: object) =>
    cell.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn, ...more }] });
  const put = () => {
    const Detail = JSON.stringify({ text: 'x'.repeat(600_000) });
    return cell.call('events', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'sold', Detail }] });
  };
  await target({});
  await put();
  await cell.settle();
  expect(tested.requests).toHaveLength(1);
  await target({ InputTransformer: { InputTemplate: '[<aws.events.event.json>,<aws.events.event.json>]' } });
  cell.takeFacts();
  await put();
  await cell.settle();
  expect(tested.requests).toHaveLength(1);
  expect(cell.takeFacts().find(({ name }) => name === 'DeliveryFailedAtOnce')?.fact).toMatchObject({
    code: 'RequestTooLargeException',
    detail: 'Request must be smaller than 1048576 bytes for the InvokeFunction operation',
  });
});
