// Lifecycle rules of a bucket: replaced as a whole. Carried out by expiry.ts.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  GetBucketLifecycleConfigurationInput,
  GetBucketLifecycleConfigurationOutput,
  PutBucketLifecycleConfigurationInput,
  PutBucketLifecycleConfigurationOutput,
} from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { changesBucket, readsBucket } from '../configuration.ts';
import { invalidRequest, noLifecycle } from '../errors.ts';
import { findBucket, putBucket } from '../find-bucket.ts';
import { readLifecycle } from '../lifecycle-input.ts';
import type { S3State } from '../state.ts';

/** AWS: what transitions leave out by default; answered with every configuration. */
const DEFAULT_MINIMUM = 'all_storage_classes_128K';
const MINIMUMS = new Set([DEFAULT_MINIMUM, 'varies_by_storage_class']);

type Get = GetBucketLifecycleConfigurationInput;

export const getBucketLifecycle = readsBucket<Get, GetBucketLifecycleConfigurationOutput>(
  'GetLifecycleConfiguration',
  ({ name, lifecycle, transitionDefaultMinimumObjectSize: size }) =>
    lifecycle === undefined
      ? refuse(noLifecycle(name))
      : { Rules: lifecycle, TransitionDefaultMinimumObjectSize: size ?? DEFAULT_MINIMUM },
);

type Put = PutBucketLifecycleConfigurationInput;

export const putBucketLifecycle = operation<S3State, Put, PutBucketLifecycleConfigurationOutput>({
  authorize: onBucket('PutLifecycleConfiguration'),
  decide(turn, input): Reply<PutBucketLifecycleConfigurationOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const rules = readLifecycle(turn, input.LifecycleConfiguration?.Rules);
    if (isRefused(rules)) return rules;
    const size = input.TransitionDefaultMinimumObjectSize ?? DEFAULT_MINIMUM;
    if (!MINIMUMS.has(size)) {
      return refuse(invalidRequest(`Invalid TransitionDefaultMinimumObjectSize found: ${size.slice(0, 100)}`));
    }
    putBucket(turn, found.bucket, {
      lifecycle: rules,
      lifecycleSetAtMs: turn.nowMs,
      transitionDefaultMinimumObjectSize: size,
    });
    return { output: { TransitionDefaultMinimumObjectSize: size } };
  },
});

export const deleteBucketLifecycle = changesBucket('PutLifecycleConfiguration', () => ({ lifecycle: undefined }));
