// Logs of a bus as objects of a bucket.

import { beforeEach, describe, expect, test } from 'vitest';
import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { iam } from '#services/iam/service.ts';
import { s3 } from '#services/s3/service.ts';
import { LogBlobs } from '../objects/testing.ts';
import { logs } from '../service.ts';
import { connect, connected, putEnds, refusal, write, writer } from './testing.ts';

const FOLDER = 'AWSLogs/000000000000/EventBusLogs';
const KEY = `${FOLDER}/shop.2026-01-15-12.gz`;
const FIVE_MINUTES_MS = 300_000;
let cell: TestCell;
let blobs: LogBlobs;

async function setUp(options: Parameters<typeof testCell>[1] = {}, destination = 'arn:aws:s3:::lines'): Promise<void> {
  blobs = new LogBlobs();
  cell = await testCell([logs, iam, writer, s3, deliveries], { ...options, performers: blobs.performers });
  await cell.call('s3', 'CreateBucket', { Bucket: 'lines' });
  await putEnds(cell, destination);
}

const objects = () => blobs.objects(cell, 'lines');
const ended = () =>
  cell
    .takeFacts()
    .filter(({ name }) => name === 'LogObjectEnded')
    .map(({ fact }) => (fact as { problem?: string }).problem);
const policy = async () =>
  JSON.parse((await cell.call<{ Policy: string }>('s3', 'GetBucketPolicy', { Bucket: 'lines' })).Policy);

beforeEach(() => setUp());

