// GetQueueAttributes. The Approximate… numbers are exact here.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { GetQueueAttributesInput, GetQueueAttributesOutput } from '#wire/generated/sqs.ts';
import { unknownAttribute } from '../errors.ts';
import { findQueue, onQueue, type SqsTurn } from '../find-queue.ts';
import type { Queue } from '../queue.ts';
import { renderSettings } from '../queue-attributes.ts';
import type { SqsState } from '../state.ts';

/** AWS: GetQueueAttributes, AttributeNames. */
const NAMES = new Set([
  'All',
  'Policy',
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

export const getQueueAttributes = operation<SqsState, GetQueueAttributesInput, GetQueueAttributesOutput>({
  authorize: onQueue('GetQueueAttributes'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { AttributeNames: names = [] } = input;
    const unknown = names.find((name) => !NAMES.has(name));
    if (unknown !== undefined) return refuse(unknownAttribute(unknown));
    if (names.length === 0) return { output: {} };
    const all = attributesOf(turn, queue);
    if (names.includes('All')) return { output: { Attributes: all } };
    const wanted = Object.entries(all).filter(([name]) => names.includes(name));
    return wanted.length === 0 ? { output: {} } : { output: { Attributes: Object.fromEntries(wanted) } };
  },
});

function attributesOf(turn: SqsTurn, queue: Queue): Record<string, string> {
  const { waiting } = turn.state.backlogOf(queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(waiting.readyCount),
    ApproximateNumberOfMessagesNotVisible: String(waiting.inFlightCount),
    ApproximateNumberOfMessagesDelayed: String(waiting.delayedCount),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1000)),
    ...renderSettings(queue),
  };
}
