// ChangeMessageVisibilityBatch.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityBatchInput,
  ChangeMessageVisibilityBatchOutput,
  ChangeMessageVisibilityBatchResultEntry,
} from '#wire/generated/sqs.ts';
import { batchProblem, failedEntry } from '../batch.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { changeVisibility } from '../settle.ts';
import type { SqsState } from '../state.ts';

export const changeMessageVisibilityBatch = operation<
  SqsState,
  ChangeMessageVisibilityBatchInput,
  ChangeMessageVisibilityBatchOutput
>({
  authorize: onQueue('ChangeMessageVisibility'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { Entries: entries = [] } = input;
    const problem = batchProblem(entries);
    if (problem !== undefined) return refuse(problem);
    const Successful: ChangeMessageVisibilityBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    for (const { Id, ReceiptHandle: handle, VisibilityTimeout: seconds } of entries) {
      const failure = changeVisibility(turn, queue, { handle, seconds });
      if (failure === undefined) Successful.push({ Id });
      else Failed.push(failedEntry(Id, failure));
    }
    return { output: { Successful, Failed } };
  },
});
