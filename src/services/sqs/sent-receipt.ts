// What a sender gets back: the id, and digests to compare with its own.

import type { SendMessageOutput } from '#wire/generated/sqs.ts';
import type { SqsTurn } from './find-queue.ts';
import type { MessageInput } from './message-input.ts';
import { md5OfAttributes } from './message-md5.ts';
import type { Queue } from './queue.ts';
import type { Sent } from './send.ts';
import { formatSequenceNumber } from './sequence-number.ts';

interface Receipt {
  readonly queue: Queue;
  readonly message: MessageInput;
  readonly sent: Sent;
}

export function sentReceipt({ digest }: SqsTurn, { queue, message, sent }: Receipt): SendMessageOutput {
  const { traceHeader } = message;
  const attributesMd5 = md5OfAttributes(digest, message.attributes);
  const system = traceHeader === undefined ? [] : [{ name: 'AWSTraceHeader', dataType: 'String', value: traceHeader }];
  const systemMd5 = md5OfAttributes(digest, system);
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: sent.md5OfBody,
    ...(attributesMd5 === undefined ? {} : { MD5OfMessageAttributes: attributesMd5 }),
    ...(systemMd5 === undefined ? {} : { MD5OfMessageSystemAttributes: systemMd5 }),
    ...(queue.isFifo ? { SequenceNumber: formatSequenceNumber(sent.sequence) } : {}),
  };
}
