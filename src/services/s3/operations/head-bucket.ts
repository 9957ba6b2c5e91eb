// HeadBucket: whether it is there and may be used.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { HeadBucketInput, HeadBucketOutput } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { bucketArn } from '../bucket.ts';
import { findBucket } from '../find-bucket.ts';
import type { S3State } from '../state.ts';

export const headBucket = operation<S3State, HeadBucketInput, HeadBucketOutput>({
  authorize: onBucket('ListBucket'),
  decide(turn, input): Reply<HeadBucketOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket } = found;
    return { output: { BucketRegion: bucket.region, BucketArn: bucketArn(bucket), AccessPointAlias: false } };
  },
});
