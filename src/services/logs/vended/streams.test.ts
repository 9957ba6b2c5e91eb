// Logs of a bus as records of a delivery stream.

import { beforeEach, describe, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { firehose } from '#services/firehose/service.ts';
import { STREAM_ARN, s3Stream } from '#services/firehose/testing.ts';
import { iam } from '#services/iam/service.ts';
import { logs } from '../service.ts';
import { connect, connected, putEnds, refusal, write, writer } from './testing.ts';

const STREAM = { DeliveryStreamName: 'orders' };
let cell: TestCell;

async function setUp(options: Parameters<typeof testCell>[1] = {}): Promise<void> {
  cell = await testCell([logs, iam, writer, firehose, deliveries], options);
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await cell.call('iam', 'CreateRole', { RoleName: 'firehose', AssumeRolePolicyDocument });
  await cell.call('firehose', 'CreateDeliveryStream', s3Stream());
  await putEnds(cell, STREAM_ARN);
}

beforeEach(() => setUp());

/** What was put since it was asked last: how many records, and the texts that were handed over with them. */
function taken() {
  const texts = cell.engine.entries.flatMap(({ payloadBytes }) =>
    payloadBytes.map((bytes) => Buffer.from(bytes).toString()),
  );
  const facts = cell.takeFacts();
  return {
    texts: texts.filter((text) => /^line \d$/.test(text)),
    records: facts.filter(({ name }) => name === 'RecordHandedOver').length,
    failures: facts
      .filter(({ name }) => name === 'DeliveryFailedAtOnce')
      .map(({ fact }) => (fact as { code: string }).code),
  };
}

describe('a delivery to a delivery stream', () => {
  test("is of type FH, and AWS's tag is on the stream", async () => {
    expect(await connect(cell)).toMatchObject({ deliveryDestinationType: 'FH' });
    const { Tags } = await cell.call<{ Tags: unknown }>('firehose', 'ListTagsForDeliveryStream', STREAM);
    expect(Tags).toEqual([{ Key: 'LogDeliveryEnabled', Value: 'true' }]);
    expect(await cell.call('logs', 'DescribeDeliveryDestinations', {})).toMatchObject({
      deliveryDestinations: [{ deliveryDestinationType: 'FH' }],
    });
  });

  test('puts a record for each line, also after a restart', async () => {
    await connect(cell);
    taken();
    await write(cell, ['line 1', 'line 2']);
    expect(taken()).toEqual({ texts: ['line 1', 'line 2'], records: 2, failures: [] });
    cell = await cell.restart();
    await write(cell, ['line 3']);
    expect(taken()).toMatchObject({ records: 1, failures: [] });
    cell = await cell.restart({ clean: true });
    await write(cell, ['line 4']);
    await write(cell, ['line 5'], 'TRACE_LOGS');
    expect(taken()).toMatchObject({ records: 1, failures: [] });
  });

  test('stands beside one to a log group', async () => {
    await connect(cell);
    await cell.call('logs', 'CreateLogGroup', { logGroupName: 'lines' });
    const destinationResourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:lines';
    const deliveryDestinationConfiguration = { destinationResourceArn };
    await cell.call('logs', 'PutDeliveryDestination', { name: 'group', deliveryDestinationConfiguration });
    const deliveryDestinationArn = 'arn:aws:logs:us-east-1:000000000000:delivery-destination:group';
    await connect(cell, { deliveryDestinationArn });
    taken();
    await write(cell, ['line 1']);
    expect(taken().records).toBe(1);
    const found = await cell.call('logs', 'FilterLogEvents', { logGroupName: 'lines' });
    expect(found).toMatchObject({ events: [{ message: 'line 1' }] });
  });

  test('is not created to a stream that is not there, and nothing is kept of it', async () => {
    await putEnds(cell, `${STREAM_ARN}-missing`);
    expect(await refusal(cell, 'CreateDelivery', connected())).toContain(
      'ResourceNotFoundException: Firehose orders-missing',
    );
    expect(await cell.call('logs', 'DescribeDeliveries', {})).toEqual({ deliveries: [] });
  });

  test('drops what the stream does not take, and says why', async () => {
    await connect(cell);
    await cell.call('firehose', 'DeleteDeliveryStream', STREAM);
    taken();
    await write(cell, ['line 1']);
    expect(taken()).toMatchObject({ records: 0, failures: ['ResourceNotFoundException'] });
  });

  test.each([
    [{ deliveryDestinationType: 'S3' }, 'is not of the deliveryDestinationType S3'],
    [{ outputFormat: 'plain' }, 'outputFormat plain is not available'],
    [
      {
        deliveryDestinationConfiguration: {
          destinationResourceArn: STREAM_ARN.replace('000000000000', '111111111111'),
        },
      },
      'Cannot access provided resource.',
    ],
  ])('needs a destination that is one: %j', async (more, text) => {
    const deliveryDestinationConfiguration = { destinationResourceArn: STREAM_ARN };
    const input = { name: 'there', deliveryDestinationConfiguration, ...more };
    expect(await refusal(cell, 'PutDeliveryDestination', input)).toContain(text);
  });
});

test('where permissions are enforced, the tag lets the lines in', async () => {
  await setUp({ iamMode: 'enforce' });
  await connect(cell);
  taken();
  await write(cell, ['line 1']);
  expect(taken()).toMatchObject({ records: 1, failures: [] });
  await cell.call('firehose', 'UntagDeliveryStream', { ...STREAM, TagKeys: ['LogDeliveryEnabled'] });
  await write(cell, ['line 2']);
  expect(taken()).toMatchObject({ records: 0, failures: ['AccessDeniedException'] });
});

test('who may not tag the stream may not create the delivery', async () => {
  await setUp({ iamMode: 'enforce' });
  const user = {
    kind: 'user',
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:user/u',
    userId: 'AIDA',
  } as const;
  await cell.call('iam', 'CreateUser', { UserName: 'u' });
  const Statement = [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await cell.call('iam', 'PutUserPolicy', { UserName: 'u', PolicyName: 'p', PolicyDocument });
  const reply = await cell.reply('logs', 'CreateDelivery', connected(), { principal: user });
  expect(reply).toMatchObject({ refused: { code: 'AccessDeniedException' } });
});
