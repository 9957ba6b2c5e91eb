// What is in the bucket: clicks in their partitions, thumbnails, reports.

import { gunzipSync } from 'node:zlib';
import type { S3 } from '@aws-sdk/client-s3';
import type { Click, Report } from '../contracts.ts';
import { reportKey } from '../services/reports.ts';

export interface Lake {
  /** By the click's id: how often it is there. */
  readonly clicks: ReadonlyMap<string, number>;
  /** Clicks in a partition of another kind. */
  readonly misplaced: readonly string[];
  readonly files: number;
  readonly keys: ReadonlySet<string>;
}

export async function readLake(s3: S3, Bucket: string): Promise<Lake> {
  const keys = await keysOf(s3, Bucket);
  const clicks = new Map<string, number>();
  const misplaced: string[] = [];
  const files = keys.filter((key) => key.startsWith('clicks/'));
  for (const Key of files) {
    const kind = /^clicks\/kind=([^/]+)\//.exec(Key)?.[1];
    for (const click of await clicksOf(s3, Bucket, Key)) {
      clicks.set(click.clickId, (clicks.get(click.clickId) ?? 0) + 1);
      if (click.kind !== kind) misplaced.push(click.clickId);
    }
  }
  return { clicks, misplaced, files: files.length, keys: new Set(keys) };
}

export async function readReport(s3: S3, Bucket: string, reportId: string): Promise<Report | undefined> {
  try {
    const { Body } = await s3.getObject({ Bucket, Key: reportKey(reportId) });
    return JSON.parse((await Body?.transformToString()) ?? 'null') as Report;
  } catch {
    return undefined;
  }
}

export async function keysOf(s3: S3, Bucket: string, Prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
    const page = await s3.listObjectsV2({
      Bucket,
      Prefix,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    token = page.NextContinuationToken;
  }
  return keys;
}

async function clicksOf(s3: S3, Bucket: string, Key: string): Promise<Click[]> {
  const { Body } = await s3.getObject({ Bucket, Key });
  const lines = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Click);
}
