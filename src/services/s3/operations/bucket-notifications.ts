// PutBucketNotificationConfiguration replaces the whole configuration; an empty one turns notifications off.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  GetBucketNotificationConfigurationInput,
  NotificationConfiguration,
  PutBucketNotificationConfigurationInput,
} from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { findBucket, putBucket } from '../find-bucket.ts';
import { readNotifications } from '../notification-input.ts';
import { rulesOf } from '../notification-rules.ts';
import { sendTestEvents, targetsProblem } from '../notification-targets.ts';
import type { S3State } from '../state.ts';

type Get = GetBucketNotificationConfigurationInput;

export const getBucketNotificationConfiguration = operation<S3State, Get, NotificationConfiguration>({
  authorize: onBucket('GetBucketNotification'),
  decide(turn, input): Reply<NotificationConfiguration> {
    const found = findBucket(turn, input);
    return isRefused(found) ? found : { output: found.bucket.notifications ?? {} };
  },
});

export const putBucketNotificationConfiguration = operation<S3State, PutBucketNotificationConfigurationInput, object>({
  authorize: onBucket('PutBucketNotification'),
  decide(turn, input): Reply<object> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket } = found;
    const read = readNotifications(turn, input.NotificationConfiguration);
    if (isRefused(read)) return read;
    const rules = rulesOf(read);
    const isValidated = input.SkipDestinationValidation !== true;
    const problem = isValidated ? targetsProblem(turn, bucket, rules) : undefined;
    if (problem !== undefined) return refuse(problem);
    const isEmpty = rules.length === 0 && read.EventBridgeConfiguration === undefined;
    putBucket(turn, bucket, { notifications: isEmpty ? undefined : read });
    if (isValidated) sendTestEvents(turn, bucket, rules);
    return { output: {} };
  },
});
