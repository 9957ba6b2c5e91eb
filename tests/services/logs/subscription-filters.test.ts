// Subscription filters of log groups, with streams and functions in one cell.

import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TestCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { iam } from '#services/iam/service.ts';
import { KinesisTest, streamArnOf } from '#services/kinesis/testing.ts';
import { logs } from '#services/logs/service.ts';
import { LambdaTest } from '../lambda/lambda-cell.ts';

const STREAM = streamArnOf('orders');
const ROLE = 'arn:aws:iam::000000000000:role/logs';
const GROUP = '/shop/orders';

const refusalOf = async (cell: TestCell, input: object): Promise<string> => {
  const reply = await cell.reply('logs', 'PutSubscriptionFilter', input);
  return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'was not refused';
};
const filter = (more: object = {}) => ({
  logGroupName: GROUP,
  filterName: 'errors',
  filterPattern: 'ERROR',
  destinationArn: STREAM,
  roleArn: ROLE,
  ...more,
});

async function group(cell: TestCell): Promise<void> {
  await cell.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
  await cell.call('logs', 'CreateLogStream', { logGroupName: GROUP, logStreamName: 'one' });
}

const putLines = (cell: TestCell, ...messages: string[]) => {
  const timestamp = cell.clock.nowMs();
  const logEvents = messages.map((message) => ({ timestamp, message }));
  return cell.call('logs', 'PutLogEvents', { logGroupName: GROUP, logStreamName: 'one', logEvents });
};

interface Shipped {
  readonly messageType: string;
  readonly logEvents: readonly { readonly id: string; readonly message: string; readonly timestamp: number }[];
}
const unpacked = (data: Uint8Array) => JSON.parse(gunzipSync(data).toString()) as Shipped;

