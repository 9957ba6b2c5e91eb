// A channel from a stream into a bucket, through AWS's clients.

import {
  CreateChannelCommand,
  CreateStreamCommand,
  DescribeChannelCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
});

afterAll(() => server.close());

test('what is put into a stream is in a bucket five minutes later', async () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const kinesis = new KinesisClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  const { ChannelDescription } = await kinesis.send(
    new CreateChannelCommand({
      ChannelName: 'lake',
      ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/deliver',
      StreamConfigurationList: [{ StreamARN, RecordConfiguration: { RecordFormatType: 'JSON' } }],
      S3DestinationConfiguration: {
        StorageConfiguration: {
          BucketARN: 'arn:aws:s3:::lake',
          ExpectedBucketOwner: '000000000000',
          CompressionType: 'NONE',
        },
      },
    }),
  );
  const Records = ['{"id":1}', '{"id":2}'].map((text) => ({ PartitionKey: 'k', Data: Buffer.from(text) }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  await fetch(`${server.url}/_eddy/clock`, {
    method: 'POST',
    body: JSON.stringify({ action: 'advance', ms: 300_000 }),
  });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }));
  expect(Contents).toHaveLength(1);
  const Key = Contents[0]?.Key ?? '';
  expect(Key.startsWith(`kinesis-channel/lake/${ChannelDescription?.ChannelId}/`)).toBe(true);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
  expect(await Body?.transformToString()).toBe('{"id":1}\n{"id":2}\n');
  const described = await kinesis.send(
    new DescribeChannelCommand({ ChannelARN: ChannelDescription?.ChannelARN as string }),
  );
  expect(described.ChannelDescription?.ChannelStatus).toBe('ACTIVE');
  kinesis.destroy();
  s3.destroy();
});
