// Kill -9 while delivery streams write: every record that was acknowledged is in the bucket afterwards, in an object that is whole.

import { join } from 'node:path';
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { gunzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { startEddy, temporaryFolder } from './eddy-process.ts';

const ROLE = 'arn:aws:iam::000000000000:role/firehose';
const LIVES = 3;
/** Of each producer before it kills the process: twelve megabytes, so that objects are being written all the time. */
const BATCHES = 20;
const named = { DeliveryStreamName: 'orders' };

function clientsOf(endpoint: string) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return { firehose: new FirehoseClient(config), s3: new S3Client({ ...config, forcePathStyle: true }) };
}

async function textsIn(s3: S3Client): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: 'lake', ContinuationToken }));
    for (const { Key } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key }));
      const text = Buffer.from(gunzipSync(await Body!.transformToByteArray())).toString();
      for (const line of text.trimEnd().split('\n')) found.add(line);
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

interface Produced {
  /** Texts of records that were acknowledged. */
  readonly acknowledged: string[];
  next: number;
}

/** Puts until the process is gone, and kills it after so many batches, in the middle of the others. */
async function produce(firehose: FirehoseClient, produced: Produced, kill: () => void): Promise<void> {
  for (let batch = 0; ; batch += 1) {
    const texts = Array.from({ length: 100 }, () => {
      produced.next += 1;
      return `${produced.next} ${'x'.repeat(2_000)}`;
    });
    const Records = texts.map((text) => ({ Data: Buffer.from(`${text}\n`) }));
    try {
      await firehose.send(new PutRecordBatchCommand({ ...named, Records }));
    } catch {
      // The process is gone: nothing of this batch was acknowledged.
      return;
    }
    produced.acknowledged.push(...texts);
    if (batch === BATCHES) kill();
  }
}

test('what was acknowledged is delivered by the next process', async () => {
  const folder = temporaryFolder();
  const produced: Produced = { acknowledged: [], next: 0 };
  const start = async () => {
    const server = await startEddy(['--data-dir', join(folder.path, 'data')]);
    return { server, ...clientsOf(server.url) };
  };
  try {
    for (let life = 0; life < LIVES; life += 1) {
      const { server, firehose, s3 } = await start();
      if (life === 0) await createStream(firehose, s3);
      let ended: Promise<unknown> | undefined;
      const kill = (): void => {
        ended ??= server.end('SIGKILL');
      };
      await Promise.all([1, 2, 3].map(() => produce(firehose, produced, kill)));
      await ended;
      for (const client of [firehose, s3]) client.destroy();
    }
    const { server, firehose, s3 } = await start();
    const missing = async (): Promise<number> => {
      const found = await textsIn(s3);
      return produced.acknowledged.filter((text) => !found.has(text)).length;
    };
    await expect.poll(missing, { timeout: 30_000, interval: 500 }).toBe(0);
    expect(produced.acknowledged.length).toBeGreaterThan(LIVES * BATCHES * 100);
    await server.end('SIGKILL');
    for (const client of [firehose, s3]) client.destroy();
  } finally {
    folder.remove();
  }
}, 120_000);

async function createStream(firehose: FirehoseClient, s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  const ExtendedS3DestinationConfiguration = {
    RoleARN: ROLE,
    BucketARN: 'arn:aws:s3:::lake',
    CompressionFormat: 'GZIP' as const,
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
  };
  await firehose.send(new CreateDeliveryStreamCommand({ ...named, ExtendedS3DestinationConfiguration }));
}
