// DeleteQueue: the queue and its messages are gone at once; the space of its payloads comes back in small steps.

import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DeleteQueueInput, DeleteQueueOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf, wakeKeyOf } from '../queue.ts';
import type { SqsState } from '../state.ts';

export const deleteQueue = operation<SqsState, DeleteQueueInput, DeleteQueueOutput>({
  authorize: onQueue('DeleteQueue', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const key = queueKeyOf(queue);
    turn.drop(turn.state.queues, key);
    if (turn.limits.mode === 'aws') turn.put(turn.state.deletedNames, key, { deletedAtMs: turn.nowMs });
    // Long polls of the queue end with its error.
    turn.wake(wakeKeyOf(queue.arn));
    return { output: {} };
  },
});
