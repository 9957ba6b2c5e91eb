// What a sender gets back: the id, and digests to compare with its own.

import type { SendMessageBatchResultEntry } from '#wire/generated/sqs.ts';
import type { SqsTurn } from './find-queue.ts';
import type { MessageInput } from './message-input.ts';
import { md5OfAttributes } from './message-md5.ts';
import type { Queue } from './queue.ts';
import type { Sent } from './send.ts';
import { formatSequenceNumber } from './sequence-number.ts';

interface Receipt {
  /** Of the entry in a batch. */
  readonly id?: string | undefined;
  readonly queue: Queue;
  readonly message: MessageInput;
  readonly sent: Sent;
}

/** What is undefined is left out of the answer. */
export function sentReceipt({ digest }: SqsTurn, { id, queue, message, sent }: Receipt): SendMessageBatchResultEntry {
  const { traceHeader } = message;
  const system = traceHeader === undefined ? [] : [{ name: 'AWSTraceHeader', dataType: 'String', value: traceHeader }];
  return {
    Id: id,
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(digest, message.attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(digest, system),
    SequenceNumber: queue.isFifo ? formatSequenceNumber(sent.sequence) : undefined,
  };
}
