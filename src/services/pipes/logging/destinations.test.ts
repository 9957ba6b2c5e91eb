// Logs of pipes beyond log groups.

import { beforeEach, describe, expect, it } from 'vitest';
import { firehose } from '#services/firehose/service.ts';
import { STREAM_ARN, s3Stream } from '#services/firehose/testing.ts';
import { LogBlobs } from '#services/logs/objects/testing.ts';
import { s3 } from '#services/s3/service.ts';
import { PipesTest, queueArn } from '../testing.ts';

const TO_STREAM = { FirehoseLogDestination: { DeliveryStreamArn: STREAM_ARN } };
let test: PipesTest;

const pipe = (LogConfiguration: object) =>
  test.pipe({ Target: queueArn('target'), LogConfiguration: { Level: 'INFO', ...LogConfiguration } });

describe('a delivery stream', () => {
  beforeEach(async () => {
    test = await PipesTest.open({ more: [firehose] });
    await test.queue('target');
    await test.cell.call('firehose', 'CreateDeliveryStream', s3Stream());
  });

  it("PIP-LOG-06 gets a record for each step, and AWS's tag", async () => {
    await pipe(TO_STREAM);
    expect(await test.describe()).toMatchObject({ LogConfiguration: { Level: 'INFO', ...TO_STREAM } });
    test.cell.takeFacts();
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    await test.restart({ clean: true });
    await test.send('2');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    const { Tags } = await test.cell.call<{ Tags: unknown }>('firehose', 'ListTagsForDeliveryStream', {
      DeliveryStreamName: 'orders',
    });
    expect(Tags).toEqual([{ Key: 'LogDeliveryEnabled', Value: 'true' }]);
  });

  it('PIP-LOG-06 and a log group get the same', async () => {
    await test.cell.call('logs', 'CreateLogGroup', { logGroupName: 'lines' });
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:lines';
    await pipe({ ...TO_STREAM, CloudwatchLogsLogDestination: { LogGroupArn } });
    test.cell.takeFacts();
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('RecordHandedOver')).toHaveLength(4);
    expect(await test.logLines('lines')).toHaveLength(4);
  });

  it('PIP-LOG-06 that is gone keeps nothing from its target', async () => {
    await pipe(TO_STREAM);
    await test.cell.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'orders' });
    await test.send('1');
    await test.cell.settle();
    expect(await test.counts('target')).toBe('1 0');
  });

  it('PIP-LOG-06 that does not exist is refused, also by an update', async () => {
    const missing = { FirehoseLogDestination: { DeliveryStreamArn: `${STREAM_ARN}s` } };
    await expect(pipe(missing)).rejects.toThrow('LogConfiguration.FirehoseLogDestination');
    await pipe({ Level: 'OFF' });
    const LogConfiguration = { Level: 'INFO' as const, ...missing };
    expect(
      await test.refusal('UpdatePipe', {
        Name: 'orders',
        RoleArn: (await test.describe()).RoleArn ?? '',
        LogConfiguration,
      }),
    ).toContain('Firehose orderss');
  });
});

