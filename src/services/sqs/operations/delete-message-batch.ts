// DeleteMessageBatch.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  BatchResultErrorEntry,
  DeleteMessageBatchInput,
  DeleteMessageBatchOutput,
  DeleteMessageBatchResultEntry,
} from '#wire/generated/sqs.ts';
import { batchProblem, failedEntry } from '../batch.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { deleteMessage } from '../settle.ts';
import type { SqsState } from '../state.ts';

export const deleteMessageBatch = operation<SqsState, DeleteMessageBatchInput, DeleteMessageBatchOutput>({
  authorize: onQueue('DeleteMessage'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { Entries: entries = [] } = input;
    const problem = batchProblem(entries);
    if (problem !== undefined) return refuse(problem);
    const Successful: DeleteMessageBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    for (const { Id, ReceiptHandle } of entries) {
      const failure = deleteMessage(turn, queue, ReceiptHandle);
      if (failure === undefined) Successful.push({ Id });
      else Failed.push(failedEntry(Id, failure));
    }
    return { output: { Successful, Failed } };
  },
});
