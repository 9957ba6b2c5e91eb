// ListQueueTags.

import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListQueueTagsInput, ListQueueTagsOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import type { SqsState } from '../state.ts';

export const listQueueTags = operation<SqsState, ListQueueTagsInput, ListQueueTagsOutput>({
  authorize: onQueue('ListQueueTags', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    return { output: Object.keys(queue.tags).length === 0 ? {} : { Tags: queue.tags } };
  },
});
