import { beforeEach, describe, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { iam } from '#services/iam/service.ts';
import type * as wire from '#wire/generated/logs.ts';
import { logs } from '../service.ts';
import { BUS_ARN, write as writeLines, writer } from './testing.ts';

const GROUP = '/aws/vendedlogs/events/event-bus/shop';
const GROUP_ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
const SOURCE_ARN = 'arn:aws:logs:us-east-1:000000000000:delivery-source:info';
const DESTINATION_ARN = 'arn:aws:logs:us-east-1:000000000000:delivery-destination:group';

let cell: TestCell;

const call = <O>(operationName: string, input: object) => cell.call<O>('logs', operationName, input);
const refusal = async (operationName: string, input: object) => {
  const reply = await cell.reply('logs', operationName, input);
  return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : undefined;
};
const putSource = (more: object = {}) =>
  call<wire.PutDeliverySourceOutput>('PutDeliverySource', {
    name: 'info',
    resourceArn: BUS_ARN,
    logType: 'INFO_LOGS',
    ...more,
  });
const putDestination = (more: object = {}) =>
  call<wire.PutDeliveryDestinationOutput>('PutDeliveryDestination', {
    name: 'group',
    deliveryDestinationConfiguration: { destinationResourceArn: GROUP_ARN },
    ...more,
  });
const connect = (more: object = {}) =>
  call<wire.CreateDeliveryOutput>('CreateDelivery', {
    deliverySourceName: 'info',
    deliveryDestinationArn: DESTINATION_ARN,
    ...more,
  });
const write = (message: string, logType?: string) => writeLines(cell, [message], logType);
const messages = async () => {
  const found = await call<wire.FilterLogEventsOutput>('FilterLogEvents', { logGroupName: GROUP });
  return (found.events ?? []).map(({ message }) => message);
};

async function setUp(options: Parameters<typeof testCell>[1] = {}): Promise<void> {
  cell = await testCell([logs, iam, writer], options);
  await call('CreateLogGroup', { logGroupName: GROUP });
}

beforeEach(() => setUp());

describe('operations', () => {
  test('a source is put, shown, tagged and deleted, as recorded of AWS', async () => {
    const { deliverySource } = await putSource({ tags: { a: '1' } });
    expect(deliverySource).toEqual({
      name: 'info',
      arn: SOURCE_ARN,
      resourceArns: [BUS_ARN],
      service: 'events',
      logType: 'INFO_LOGS',
      tags: { a: '1' },
    });
    expect(await call('GetDeliverySource', { name: 'info' })).toEqual({ deliverySource });
    await call('TagResource', { resourceArn: SOURCE_ARN, tags: { b: '2' } });
    await call('UntagResource', { resourceArn: SOURCE_ARN, tagKeys: ['a'] });
    expect(await call('ListTagsForResource', { resourceArn: SOURCE_ARN })).toEqual({ tags: { b: '2' } });
    await putSource({ logType: 'TRACE_LOGS' });
    expect(await call('DescribeDeliverySources', {})).toMatchObject({ deliverySources: [{ logType: 'TRACE_LOGS' }] });
    await call('DeleteDeliverySource', { name: 'info' });
    expect(await refusal('GetDeliverySource', { name: 'info' })).toBe(
      'ResourceNotFoundException: Requested Delivery Source does not exist in this account.',
    );
  });

  test('a destination keeps its policy and its format when it is put again', async () => {
    await putDestination({ outputFormat: 'json' });
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'logs:CreateDelivery', Resource: '*' }],
    });
    const named = { deliveryDestinationName: 'group' };
    await call('PutDeliveryDestinationPolicy', { ...named, deliveryDestinationPolicy: policy });
    const { deliveryDestination } = await putDestination();
    expect(deliveryDestination).toEqual({
      name: 'group',
      arn: DESTINATION_ARN,
      deliveryDestinationType: 'CWL',
      outputFormat: 'json',
      deliveryDestinationConfiguration: { destinationResourceArn: GROUP_ARN },
    });
    expect(await call('GetDeliveryDestinationPolicy', named)).toEqual({
      policy: { deliveryDestinationPolicy: policy },
    });
    await call('DeleteDeliveryDestinationPolicy', named);
    expect(await call('GetDeliveryDestinationPolicy', named)).toEqual({ policy: {} });
    expect(await call('DescribeDeliveryDestinations', {})).toMatchObject({ deliveryDestinations: [{ name: 'group' }] });
    await call('DeleteDeliveryDestination', { name: 'group' });
    expect(await refusal('DeleteDeliveryDestination', { name: 'group' })).toBe(
      'ResourceNotFoundException: Requested Delivery Destination does not exist in this account.',
    );
  });

  test('a delivery connects the two, which cannot go before it', async () => {
    await putSource();
    await putDestination();
    const { delivery } = await connect({ tags: { a: '1' } });
    expect(delivery).toEqual({
      id: expect.stringMatching(/^[0-9A-Za-z]{16}$/),
      arn: `arn:aws:logs:us-east-1:000000000000:delivery:${delivery?.id}`,
      deliverySourceName: 'info',
      deliveryDestinationArn: DESTINATION_ARN,
      deliveryDestinationType: 'CWL',
      tags: { a: '1' },
    });
    expect(await call('GetDelivery', { id: delivery?.id })).toEqual({ delivery });
    expect(await call('DescribeDeliveries', {})).toEqual({ deliveries: [delivery] });
    expect(await call('UpdateDeliveryConfiguration', { id: delivery?.id })).toEqual({});
    expect(await refusal('DeleteDeliverySource', { name: 'info' })).toContain('ConflictException');
    expect(await refusal('DeleteDeliveryDestination', { name: 'group' })).toContain('ConflictException');
    await call('DeleteDelivery', { id: delivery?.id });
    expect(await refusal('DeleteDelivery', { id: delivery?.id })).toBe(
      'ResourceNotFoundException: Requested Delivery does not exist in this account.',
    );
    await call('DeleteDeliverySource', { name: 'info' });
  });

  test.each([
    ['PutDeliverySource', { resourceArn: 'arn:aws:s3:::b', logType: 'ACCESS_LOGS' }, 'Cannot access provided service.'],
    [
      'PutDeliverySource',
      { resourceArn: BUS_ARN, logType: 'ACCESS_LOGS' },
      'This service is not allowed for this LogSource.',
    ],
    [
      'PutDeliverySource',
      { resourceArn: BUS_ARN.replace('000000000000', '111111111111'), logType: 'INFO_LOGS' },
      'Cannot access',
    ],
    ['PutDeliverySource', { resourceArn: BUS_ARN, logType: 'INFO_LOGS', tags: {} }, "at 'tags'"],
    [
      'PutDeliverySource',
      { resourceArn: BUS_ARN, logType: 'INFO_LOGS', deliverySourceConfiguration: { a: '1' } },
      'is not available',
    ],
    [
      'PutDeliverySource',
      { name: 'a b', resourceArn: BUS_ARN, logType: 'INFO_LOGS' },
      'Member must satisfy regular expression',
    ],
    [
      'PutDeliveryDestination',
      { outputFormat: 'foobar', deliveryDestinationConfiguration: { destinationResourceArn: GROUP_ARN } },
      "Value 'foobar' at 'outputFormat' failed to satisfy constraint: Member must satisfy enum value set: [w3c, raw, json, plain, parquet]",
    ],
    [
      'PutDeliveryDestination',
      { deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:s3:::b' } },
      'ResourceNotFoundException: Cannot access provided resource.',
    ],
    ['PutDeliveryDestination', { deliveryDestinationType: 'XRAY' }, 'deliveryDestinationType XRAY is not available'],
    ['PutDeliveryDestination', {}, 'Member must not be null'],
    [
      'PutDeliveryDestination',
      { deliveryDestinationConfiguration: { destinationResourceArn: `${GROUP_ARN}x` } },
      'The specified log group does not exist.',
    ],
    [
      'CreateDelivery',
      { deliverySourceName: 'x', deliveryDestinationArn: DESTINATION_ARN },
      'Requested Delivery Source does not exist',
    ],
    ['GetDelivery', { id: '-' }, "at 'id'"],
    ['DescribeDeliveries', { nextToken: 'x' }, 'nextToken is invalid'],
  ])('%s of %j is refused: %s', async (operationName, input, text) => {
    expect(await refusal(operationName, { name: 'n', ...input })).toContain(text);
  });

  test('what other destinations would take is refused by name', async () => {
    await putSource();
    await putDestination();
    const input = { deliverySourceName: 'info', deliveryDestinationArn: DESTINATION_ARN };
    for (const more of [{ recordFields: ['a'] }, { fieldDelimiter: ',' }]) {
      expect(await refusal('CreateDelivery', { ...input, ...more })).toContain(
        `${Object.keys(more)[0]} is not available`,
      );
    }
    expect(await refusal('CreateDelivery', { ...input, s3DeliveryConfiguration: {} })).toContain('only valid when');
    await connect();
    expect(await refusal('CreateDelivery', input)).toBe('ConflictException: The specified Delivery already exists');
    await putDestination({ name: 'other' });
    const other = { ...input, deliveryDestinationArn: DESTINATION_ARN.replace('group', 'other') };
    expect(await refusal('CreateDelivery', other)).toContain('with the same Delivery Destination Type.');
  });
});