describe('a stream', () => {
  async function open(): Promise<KinesisTest> {
    const tested = await KinesisTest.open([logs, deliveries]);
    await tested.create();
    await group(tested.cell);
    return tested;
  }

  async function shipped(tested: KinesisTest): Promise<readonly (Shipped & { readonly key: string })[]> {
    const { Records = [] } = await tested.get(await tested.iterator());
    return Records.map(({ Data, PartitionKey = '' }) => ({ ...unpacked(Data as Uint8Array), key: PartitionKey }));
  }

  test('gets a control message, then the events that the pattern wants, compressed', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter());
    await putLines(tested.cell, 'ERROR one', 'fine', 'ERROR two');
    const [control, data, ...more] = await shipped(tested);
    expect(more).toEqual([]);
    const message = 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.';
    expect(control).toMatchObject({
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logEvents: [{ message }],
    });
    expect(data).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: GROUP,
      logStream: 'one',
      subscriptionFilters: ['errors'],
    });
    const found = await tested.cell.call<{ events: { eventId: string; message: string; timestamp: number }[] }>(
      'logs',
      'FilterLogEvents',
      { logGroupName: GROUP, filterPattern: 'ERROR' },
    );
    expect(data?.logEvents).toEqual(
      found.events.map(({ eventId, message: text, timestamp }) => ({ id: eventId, message: text, timestamp })),
    );
  });

  test('gets events of one log stream under one key, or under any with Random', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter({ filterPattern: '' }));
    for (let i = 0; i < 4; i += 1) await putLines(tested.cell, `${i}`);
    const keys = (await shipped(tested)).slice(1).map(({ key }) => key);
    expect(new Set(keys).size).toBe(1);
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter({ filterPattern: '', distribution: 'Random' }));
    for (let i = 0; i < 4; i += 1) await putLines(tested.cell, `${i}`);
    expect(new Set((await shipped(tested)).slice(6).map(({ key }) => key)).size).toBe(4);
  });

  test('gets the fields of events that a space-delimited pattern names', async () => {
    const tested = await open();
    const filterPattern = '[level = ERROR, ..., status > 400]';
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter({ filterPattern }));
    await putLines(tested.cell, 'ERROR "GET /" took long 500', 'ERROR 200', 'WARN 500');
    const [, data] = await shipped(tested);
    expect(data?.logEvents).toEqual([
      {
        id: expect.any(String),
        timestamp: expect.any(Number),
        message: 'ERROR "GET /" took long 500',
        extractedFields: { level: 'ERROR', status: '500' },
      },
    ]);
  });

  test('gets a large batch in several records', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter({ filterPattern: '' }));
    await putLines(tested.cell, ...Array.from({ length: 9 }, (_, i) => `${i}${'x'.repeat(100_000)}`));
    const [, ...records] = await shipped(tested);
    expect(records.length).toBeGreaterThan(1);
    expect(records.flatMap(({ logEvents }) => logEvents.map(({ message }) => message[0]))).toEqual([...'012345678']);
  });

  test('a filter is shown as AWS shows one, survives a restart, and goes', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter());
    await tested.restart();
    await putLines(tested.cell, 'ERROR');
    expect(await shipped(tested)).toHaveLength(2);
    expect(await tested.cell.call('logs', 'DescribeSubscriptionFilters', { logGroupName: GROUP })).toEqual({
      subscriptionFilters: [
        {
          ...filter(),
          distribution: 'ByLogStream',
          applyOnTransformedLogs: false,
          creationTime: expect.any(Number),
        },
      ],
    });
    await tested.cell.call('logs', 'DeleteSubscriptionFilter', { logGroupName: GROUP, filterName: 'errors' });
    await putLines(tested.cell, 'ERROR');
    expect(await shipped(tested)).toHaveLength(2);
    const again = await tested.cell.reply('logs', 'DeleteSubscriptionFilter', {
      logGroupName: GROUP,
      filterName: 'errors',
    });
    expect(again).toMatchObject({ refused: { code: 'ResourceNotFoundException' } });
  });

  test('a group that is deleted takes its filters along', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter());
    await tested.cell.call('logs', 'DeleteLogGroup', { logGroupName: GROUP });
    await group(tested.cell);
    await putLines(tested.cell, 'ERROR');
    expect(await shipped(tested)).toHaveLength(1);
  });

  test('events for a stream that went away are dropped, and that is recorded; the lines stay', async () => {
    const tested = await open();
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter());
    await tested.call('DeleteStream', { StreamName: 'orders' });
    tested.cell.takeFacts();
    await putLines(tested.cell, 'ERROR');
    expect(tested.cell.takeFacts().find(({ name }) => name === 'DeliveryFailedAtOnce')?.fact).toMatchObject({
      targetArn: STREAM,
      outcome: 'dropped',
    });
    expect(await tested.cell.call('logs', 'FilterLogEvents', { logGroupName: GROUP })).toMatchObject({
      events: [{ message: 'ERROR' }],
    });
  });

  test.each<[object, string]>([
    [{ roleArn: undefined }, 'destinationArn for vendor kinesis cannot be used without roleArn'],
    [{ destinationArn: streamArnOf('gone') }, 'Could not deliver test message to specified Kinesis stream'],
    [{ destinationArn: 'arn:aws:kinesis:us-east-1:111111111111:stream/orders' }, 'of the account and region'],
    [{ destinationArn: 'arn:aws:logs:us-east-1:000000000000:destination:d' }, 'is not available here'],
    [{ destinationArn: 'arn:aws:sqs:us-east-1:000000000000:q' }, 'for vendor sqs'],
    [{ destinationArn: 'x' }, 'InvalidParameterException'],
    [{ filterPattern: undefined }, "Value null at 'filterPattern'"],
    [{ filterPattern: '{ $.a' }, 'InvalidParameterException'],
    [{ filterName: 'a:b' }, 'regular expression'],
    [{ distribution: 'Even' }, 'enum value set'],
    [{ applyOnTransformedLogs: true }, 'applyOnTransformedLogs is not available'],
    [{ logGroupName: '/gone' }, 'The specified log group does not exist'],
  ])('%j is refused', async (wrong, text) => {
    const tested = await open();
    expect(await refusalOf(tested.cell, filter(wrong))).toContain(text);
  });

  test('takes events only from a role that CloudWatch Logs may assume and that may put records', async () => {
    const tested = await KinesisTest.open([logs, deliveries, iam], { iamMode: 'enforce' });
    await tested.create();
    await group(tested.cell);
    const document = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
    const trust = (Service: string) => document({ Principal: { Service }, Action: 'sts:AssumeRole' });
    const cannot = 'Could not deliver test message to specified Kinesis stream';
    expect(await refusalOf(tested.cell, filter())).toContain(cannot);
    const RoleName = 'logs';
    await tested.cell.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
    const PolicyDocument = document({ Action: 'kinesis:PutRecord', Resource: STREAM });
    await tested.cell.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'put', PolicyDocument });
    expect(await refusalOf(tested.cell, filter())).toContain(cannot);
    const PolicyText = trust('logs.us-east-1.amazonaws.com');
    await tested.cell.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: PolicyText });
    await tested.cell.call('logs', 'PutSubscriptionFilter', filter());
    await putLines(tested.cell, 'ERROR');
    expect(await shipped(tested)).toHaveLength(2);
    await tested.cell.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'put' });
    await putLines(tested.cell, 'ERROR');
    expect(await shipped(tested)).toHaveLength(2);
    expect(await refusalOf(tested.cell, filter())).toContain(cannot);
  });

  test('a group has two filters at most', async () => {
    const tested = await open();
    for (const filterName of ['a', 'b'])
      await tested.cell.call('logs', 'PutSubscriptionFilter', filter({ filterName }));
    expect(await refusalOf(tested.cell, filter({ filterName: 'c' }))).toBe(
      'LimitExceededException: Resource limit exceeded.',
    );
  });
});

