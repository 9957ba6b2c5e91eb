// ChangeMessageVisibility.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ChangeMessageVisibilityInput, ChangeMessageVisibilityOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { changeVisibility } from '../settle.ts';
import type { SqsState } from '../state.ts';

export const changeMessageVisibility = operation<SqsState, ChangeMessageVisibilityInput, ChangeMessageVisibilityOutput>(
  {
    authorize: onQueue('ChangeMessageVisibility'),
    decide(turn, input) {
      const queue = findQueue(turn, input.QueueUrl);
      if (isRefused(queue)) return queue;
      const problem = changeVisibility(turn, queue, { handle: input.ReceiptHandle, seconds: input.VisibilityTimeout });
      return problem === undefined ? { output: {} } : refuse(problem);
    },
  },
);
