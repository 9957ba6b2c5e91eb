// UntagQueue: keys that are not there are no error.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UntagQueueInput, UntagQueueOutput } from '#wire/generated/sqs.ts';
import { missingParameter } from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf } from '../queue.ts';
import type { SqsState } from '../state.ts';

export const untagQueue = operation<SqsState, UntagQueueInput, UntagQueueOutput>({
  authorize: onQueue('UntagQueue', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { TagKeys: keys } = input;
    if (keys === undefined) return refuse(missingParameter('TagKeys'));
    const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
    turn.put(turn.state.queues, queueKeyOf(queue), { ...queue, tags });
    return { output: {} };
  },
});