describe('a bucket', () => {
  const S3LogDestination = { BucketName: 'lines', BucketOwner: '000000000000', Prefix: 'shop' };
  const KEY = 'shop/AWSLogs/000000000000/PipesLogs/us-east-1/2026/01/15/orders.2026-01-15-12.gz';
  let blobs: LogBlobs;

  beforeEach(async () => {
    blobs = new LogBlobs();
    test = await PipesTest.open({ more: [s3], performers: blobs.performers });
    await test.queue('target');
    await test.cell.call('s3', 'CreateBucket', { Bucket: 'lines' });
  });

  it.each([{ clean: false }, { clean: true }])(
    'PIP-LOG-05 gets an object of all steps, also after a restart: %j',
    async (options) => {
      await pipe({ S3LogDestination });
      expect(await test.describe()).toMatchObject({
        LogConfiguration: { Level: 'INFO', S3LogDestination: { ...S3LogDestination, OutputFormat: 'json' } },
      });
      await test.send('1');
      await test.cell.settle();
      await test.restart(options);
      await test.send('2');
      await test.cell.advance(300_000);
      const { [KEY]: lines = [] } = await blobs.objects(test.cell, 'lines');
      const steps = lines.map((line) => (JSON.parse(line) as { messageType: string }).messageType);
      const once = ['ExecutionStarted', 'TargetStageEntered', 'TargetStageSucceeded', 'ExecutionSucceeded'];
      expect(steps).toEqual([...once, ...once]);
    },
  );

  it('PIP-LOG-05 that is not there, or of another account, is refused', async () => {
    const missing = { S3LogDestination: { ...S3LogDestination, BucketName: 'none' } };
    await expect(pipe(missing)).rejects.toThrow('LogConfiguration.S3LogDestination');
    const foreign = { S3LogDestination: { ...S3LogDestination, BucketOwner: '111111111111' } };
    await expect(pipe(foreign)).rejects.toThrow('LogConfiguration.S3LogDestination');
  });

  it('PIP-LOG-05 loses its place in the log with an update that does not name it', async () => {
    await pipe({ S3LogDestination });
    const { RoleArn = '' } = await test.describe();
    await test.call('UpdatePipe', { Name: 'orders', RoleArn, LogConfiguration: { Level: 'OFF' } });
    expect((await test.describe()).LogConfiguration).toEqual({ Level: 'OFF' });
  });
});

it('PIP-LOG-05 of two destinations the one that is there is left as it was when the other is not', async () => {
  test = await PipesTest.open({ more: [s3, firehose], performers: new LogBlobs().performers });
  await test.queue('target');
  await test.cell.call('firehose', 'CreateDeliveryStream', s3Stream());
  const S3LogDestination = { BucketName: 'lines', BucketOwner: '000000000000' };
  await expect(pipe({ ...TO_STREAM, S3LogDestination })).rejects.toThrow('LogConfiguration.S3LogDestination');
  const { Tags } = await test.cell.call<{ Tags: unknown }>('firehose', 'ListTagsForDeliveryStream', {
    DeliveryStreamName: 'orders',
  });
  expect(Tags).toEqual([]);
  await test.cell.call('s3', 'CreateBucket', { Bucket: 'lines' });
  const missing = { FirehoseLogDestination: { DeliveryStreamArn: `${STREAM_ARN}s` } };
  await expect(pipe({ ...missing, S3LogDestination })).rejects.toThrow('LogConfiguration.FirehoseLogDestination');
  const reply = await test.cell.reply('s3', 'GetBucketPolicy', { Bucket: 'lines' });
  expect(reply).toMatchObject({ refused: { code: 'NoSuchBucketPolicy' } });
});

it('PIP-LOG-07 where permissions are enforced, the delivery service is let in, whatever the role may', async () => {
  const blobs = new LogBlobs();
  test = await PipesTest.open({ iamMode: 'enforce', more: [s3, firehose], performers: blobs.performers });
  await test.queue('orders');
  await test.queue('target');
  const role = async (RoleName: string, Service: string, ...Action: string[]): Promise<void> => {
    const trust = [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: trust });
    await test.cell.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action, Resource: '*' },
    });
    await test.cell.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument });
  };
  await role('pipe', 'pipes.amazonaws.com', 'sqs:*');
  await role('firehose', 'firehose.amazonaws.com', 's3:*');
  await test.cell.call('s3', 'CreateBucket', { Bucket: 'lines' });
  await test.cell.call('firehose', 'CreateDeliveryStream', s3Stream());
  await pipe({ ...TO_STREAM, S3LogDestination: { BucketName: 'lines', BucketOwner: '000000000000' } });
  test.cell.takeFacts();
  await test.send('1');
  await test.cell.settle();
  expect(test.facts('RecordHandedOver')).toHaveLength(4);
  await test.cell.advance(300_000);
  expect(Object.values(await blobs.objects(test.cell, 'lines')).map(({ length }) => length)).toEqual([4]);
});
