// Consumers as clients see them. Like streams they change at once: only the answer of RegisterStreamConsumer says CREATING, as AWS's does.

import type { Consumer, ConsumerDescription } from '#wire/generated/kinesis.ts';
import type { StreamDoc } from '../documents.ts';
import type { ConsumerDoc } from './documents.ts';

export function consumerView(
  { name, arn, createdAtMs }: ConsumerDoc,
  status: 'ACTIVE' | 'CREATING' = 'ACTIVE',
): Consumer {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: status,
    ConsumerCreationTimestamp: Math.floor(createdAtMs / 1000) * 1000,
  };
}

export function describedConsumer(consumer: ConsumerDoc, stream: StreamDoc): ConsumerDescription {
  return { ...consumerView(consumer), StreamARN: stream.arn };
}
