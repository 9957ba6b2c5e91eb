// Operations that only read or change a bucket's document: most of a bucket's configurations are asked for and put in the same way.

import { type Operation, operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused } from '#model/aws-error.ts';
import { onBucket } from './access.ts';
import type { BucketDoc } from './bucket.ts';
import { findBucket, type NamesBucket, putBucket } from './find-bucket.ts';
import type { S3State, S3Turn } from './state.ts';

/** Answers what `show` makes of the bucket, or its refusal. */
export function readsBucket<I extends NamesBucket, O extends object>(
  action: string,
  show: (bucket: BucketDoc, given: { readonly input: I; readonly turn: S3Turn }) => O | Refused,
): Operation<S3State> {
  return operation<S3State, I, O>({
    authorize: onBucket<I>(action),
    decide(turn, input): Reply<O> {
      const found = findBucket(turn, input);
      if (isRefused(found)) return found;
      const shown = show(found.bucket, { input, turn });
      return isRefused(shown) ? shown : { output: shown };
    },
  });
}

/** Puts the changes that `change` decides; an empty answer. Without changes nothing is written. */
export function changesBucket<I extends NamesBucket>(
  action: string,
  change: (bucket: BucketDoc, given: { readonly input: I; readonly turn: S3Turn }) => Partial<BucketDoc> | Refused,
): Operation<S3State> {
  return operation<S3State, I, object>({
    authorize: onBucket<I>(action),
    decide(turn, input): Reply<object> {
      const found = findBucket(turn, input);
      if (isRefused(found)) return found;
      const changes = change(found.bucket, { input, turn });
      if (isRefused(changes)) return changes;
      if (Object.keys(changes).length > 0) putBucket(turn, found.bucket, changes);
      return { output: {} };
    },
  });
}

/** Of what is not there: its removal has nothing to do. */
export function removesNothing(action: string): Operation<S3State> {
  return changesBucket(action, () => ({}));
}