describe('what a service writes', () => {
  test('goes where a delivery for its type leads, and nowhere without one', async () => {
    await putSource();
    await putDestination();
    expect(await write('before')).toEqual({ isDelivered: false });
    const { delivery } = await connect();
    expect(await write('one')).toEqual({ isDelivered: true });
    await write('trace', 'TRACE_LOGS');
    cell = await cell.restart();
    await write('two');
    cell = await cell.restart({ clean: true });
    await write('three');
    expect(await messages()).toEqual(['one', 'two', 'three']);
    await call('DeleteDelivery', { id: delivery?.id });
    await write('after');
    expect(await messages()).toEqual(['one', 'two', 'three']);
  });

  test('makes no group', async () => {
    await putSource();
    await putDestination();
    await connect();
    await call('DeleteLogGroup', { logGroupName: GROUP });
    await write('one');
    expect(await call('DescribeLogGroups', {})).toEqual({ logGroups: [] });
  });

  test('creating a delivery lets the service in and tries the group out', async () => {
    await setUp({ iamMode: 'enforce' });
    await putSource();
    await putDestination();
    await connect();
    await write('one');
    expect(await messages()).toEqual(['one']);
    const streams = await call<wire.DescribeLogStreamsOutput>('DescribeLogStreams', { logGroupName: GROUP });
    expect(streams.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([
      'Bus',
      'log_stream_created_by_aws_to_validate_log_delivery_subscriptions',
    ]);
    await call('DeleteResourcePolicy', { policyName: 'AWSLogDeliveryWrite20150319' });
    await write('two');
    expect(await messages()).toEqual(['one']);
  });
});