describe('lines for a bucket', () => {
  test('become one object five minutes after the first of them', async () => {
    await connect(cell);
    await write(cell, ['1', '2']);
    await cell.advance(FIVE_MINUTES_MS - 1);
    await write(cell, ['3']);
    expect(await objects()).toEqual({});
    await cell.advance(1);
    expect(await objects()).toEqual({ [KEY]: ['1', '2', '3'] });
    await cell.advance(FIVE_MINUTES_MS);
    expect(Object.keys(await objects())).toHaveLength(1);
  });

  test('are in the journal no longer than until then', async () => {
    await connect(cell);
    const before = cell.cell.memory.payloads.count;
    await write(cell, ['1']);
    await write(cell, ['2']);
    expect(cell.cell.memory.payloads.count).toBe(before + 2);
    await cell.advance(FIVE_MINUTES_MS);
    expect(cell.cell.memory.payloads.count).toBe(before);
  });

  test.each([{ clean: false }, { clean: true }])('outlive a restart: %j', async (options) => {
    await connect(cell);
    await write(cell, ['1']);
    cell = await cell.restart(options);
    await write(cell, ['2']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(await objects()).toEqual({ [KEY]: ['1', '2'] });
    cell = await cell.restart(options);
    await cell.advance(FIVE_MINUTES_MS);
    expect(Object.keys(await objects())).toHaveLength(1);
  });

  test.each([{ clean: false }, { clean: true }])(
    'that could not be written are written later, also after a restart: %j',
    async (options) => {
      await connect(cell);
      await write(cell, ['1']);
      blobs.failure = 'disk full';
      await cell.advance(FIVE_MINUTES_MS);
      await write(cell, ['2']);
      blobs.failure = undefined;
      cell = await cell.restart(options);
      await cell.settle();
      expect(await objects()).toEqual({ [KEY]: ['1'] });
      await cell.advance(FIVE_MINUTES_MS);
      expect(Object.keys(await objects())).toHaveLength(1);
      expect(Object.values(await objects())).not.toContain([]);
    },
  );

  test('that could not be written are tried again every minute', async () => {
    await connect(cell);
    await write(cell, ['1']);
    blobs.failure = 'disk full';
    await cell.advance(FIVE_MINUTES_MS + 60_000);
    expect(cell.takeFacts().filter(({ name }) => name === 'LogObjectDelayed')).toHaveLength(2);
    blobs.failure = undefined;
    await cell.advance(60_000);
    expect(await objects()).toEqual({ [KEY]: ['1'] });
  });

  test('go at once when they are many, and none is in two objects', async () => {
    await connect(cell);
    const line = 'x'.repeat(1024 * 1024 - 1);
    for (let i = 0; i < 17; i += 1) await write(cell, [line]);
    await cell.settle();
    expect(Object.values(await objects()).map(({ length }) => length)).toEqual([16]);
    await cell.advance(FIVE_MINUTES_MS);
    const facts = cell.takeFacts().filter(({ name }) => name === 'LogObjectEnded');
    expect(facts).toHaveLength(2);
  });

  test('that were written before the delivery was deleted still arrive, later ones do not', async () => {
    const delivery = await connect(cell);
    await write(cell, ['1']);
    await cell.call('logs', 'DeleteDelivery', { id: delivery?.id });
    await write(cell, ['2']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(await objects()).toEqual({ [KEY]: ['1'] });
  });

  test('are dropped when the bucket has gone, and the fact says why', async () => {
    await connect(cell);
    await write(cell, ['1']);
    await cell.call('s3', 'DeleteBucket', { Bucket: 'lines' });
    await cell.advance(FIVE_MINUTES_MS);
    expect(ended()).toEqual(['The bucket lines of the account 000000000000 does not exist.']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(ended()).toEqual([]);
  });
});

describe('a delivery to a bucket', () => {
  test("has the service's folder, and shows it", async () => {
    expect(await connect(cell)).toMatchObject({
      deliveryDestinationType: 'S3',
      s3DeliveryConfiguration: { suffixPath: 'AWSLogs/{account-id}/EventBusLogs/', enableHiveCompatiblePath: false },
    });
  });

  test('writes under the prefix of the destination and the path that it was given', async () => {
    await setUp({}, 'arn:aws:s3:::lines/shop');
    await connect(cell, { s3DeliveryConfiguration: { suffixPath: '/{yyyy}/{MM}', enableHiveCompatiblePath: true } });
    await write(cell, ['1']);
    await cell.advance(FIVE_MINUTES_MS);
    const folder = 'shop/AWSLogs/aws-account-id=000000000000/EventBusLogs/year=2026/month=01';
    expect(await objects()).toEqual({ [`${folder}/shop.2026-01-15-12.gz`]: ['1'] });
    const [{ Resource }] = (await policy()).Statement;
    expect(Resource).toBe('arn:aws:s3:::lines/shop/AWSLogs/aws-account-id=000000000000/EventBusLogs/*');
  });

  test('takes another path as it is given', async () => {
    const delivery = await connect(cell);
    const update = (asked: object) =>
      cell.call('logs', 'UpdateDeliveryConfiguration', { id: delivery?.id, s3DeliveryConfiguration: asked });
    await update({ suffixPath: 'mine/{dd}' });
    await update({ enableHiveCompatiblePath: true });
    await write(cell, ['1']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(await objects()).toEqual({ 'mine/day=15/shop.2026-01-15-12.gz': ['1'] });
    const input = { id: delivery?.id, s3DeliveryConfiguration: { suffixPath: 'day={dd}' } };
    expect(await refusal(cell, 'UpdateDeliveryConfiguration', input)).toBe(
      'ValidationException: Provided suffixPath is invalid',
    );
  });

  test.each([
    [{ suffixPath: '{busname}' }, 'Provided suffixPath is invalid'],
    [{ suffixPath: 'year={yyyy}', enableHiveCompatiblePath: true }, 'Provided suffixPath is invalid'],
    [{ suffixPath: 'x'.repeat(257) }, 'length less than or equal to 256'],
    [{ suffixPath: '' }, 'length greater than or equal to 1'],
  ])('refuses %j', async (s3DeliveryConfiguration, text) => {
    expect(await refusal(cell, 'CreateDelivery', connected({ s3DeliveryConfiguration }))).toContain(text);
  });

  test("adds AWS's statement to the bucket's policy once, and leaves alone what others wrote for the service", async () => {
    const delivery = await connect(cell);
    const first = await policy();
    expect(first).toMatchObject({
      Id: 'AWSLogDeliveryWrite20150319',
      Statement: [{ Resource: `arn:aws:s3:::lines/${FOLDER}/*` }],
    });
    await cell.call('logs', 'DeleteDelivery', { id: delivery?.id });
    await connect(cell);
    expect(await policy()).toEqual(first);
    const Policy = JSON.stringify({ ...first, Id: 'mine' });
    await cell.call('s3', 'PutBucketPolicy', { Bucket: 'lines', Policy });
    await putEnds(cell, 'arn:aws:s3:::lines/other');
    await cell.call('logs', 'PutDeliverySource', {
      name: 'b',
      resourceArn: 'arn:aws:events:us-east-1:000000000000:event-bus/b',
      logType: 'INFO_LOGS',
    });
    await connect(cell, { deliverySourceName: 'b' });
    expect(await policy()).toEqual({ ...first, Id: 'mine' });
  });

  test('adds to a policy of others that does not speak of the service', async () => {
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::lines' }];
    await cell.call('s3', 'PutBucketPolicy', {
      Bucket: 'lines',
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    await connect(cell);
    expect((await policy()).Statement).toMatchObject([Statement[0], { Action: 's3:PutObject' }]);
  });
});

describe('where permissions are enforced', () => {
  beforeEach(() => setUp({ iamMode: 'enforce' }));

  test("AWS's statement lets the lines in, and without it they are dropped", async () => {
    await connect(cell);
    await write(cell, ['1']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(await objects()).toEqual({ [KEY]: ['1'] });
    await cell.call('s3', 'DeleteBucketPolicy', { Bucket: 'lines' });
    cell.takeFacts();
    await write(cell, ['2']);
    await cell.advance(FIVE_MINUTES_MS);
    expect(ended()).toEqual([expect.stringContaining('AccessDenied')]);
    expect(Object.keys(await objects())).toHaveLength(1);
  });
});
