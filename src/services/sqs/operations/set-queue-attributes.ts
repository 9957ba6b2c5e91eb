// SetQueueAttributes. Takes effect at once (AWS takes up to 60 seconds).

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { SetQueueAttributesInput, SetQueueAttributesOutput } from '#wire/generated/sqs.ts';
import { missingParameter, unknownAttribute } from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf } from '../queue.ts';
import { parseAttributes } from '../queue-attributes.ts';
import type { SqsState } from '../state.ts';

export const setQueueAttributes = operation<SqsState, SetQueueAttributesInput, SetQueueAttributesOutput>({
  authorize: onQueue('SetQueueAttributes', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { Attributes: attributes } = input;
    if (attributes === undefined) return refuse(missingParameter('Attributes'));
    // AWS: a standard queue does not know FifoQueue at all.
    if (attributes['FifoQueue'] !== undefined && !queue.isFifo) return refuse(unknownAttribute('FifoQueue'));
    const patch = parseAttributes(turn.state, attributes, queue);
    if (isRefused(patch)) return patch;
    if (Object.keys(patch).length === 0) return { output: {} };
    turn.put(turn.state.queues, queueKeyOf(queue), { ...queue, ...patch, modifiedAtMs: turn.nowMs });
    return { output: {} };
  },
});
