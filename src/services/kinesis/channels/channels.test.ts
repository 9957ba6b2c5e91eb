import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import type { ObjectPut } from '#cell/objects-door.ts';
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import { clientError } from '#model/aws-error.ts';
import { KinesisTest, streamArnOf } from '../testing.ts';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deliver`;
const FRESHNESS_MS = 300_000;

/** Stands in for S3: keeps what it is given. */
class Objects {
  readonly puts: ObjectPut[] = [];
  refuses = false;

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 's3',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      doors: () => ({
        objects: {
          findBucket: (_turn, bucket) => (bucket === 'none' ? undefined : { account: ACCOUNT, region: 'us-east-1' }),
          put: (_turn, request) => {
            if (this.refuses) return { refused: clientError('AccessDenied', 'Access Denied') };
            this.puts.push(request);
            return { eTag: request.body.md5 };
          },
          find: () => ({ refused: clientError('NoSuchKey', '') }),
        },
      }),
    });
  }
}

async function open() {
  const objects = new Objects();
  const test = await KinesisTest.open([objects.definition]);
  await test.call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const input = (storage: object = {}, format = 'STRING') => ({
    ChannelName: 'lake',
    ServiceExecutionRoleARN: ROLE,
    StreamConfigurationList: [{ StreamARN: streamArnOf('orders'), RecordConfiguration: { RecordFormatType: format } }],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        BucketARN: 'arn:aws:s3:::lake',
        ExpectedBucketOwner: ACCOUNT,
        CompressionType: 'NONE',
        ...storage,
      },
    },
  });
  const create = async (storage?: object, format?: string): Promise<string> =>
    (await test.call('CreateChannel', input(storage, format))).ChannelDescription?.ChannelARN ?? '';
  const bytes = async ({ body }: ObjectPut): Promise<Uint8Array> =>
    (await test.engine.blobs.get(body.blob)) ?? new Uint8Array();
  const lines = async (): Promise<string[]> => {
    const texts = await Promise.all(objects.puts.map(async (put) => utf8Decode(await bytes(put))));
    return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  };
  return { test, objects, input, create, bytes, lines };
}

describe('a channel', () => {
  it('delivers what comes after it was made, every five minutes, once', async () => {
    const { test, objects, create, lines } = await open();
    await test.put(['k=before']);
    await create();
    await test.put(['k=a', 'k=b']);
    await test.advance(FRESHNESS_MS);
    expect(await lines()).toEqual(['k=a', 'k=b']);
    expect(objects.puts[0]?.key).toMatch(
      /^kinesis-channel\/lake\/([0-9a-f-]{36})\/2026\/01\/15\/12\/lake-\1-2026-01-15-12-05-000000-[0-9a-f]{11}$/,
    );
    expect(objects.puts[0]?.principal).toMatchObject({ kind: 'session', roleArn: ROLE });
    await test.put(['k=c']);
    await test.advance(FRESHNESS_MS);
    await test.advance(FRESHNESS_MS);
    expect(await lines()).toEqual(['k=a', 'k=b', 'k=c']);
  });

  it('follows shards that are split, and reads blocks', async () => {
    const { test, create, lines } = await open();
    await create({}, 'STRING');
    await test.put(['k=a']);
    await test.call('UpdateStreamMode', {
      StreamARN: streamArnOf('orders'),
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
    await test.call('UpdateShardCount', { StreamName: 'orders', TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' });
    await test.put(['k=b']);
    await test.advance(FRESHNESS_MS);
    expect(await lines()).toEqual(['k=a', 'k=b']);
  });

  it.each([
    ['kill -9', false],
    ['a clean stop', true],
  ])('goes on where it was after %s', async (_how, isClean) => {
    const { test, create, lines } = await open();
    await create();
    await test.put(['k=a']);
    await test.advance(FRESHNESS_MS);
    await test.put(['k=b']);
    await test.restart(isClean);
    await test.advance(FRESHNESS_MS);
    expect(await lines()).toEqual(['k=a', 'k=b']);
  });

  it('has every record in one object, whenever the process ends', async () => {
    const { test, create, lines } = await open();
    await create();
    const put: string[] = [];
    for (let life = 0; life < 16; life += 1) {
      await test.put([`k=${life}`]);
      put.push(`k=${life}`);
      test.cell.clock.moveTo(test.cell.clock.nowMs() + FRESHNESS_MS);
      for (let moment = 0; moment < life % 8; moment += 1) await new Promise((resolve) => setImmediate(resolve));
      await test.crash(life % 3 === 0);
    }
    await test.advance(2 * FRESHNESS_MS);
    expect(await lines()).toEqual(put);
  });

  it('compresses, and puts aside what is not of its format', async () => {
    const { test, objects, create, bytes } = await open();
    await create({ CompressionType: 'GZIP', OutputKeyTemplate: 'data/!{yyyy}!{extension}' }, 'JSON');
    await test.put(['{"a":1}', 'no json']);
    await test.advance(FRESHNESS_MS);
    const [first, second] = objects.puts;
    const [records, errors] = first?.key.startsWith('data/2026.gz-') === true ? [first, second] : [second, first];
    expect(records?.contentEncoding).toBe('gzip');
    expect(gunzipSync(await bytes(records as ObjectPut)).toString()).toBe('{"a":1}\n');
    expect(errors?.key).toMatch(/^kinesis-channel-errors\/lake\//);
    expect(JSON.parse(utf8Decode(await bytes(errors as ObjectPut)))).toMatchObject({
      sequenceNumber: expect.stringMatching(/^49/),
      errorMessage: 'The record is not valid JSON.',
    });
  });

  it('sets bytes one behind the other', async () => {
    const { test, objects, create, bytes } = await open();
    await create({}, 'BYTE_ARRAY');
    const Records = [0, 255].map((byte) => ({ PartitionKey: 'k', Data: new Uint8Array([byte]) }));
    await test.call('PutRecords', { StreamName: 'orders', Records });
    await test.advance(FRESHNESS_MS);
    expect([...(await bytes(objects.puts[0] as ObjectPut))]).toEqual([0, 255]);
  });

  it('tries again what S3 refuses, and says why', async () => {
    const { test, objects, create, lines } = await open();
    await create();
    await test.put(['k=a']);
    objects.refuses = true;
    await test.advance(FRESHNESS_MS);
    const failed = test.cell.takeFacts().filter(({ name }) => name === 'ChannelRunFailed');
    expect(failed.map(({ fact }) => fact)).toEqual([{ channel: 1, reason: 'AccessDenied: Access Denied' }]);
    objects.refuses = false;
    await test.advance(FRESHNESS_MS);
    expect(await lines()).toEqual(['k=a']);
  });

  it('is described, updated, listed, fails with its stream, and goes', async () => {
    const { test, create, input } = await open();
    const ChannelARN = await create();
    expect(await test.refusal('CreateChannel', input())).toContain('ResourceInUseException: Channel lake');
    await test.call('UpdateChannel', { ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 900 } });
    const describe = async () => (await test.call('DescribeChannel', { ChannelARN })).ChannelDescription;
    expect(await describe()).toMatchObject({
      ChannelStatus: 'ACTIVE',
      S3DestinationConfiguration: { DataFreshnessInSeconds: 900 },
      LoggingConfiguration: { CloudWatchLogs: { Enabled: false } },
    });
    const list = async (StreamARN: string) =>
      (await test.call('ListChannels', { StreamFilter: [{ StreamARN }] })).ChannelSummaries?.length;
    expect(await list(streamArnOf('orders'))).toBe(1);
    expect(await list(streamArnOf('other'))).toBe(0);
    expect(await test.call('DescribeLimits', {})).toMatchObject({ ChannelCount: 1 });
    expect(await test.call('DescribeStreamSummary', { StreamName: 'orders' })).toMatchObject({
      StreamDescriptionSummary: { ChannelCount: 1 },
    });
    await test.call('DeleteStream', { StreamName: 'orders' });
    await test.advance(900_000);
    expect(await describe()).toMatchObject({
      ChannelStatus: 'FAILED',
      ChannelStatusReason: expect.stringContaining('deleted'),
    });
    await test.call('DeleteChannel', { ChannelARN });
    expect(await test.refusal('DescribeChannel', { ChannelARN })).toContain('ResourceNotFoundException');
  });

  it.each([
    [{ S3TablesDestinationConfiguration: {} }, 'S3TablesDestinationConfiguration is not available here.'],
    [{ Tags: { a: 'b' } }, 'Tags of a channel is not available here.'],
    [{ S3DestinationConfiguration: undefined }, 'needs S3DestinationConfiguration'],
    [{ StreamConfigurationList: [] }, 'exactly one stream'],
    [{ ServiceExecutionRoleARN: 'x' }, 'not the ARN of a role'],
    [{ ChannelName: undefined }, "Value null at 'channelName'"],
  ])('is refused with %j', async (change, text) => {
    const { test, input } = await open();
    expect(await test.refusal('CreateChannel', { ...input(), ...change })).toContain(text);
  });

  it.each([
    [{ CompressionType: 'ZSTD' }, 'CompressionType ZSTD is not available here.'],
    [{ StorageClass: 'GLACIER_IR' }, 'StorageClass GLACIER_IR is not available here.'],
    [{ OutputKeyTemplate: 'a/!{week}' }, 'variable week'],
    [{ OutputKeyTemplate: '/a' }, 'must not begin'],
    [{ BucketARN: 'lake' }, 'not the ARN of a bucket'],
  ])('is refused with storage %j', async (change, text) => {
    const { test, input } = await open();
    expect(await test.refusal('CreateChannel', input(change))).toContain(text);
  });

  it('needs a stream on demand', async () => {
    const { test, input } = await open();
    await test.create('provisioned');
    const StreamConfigurationList = [
      { StreamARN: streamArnOf('provisioned'), RecordConfiguration: { RecordFormatType: 'JSON' } },
    ];
    expect(await test.refusal('CreateChannel', { ...input(), StreamConfigurationList })).toContain('On-Demand mode');
  });
});
