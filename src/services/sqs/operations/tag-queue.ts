// TagQueue: adds tags, replacing those with the same key.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { TagQueueInput, TagQueueOutput } from '#wire/generated/sqs.ts';
import { missingParameter } from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf } from '../queue.ts';
import type { SqsState } from '../state.ts';
import { tagProblem } from '../tags.ts';

export const tagQueue = operation<SqsState, TagQueueInput, TagQueueOutput>({
  authorize: onQueue('TagQueue', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    if (input.Tags === undefined) return refuse(missingParameter('Tags'));
    const tags = { ...queue.tags, ...input.Tags };
    const problem = tagProblem(tags, queue.name);
    if (problem !== undefined) return refuse(problem);
    turn.put(turn.state.queues, queueKeyOf(queue), { ...queue, tags });
    return { output: {} };
  },
});
