// What goes on in the shop beside orders: clicks go to their stream, images and their jobs to bucket and queue, report jobs to theirs.

import type { Kinesis } from '@aws-sdk/client-kinesis';
import type { S3 } from '@aws-sdk/client-s3';
import type { SQS } from '@aws-sdk/client-sqs';
import type { Click } from '../contracts.ts';
import { originalKey } from '../services/images.ts';
import { type NewImage, THUMBNAIL_WIDTHS } from './orders.ts';

const RECORDS_MAX = 100;

/** Asks until it was taken: whatever comes twice by that is known again by its id. */
async function surely<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export async function sendClicks(
  kinesis: Kinesis,
  StreamName: string,
  clicks: readonly Omit<Click, 'atMs'>[],
): Promise<void> {
  for (let at = 0; at < clicks.length; at += RECORDS_MAX) {
    let open = clicks.slice(at, at + RECORDS_MAX);
    while (open.length > 0) {
      const Records = open.map((click) => ({
        PartitionKey: click.customer,
        Data: Buffer.from(JSON.stringify({ ...click, atMs: Date.now() })),
      }));
      const answer = await surely(() => kinesis.putRecords({ StreamName, Records }));
      open = open.filter((_, i) => answer.Records?.[i]?.ErrorCode !== undefined);
    }
  }
}

/** Every job twice when told to: the second one must change nothing. */
export async function sendImages(
  { s3, bucket, sqs, queueUrl }: { s3: S3; bucket: string; sqs: SQS; queueUrl: string },
  images: readonly NewImage[],
  isTwice: boolean,
): Promise<void> {
  for (const { imageId, content } of images) {
    await surely(() => s3.putObject({ Bucket: bucket, Key: originalKey(imageId), Body: content }));
    const MessageBody = JSON.stringify({ imageId, widths: THUMBNAIL_WIDTHS });
    for (let i = 0; i < (isTwice ? 2 : 1); i += 1)
      await surely(() => sqs.sendMessage({ QueueUrl: queueUrl, MessageBody }));
  }
}

export async function sendReportJob(sqs: SQS, queueUrl: string, reportId: string): Promise<void> {
  await surely(() => sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ reportId }) }));
}
