// DeleteMessage.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteMessageInput, DeleteMessageOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { deleteMessage as settleDelete } from '../settle.ts';
import type { SqsState } from '../state.ts';

export const deleteMessage = operation<SqsState, DeleteMessageInput, DeleteMessageOutput>({
  authorize: onQueue('DeleteMessage'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const problem = settleDelete(turn, queue, input.ReceiptHandle);
    return problem === undefined ? { output: {} } : refuse(problem);
  },
});
