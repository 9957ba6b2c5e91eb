// The bucket that an input names.

import { type Refused, refuse } from '#model/aws-error.ts';
import type { BucketDoc } from './bucket.ts';
import { accessDenied, noSuchBucket } from './errors.ts';
import { type BucketContents, contentsOf, type S3Turn } from './state.ts';

export interface NamesBucket {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export interface FoundBucket {
  readonly bucket: BucketDoc;
  readonly contents: BucketContents;
}

export function findBucket(turn: S3Turn, input: NamesBucket): FoundBucket | Refused {
  const name = input.Bucket ?? '';
  const bucket = turn.state.buckets.get(name);
  if (bucket === undefined) return refuse(noSuchBucket(name));
  // AWS: "Verifying bucket ownership with bucket owner condition": "Amazon S3 returns an HTTP 403 Forbidden error".
  const expected = input.ExpectedBucketOwner;
  if (expected !== undefined && expected !== bucket.account) return refuse(accessDenied());
  return { bucket, contents: contentsOf(turn.state, bucket.id) };
}

/** Writes a changed configuration. */
export function putBucket(turn: S3Turn, bucket: BucketDoc, changes: Partial<BucketDoc>): void {
  turn.put(turn.state.buckets, bucket.name, { ...bucket, ...changes });
}
