// Makes thumbnails. A job that comes again would make the same bytes under the same keys: S3 is asked to write only what is not there yet
// (If-None-Match), so that two workers with the same job do not even overwrite each other.

import { type S3, S3ServiceException } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import type { ImageJob } from '../contracts.ts';
import { decodePpm, encodePpm, resize } from './pixels.ts';

export const originalKey = (imageId: string): string => `images/originals/${imageId}.ppm`;
export const thumbnailKey = (imageId: string, width: number): string => `images/${width}/${imageId}.ppm`;

export function imageWorker(s3: S3, bucket: string) {
  return async (messages: readonly Message[]): Promise<readonly Message[]> => {
    for (const { Body = '' } of messages) await makeThumbnails(s3, bucket, JSON.parse(Body) as ImageJob);
    return messages;
  };
}

async function makeThumbnails(s3: S3, Bucket: string, { imageId, widths }: ImageJob): Promise<void> {
  const { Body } = await s3.getObject({ Bucket, Key: originalKey(imageId) });
  const image = decodePpm((await Body?.transformToByteArray()) ?? new Uint8Array());
  for (const width of widths) {
    const content = encodePpm(resize(image, width));
    await putOnce(s3, { Bucket, Key: thumbnailKey(imageId, width), content, contentType: 'image/x-portable-pixmap' });
  }
}

export interface OnceOnly {
  readonly Bucket: string;
  readonly Key: string;
  readonly content: Uint8Array | string;
  readonly contentType: string;
}

/** Writes the object unless it exists. AWS, S3 user guide, "How to prevent object overwrites with conditional writes": 412, or 409 in a race. */
export async function putOnce(s3: S3, { Bucket, Key, content, contentType }: OnceOnly): Promise<void> {
  try {
    await s3.putObject({ Bucket, Key, Body: content, ContentType: contentType, IfNoneMatch: '*' });
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status !== 412) throw error;
  }
}
