import { beforeEach, describe, expect, it } from 'vitest';
import { nodeDigest } from '#runtime/digest.ts';
import { aggregatedParts } from './source/aggregated.ts';
import { SOURCE_ARN } from './surroundings/testing.ts';
import { FirehoseTest, FUNCTION_ARN, ROLE_ARN, s3Stream } from './testing.ts';

const SOURCE = {
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: { KinesisStreamARN: SOURCE_ARN, RoleARN: ROLE_ARN },
};

let test: FirehoseTest;
beforeEach(async () => {
  test = await FirehoseTest.open();
});

const create = (more: object = {}): Promise<unknown> =>
  test.call('CreateDeliveryStream', { ...s3Stream(more), ...SOURCE });
const wake = (): Promise<unknown> => test.cell.call('kinesis', 'Wake', {});
const add = (shard: number, ...texts: readonly string[]): void => {
  for (const text of texts) test.world.stream.add(shard, text, test.cell.clock.nowMs());
};

describe('a stream as the source', () => {
  it('is read from when the delivery stream was created', async () => {
    test.world.stream.add(0, 'before', test.cell.clock.nowMs() - 1);
    await create();
    add(0, 'one');
    await test.advance(1);
    add(0, 'two');
    await wake();
    await test.advance(60);
    expect(await test.texts()).toEqual(['onetwo']);
    expect(await test.describe()).toMatchObject({
      DeliveryStreamType: 'KinesisStreamAsSource',
      Source: { KinesisStreamSourceDescription: { KinesisStreamARN: SOURCE_ARN, RoleARN: ROLE_ARN } },
    });
  });

  it.each([true, false])('is read on where it was read to, after a restart (clean: %s)', async (clean) => {
    await create();
    add(0, 'one', 'two');
    await test.advance(1);
    test = await test.restart({ clean });
    add(0, 'three');
    await wake();
    await test.advance(61);
    test = await test.restart({ clean });
    await test.advance(61);
    expect(await test.texts()).toEqual(['onetwothree']);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('gives children after their parents', async () => {
    const { shards } = test.world.stream;
    shards.push({ shardId: 'shardId-000000000001', parents: ['shardId-000000000000'], isClosed: false, records: [] });
    await create();
    add(1, 'child');
    add(0, 'parent');
    await test.advance(60);
    expect(await test.texts()).toEqual(['parent']);
    shards[0]!.isClosed = true;
    await wake();
    await test.advance(61);
    expect([...(await test.texts())].sort()).toEqual(['child', 'parent']);
    expect(test.world.stream.reads.findIndex((read) => read.startsWith('shardId-000000000001'))).toBeGreaterThan(1);
  });

  it('keeps its records while the buffers are full', async () => {
    await create();
    test.world.buckets.missing.add('lake');
    add(0, ...new Array(40).fill('x'.repeat(512 * 1024)));
    await test.advance(600);
    const waiting = [...test.state.contents.values()][0]!.lanes.get('deliver')!.log.bytes;
    expect(waiting).toBeLessThanOrEqual(25 * 1024 * 1024);
    test.world.buckets.missing.clear();
    await test.advance(600);
    const total = (await test.texts()).reduce((sum, { length }) => sum + length, 0);
    expect(total).toBe(40 * 512 * 1024);
  });

  it('that is gone is looked for again', async () => {
    await create();
    test.world.stream.isGone = true;
    await wake();
    await test.advance(20);
    expect(test.cell.takeFacts().filter(({ name }) => name === 'SourcePaused').length).toBeGreaterThan(1);
    test.world.stream.isGone = false;
    add(0, 'one');
    await test.advance(70);
    expect(await test.texts()).toEqual(['one']);
  });

  it('tells the function where records come from', async () => {
    const Parameters = [{ ParameterName: 'LambdaArn', ParameterValue: FUNCTION_ARN }];
    await create({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda', Parameters }] } });
    add(0, 'one');
    await test.advance(61);
    const [call] = test.world.lambda.calls;
    expect(call?.event).toMatchObject({
      sourceKinesisStreamArn: SOURCE_ARN,
      records: [
        {
          kinesisRecordMetadata: {
            shardId: 'shardId-000000000000',
            partitionKey: 'p',
            sequenceNumber: '0000000',
            subsequenceNumber: 0,
            approximateArrivalTimestamp: Date.UTC(2026, 0, 15, 12),
          },
        },
      ],
    });
  });

  it('must be there, and takes no records of clients', async () => {
    test.world.stream.isGone = true;
    const input = { ...s3Stream(), ...SOURCE };
    expect(await test.refusal('CreateDeliveryStream', input)).toMatch(/^InvalidArgumentException: Kinesis Stream arn/);
    test.world.stream.isGone = false;
    await create();
    const Record = { Data: Buffer.from('x') };
    expect(await test.refusal('PutRecord', { DeliveryStreamName: 'orders', Record })).toBe(
      'InvalidArgumentException: This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    );
  });
});

describe('aggregated records of the Kinesis Producer Library', () => {
  /** Two keys, two records, as the library's description has them. */
  const field = (tag: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
  const record = (key: number, data: string): Buffer =>
    field(0x1a, Buffer.concat([Buffer.from([0x08, key]), field(0x1a, Buffer.from(data))]));
  const body = Buffer.concat([
    ...[field(0x0a, Buffer.from('k0')), field(0x0a, Buffer.from('k1'))],
    ...[record(1, 'one'), record(0, 'two')],
  ]);
  const seal = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from('f3899ac2', 'hex'), bytes, Buffer.from(nodeDigest.md5Hex(bytes), 'hex')]);

  it('are taken apart', async () => {
    await create();
    test.world.stream.add(0, '', test.cell.clock.nowMs(), seal(body));
    await test.advance(60);
    expect(await test.texts()).toEqual(['onetwo']);
  });

  it.each([
    ['too short', Buffer.from('f3899ac2', 'hex')],
    ['of another digest', Buffer.concat([seal(body).subarray(0, -1), Buffer.from([0])])],
    ['no protocol buffer', seal(Buffer.from([0x0a, 0xff]))],
    ['of unknown wire types', seal(Buffer.from([0x0d, 1, 2, 3, 4]))],
    ['something else', Buffer.from('hello, this is no aggregated record')],
  ])('that are %s stay one', (_what, bytes) => {
    expect(aggregatedParts(nodeDigest, bytes)).toBeUndefined();
  });
});
