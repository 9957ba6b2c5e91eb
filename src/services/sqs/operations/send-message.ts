// SendMessage.

import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { SendMessageInput, SendMessageOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { parseMessage } from '../message-input.ts';
import { sendMessage as send } from '../send.ts';
import { sentReceipt } from '../sent-receipt.ts';
import type { SqsState } from '../state.ts';

export const sendMessage = operation<SqsState, SendMessageInput, SendMessageOutput>({
  authorize: onQueue('SendMessage'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const message = parseMessage(queue, input);
    if (isRefused(message)) return message;
    const sent = send(turn, queue, { input: message, md5OfBody: turn.digest.md5Hex(message.body) });
    return { output: sentReceipt(turn, { queue, message, sent }) };
  },
});
