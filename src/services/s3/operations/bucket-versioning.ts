// Versioning: never on, on, or suspended; once on it cannot be off again.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  GetBucketVersioningInput,
  GetBucketVersioningOutput,
  PutBucketVersioningInput,
} from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { headerNotAvailable, malformedXml, notAvailable, noVersioning } from '../errors.ts';
import { findBucket, putBucket } from '../find-bucket.ts';
import type { S3State } from '../state.ts';

export const getBucketVersioning = operation<S3State, GetBucketVersioningInput, GetBucketVersioningOutput>({
  authorize: onBucket('GetBucketVersioning'),
  decide(turn, input): Reply<GetBucketVersioningOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { versioning } = found.bucket;
    return { output: versioning === undefined ? {} : { Status: versioning } };
  },
});

export const putBucketVersioning = operation<S3State, PutBucketVersioningInput, object>({
  authorize: onBucket('PutBucketVersioning'),
  decide(turn, input): Reply<object> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { Status, MFADelete } = input.VersioningConfiguration ?? {};
    if (Status === undefined && MFADelete === undefined) return refuse(noVersioning());
    if (Status !== 'Enabled' && Status !== 'Suspended') return refuse(malformedXml());
    if (MFADelete !== undefined && MFADelete !== 'Disabled') return refuse(notAvailable('MFA delete'));
    if (input.MFA !== undefined) return refuse(headerNotAvailable('x-amz-mfa', 'a device'));
    putBucket(turn, found.bucket, { versioning: Status });
    return { output: {} };
  },
});
