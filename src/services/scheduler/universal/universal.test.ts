import { describe, expect, test } from 'vitest';
import { service as lambdaWire } from '#wire/generated/lambda.ts';
import { service as logsWire } from '#wire/generated/logs.ts';
import { service as sqsWire } from '#wire/generated/sqs.ts';
import { WireServices } from '#wire/services.ts';
import { DEAD_ARN, SchedulerTest } from '../testing.ts';
import { readRequestJson } from './request-json.ts';
import { SdkServices } from './sdk-services.ts';

const SEND = 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage';
const QUEUE_URL = 'http://sqs.us-east-1.amazonaws.com/000000000000/jobs';
const services = new SdkServices(new WireServices([sqsWire, lambdaWire, logsWire]));

function read(service: string, action: string, input: unknown) {
  const found = services.find({ service, action });
  if (found === undefined) throw new Error(`${service}:${action} is not there`);
  return readRequestJson(found, JSON.stringify(input));
}

describe('the request of a universal target', () => {
  test('is written in Pascal case, also where the API is not', () => {
    expect(read('cloudwatchlogs', 'putRetentionPolicy', { LogGroupName: 'g', RetentionInDays: 3 })).toEqual({
      input: { logGroupName: 'g', retentionInDays: 3 },
    });
    expect(read('cloudwatchlogs', 'putRetentionPolicy', { logGroupName: 'g', retentionInDays: 3 })).toEqual({
      reason: 'Request payload is missing the following field(s): LogGroupName, RetentionInDays.',
    });
  });

  test('has blobs as text, and nested members', () => {
    const payload = read('lambda', 'invoke', { FunctionName: 'f', InvocationType: 'Event', Payload: '{"a":1}' });
    expect(payload).toEqual({
      input: { FunctionName: 'f', InvocationType: 'Event', Payload: new TextEncoder().encode('{"a":1}') },
    });
    const attributes = { A: { DataType: 'String', StringValue: 'x' } };
    expect(read('sqs', 'sendMessage', { QueueUrl: 'q', MessageBody: 'b', MessageAttributes: attributes })).toEqual({
      input: { QueueUrl: 'q', MessageBody: 'b', MessageAttributes: attributes },
    });
  });

  test.each([
    [{ QueueUrl: 1, MessageBody: 'b' }, 'The field QueueUrl must be text.'],
    [{ QueueUrl: 'q', MessageBody: 'b', Other: 1 }, 'The field Other is not known.'],
    [{ QueueUrl: 'q', MessageBody: 'b', DelaySeconds: 1.5 }, 'The field DelaySeconds must be a whole number.'],
    [
      { QueueUrl: 'q', MessageBody: 'b', MessageAttributes: { A: { StringValue: 'x' } } },
      'Request payload is missing the following field(s): MessageAttributes.A.DataType.',
    ],
    [{ QueueUrl: 'q', MessageBody: 'b', MessageAttributes: [] }, 'The field MessageAttributes must be an object.'],
    [['q'], 'The request payload must be an object.'],
  ])('%j is refused', (input, reason) => {
    expect(read('sqs', 'sendMessage', input)).toEqual({ reason });
  });

  test.each(['getQueueUrl', 'receiveMessage', 'listQueues', 'SendMessage', 'sendmessage', 'nothing', '__proto__'])(
    'there is no sqs:%s',
    (action) => {
      expect(services.find({ service: 'sqs', action })).toBeUndefined();
    },
  );
});

describe('a universal target', () => {
  const Input = JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: '<aws.scheduler.attempt-number>' });
  const target = (more: object = {}) => ({ Target: { Arn: SEND, Input, ...more } });

  test('calls the operation as the session of its role', async () => {
    const test = await SchedulerTest.open();
    await test.create('at(2026-01-15T13:00:00)', target());
    await test.advanceMinutes(60);
    expect(test.queues.called).toEqual([
      {
        principal: 'arn:aws:sts::000000000000:assumed-role/scheduler/scheduler',
        input: { QueueUrl: QUEUE_URL, MessageBody: '1' },
      },
    ]);
    const facts = test.cell.takeFacts().map(({ name }) => name);
    expect(facts.slice(-3)).toEqual(['ScheduleRan', 'DeliveryAccepted', 'DeliveryEnded']);
  });

  test('waits for an answer that comes later', async () => {
    const test = await SchedulerTest.open();
    test.queues.behaviour = 'answers later';
    await test.create('at(2026-01-15T13:00:00)', target());
    await test.advanceMinutes(60);
    const ended = test.cell.takeFacts().filter(({ name }) => name === 'DeliveryEnded');
    expect(ended).toEqual([
      { name: 'DeliveryEnded', fact: expect.objectContaining({ outcome: 'succeeded' }) as object },
    ]);
  });

  test('is tried again when the service is at fault, and ends in the dead-letter queue', async () => {
    const test = await SchedulerTest.open();
    test.queues.behaviour = 'refuses';
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    await test.create('at(2026-01-15T13:00:00)', target({ RetryPolicy, DeadLetterConfig: { Arn: DEAD_ARN } }));
    await test.advanceMinutes(120);
    expect(test.queues.called.map(({ input }) => (input as { MessageBody: string }).MessageBody)).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(test.queues.of('dead')[0]!.attributes).toMatchObject({
      ERROR_CODE: 'Busy',
      ERROR_MESSAGE: 'too much',
      RETRY_ATTEMPTS: '2',
      TARGET_ARN: SEND,
    });
  });

  test('whose operation has a defect does not take the process along', async () => {
    const test = await SchedulerTest.open();
    test.queues.behaviour = 'throws';
    await test.create('rate(1 hour)', target({ RetryPolicy: { MaximumRetryAttempts: 0 } }));
    await test.advanceMinutes(61);
    expect(test.cell.fatal).toBeUndefined();
    expect(test.queues.called).toHaveLength(2);
    expect(test.cell.diagnostics[0]).toContain('a defect of SendMessage');
  });

  test.each([
    ['arn:aws:scheduler:::aws-sdk:ec2:stopInstances', 'ec2 is not a supported service for a target.'],
    ['arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', 'getQueueUrl is not a supported API action of sqs for a target.'],
    ['arn:aws:scheduler:::aws-sdk:sqs:deleteQueue', 'The target sqs:deleteQueue is not available here.'],
    ['arn:aws:scheduler:::aws-sdk:sqs:purgeQueue', 'must be prepared by a client'],
  ])('%s is refused', async (Arn, text) => {
    const test = await SchedulerTest.open();
    const Target = { Arn, RoleArn: 'arn:aws:iam::000000000000:role/r', Input: '{}' };
    const input = { Name: 'x', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target };
    expect(await test.refusal('CreateSchedule', input)).toContain(text);
  });

  test('with a request that is wrong is refused', async () => {
    const test = await SchedulerTest.open();
    const refusal = async (Input: string, more: object = {}) => {
      const Target = { Arn: SEND, RoleArn: 'arn:aws:iam::000000000000:role/r', Input, ...more };
      const input = { Name: 'x', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target };
      return test.refusal('CreateSchedule', input);
    };
    const invalid = 'ValidationException: Invalid RequestJson provided. Reason ';
    expect(await refusal('{"QueueUrl":"q"}')).toBe(
      `${invalid}Request payload is missing the following field(s): MessageBody.`,
    );
    expect(await refusal('{')).toBe(`${invalid}The request payload is not well-formed JSON.`);
    expect(await refusal(Input, { SqsParameters: {} })).toContain('Target.SqsParameters must not be provided');
  });
});
