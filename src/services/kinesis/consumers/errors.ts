// Errors about consumers. The text of `anotherSubscription` and the form of the others ("Consumer … under stream …") are AWS's, as users of the
// Kinesis Client Library and of the hot shard advisor reported them (awslabs/amazon-kinesis-client 391, awslabs/kinesis-hot-shard-advisor 37);
// that of a consumer that is not there is from radkawar/stackd. AWS's text for a consumer that exists is not known.

import { type AwsError, clientError } from '#model/aws-error.ts';
import type { StreamDoc } from '../documents.ts';
import { limitExceeded, notFound, resourceInUse } from '../errors.ts';

export function consumerExists(name: string, stream: StreamDoc): AwsError {
  return resourceInUse(`Consumer ${name} under stream ${stream.name} already exists for account ${stream.account}.`);
}

export function consumerNotFound(name: string, stream: Pick<StreamDoc, 'name' | 'account'>): AwsError {
  return notFound(`Consumer ${name} under stream: ${stream.name}, account ${stream.account} not found.`);
}

export function tooManyConsumers(stream: StreamDoc, quota: number): AwsError {
  return limitExceeded(
    `Stream ${stream.name} under account ${stream.account} has reached its limit of ${quota} registered consumers.`,
  );
}

export function anotherSubscription(subscription: {
  readonly stream: StreamDoc;
  readonly shardId: string;
  readonly consumer: string;
}): AwsError {
  const { stream, shardId, consumer } = subscription;
  return resourceInUse(
    `Another active subscription exists for this consumer: ${stream.account}:${stream.name}:${shardId}:${consumer}`,
  );
}

export function expiredToken(): AwsError {
  return clientError('ExpiredNextTokenException', 'The pagination token passed to the operation is expired.');
}