describe('a function', () => {
  const functionFilter = (destinationArn: string) => filter({ destinationArn, roleArn: undefined });

  test('gets the events as base64 of the compressed message, without a control message', async () => {
    const tested = await LambdaTest.open();
    const arn = await tested.create();
    const events: { awslogs: { data: string } }[] = [];
    tested.handler = (event) => {
      events.push(event);
    };
    await group(tested.cell);
    await tested.cell.call('logs', 'PutSubscriptionFilter', functionFilter(arn));
    await putLines(tested.cell, 'ERROR one');
    await tested.cell.settle();
    expect(events.map(({ awslogs }) => unpacked(Buffer.from(awslogs.data, 'base64')))).toMatchObject([
      { messageType: 'DATA_MESSAGE', logEvents: [{ message: 'ERROR one' }] },
    ]);
  });

  test('must be there, let CloudWatch Logs in, and takes no role', async () => {
    const tested = await LambdaTest.open({ iamMode: 'enforce' });
    const trust = (service: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    });
    await tested.cell.call('iam', 'CreateRole', {
      RoleName: 'tested',
      AssumeRolePolicyDocument: JSON.stringify(trust('lambda.amazonaws.com')),
    });
    const arn = await tested.create();
    await group(tested.cell);
    const cannot = 'Could not execute the lambda function.';
    expect(await refusalOf(tested.cell, functionFilter(arn))).toContain(cannot);
    expect(await refusalOf(tested.cell, functionFilter(`${arn}x`))).toContain(cannot);
    expect(await refusalOf(tested.cell, filter({ destinationArn: arn }))).toContain('cannot be used with roleArn');
    await tested.call('AddPermission', {
      FunctionName: 'tested',
      StatementId: 'logs',
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.us-east-1.amazonaws.com',
      SourceArn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`,
    });
    await tested.cell.call('logs', 'PutSubscriptionFilter', functionFilter(arn));
    await putLines(tested.cell, 'ERROR');
    await tested.cell.settle();
    expect(tested.requests).toHaveLength(1);
  });
});
