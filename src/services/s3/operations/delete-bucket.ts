// DeleteBucket: an empty one; unfinished uploads do not keep it, and go with it.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteBucketInput } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { bucketNotEmpty } from '../errors.ts';
import { UploadAborted } from '../facts.ts';
import { findBucket } from '../find-bucket.ts';
import type { S3State } from '../state.ts';

export const deleteBucket = operation<S3State, DeleteBucketInput, object>({
  authorize: onBucket('DeleteBucket'),
  decide(turn, input): Reply<object> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    if (contents.objects.size > 0) return refuse(bucketNotEmpty(bucket.name, bucket.versioning !== undefined));
    for (const uploadId of [...contents.uploadsById.keys()]) {
      turn.record(UploadAborted, { bucket: bucket.id, uploadId, atMs: turn.nowMs });
    }
    turn.drop(turn.state.buckets, bucket.name);
    return { output: {} };
  },
});
