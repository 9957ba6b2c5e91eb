// SendMessageBatch: up to ten messages in one entry of the journal; each succeeds or fails for itself.

import { utf8Length } from '#base/bytes.ts';
import { factsOfTexts, type TextFacts } from '#base/text-lanes.ts';
import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type {
  BatchResultErrorEntry,
  SendMessageBatchInput,
  SendMessageBatchOutput,
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
} from '#wire/generated/sqs.ts';
import { batchProblem, failedEntry } from '../batch.ts';
import * as errors from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { limits } from '../limits.ts';
import { parseMessage } from '../message-input.ts';
import type { Queue } from '../queue.ts';
import { sendMessage } from '../send.ts';
import { sentReceipt } from '../sent-receipt.ts';
import type { SqsState } from '../state.ts';

export const sendMessageBatch = operation<SqsState, SendMessageBatchInput, SendMessageBatchOutput>({
  authorize: onQueue('SendMessage'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { Entries: entries = [] } = input;
    const problem = batchProblem(entries) ?? fifoProblem(queue, entries) ?? sizeProblem(entries);
    if (problem !== undefined) return refuse(problem);
    const Successful: SendMessageBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    const bodies = entries.map(({ MessageBody: body = '' }) => body);
    const facts = factsOfTexts(bodies, (body) => turn.digest.md5Hex(body));
    for (const [i, entry] of entries.entries()) {
      const { md5Hex, isPlain } = facts[i] as TextFacts;
      const input = parseMessage(queue, entry, isPlain);
      if (isRefused(input)) {
        Failed.push(failedEntry(entry.Id, input.refused));
        continue;
      }
      const sent = sendMessage(turn, queue, { input, md5OfBody: md5Hex });
      Successful.push(sentReceipt(turn, { id: entry.Id, queue, message: input, sent }));
    }
    return { output: { Successful, Failed } };
  },
});

/** AWS refuses the whole batch for these (recorded by LocalStack: test_send_batch_missing_…_for_fifo_queue). */
function fifoProblem(queue: Queue, entries: readonly SendMessageBatchRequestEntry[]): AwsError | undefined {
  if (!queue.isFifo) return undefined;
  for (const entry of entries) {
    if (entry.MessageDeduplicationId === undefined && queue.hasContentBasedDeduplication !== true) {
      return errors.deduplicationIdMissing();
    }
    if (entry.MessageGroupId === undefined) {
      return errors.invalidParameterValue('The request must contain the parameter MessageGroupId.');
    }
  }
  return undefined;
}

/** AWS: the sum of all messages, whatever the queue's own limit. Bytes are counted only where three a character might be too many. */
function sizeProblem(entries: readonly SendMessageBatchRequestEntry[]): AwsError | undefined {
  if (sumOf(entries, (text) => text.length * 3) <= limits.batchBytesMax) return undefined;
  const bytes = sumOf(entries, utf8Length);
  return bytes > limits.batchBytesMax ? errors.batchTooLong(limits.batchBytesMax, bytes) : undefined;
}

function sumOf(entries: readonly SendMessageBatchRequestEntry[], bytesOf: (text: string) => number): number {
  let bytes = 0;
  for (const { MessageBody: body = '', MessageAttributes: attributes = {} } of entries) {
    bytes += bytesOf(body);
    for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(attributes)) {
      bytes += bytesOf(name) + bytesOf(DataType) + bytesOf(StringValue) + (BinaryValue?.length ?? 0);
    }
  }
  return bytes;
}
