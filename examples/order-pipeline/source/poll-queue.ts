// A consumer of a queue: takes up to ten messages, hands them on together, deletes what was handled. Whatever goes wrong, the messages come
// back by their visibility timeout; so does what was handled and could not be deleted, and the handler must know it again.

import type { Message, SQS } from '@aws-sdk/client-sqs';

export interface Polling {
  readonly sqs: SQS;
  readonly queueUrl: string;
  /** Resolves to the messages that are done with. Messages that it leaves out come again. */
  readonly handle: (messages: readonly Message[]) => Promise<readonly Message[]>;
  readonly signal: AbortSignal;
  /** One out of so many batches is not deleted although it was handled, as if the process had died just then; 0: never. */
  readonly forgetsOneIn?: number;
  readonly onProblem?: (error: unknown) => void;
}

export async function pollQueue({
  sqs,
  queueUrl,
  handle,
  signal,
  forgetsOneIn = 0,
  onProblem,
}: Polling): Promise<void> {
  for (let batches = 1; !signal.aborted; batches += 1) {
    try {
      const Messages = await receive(sqs, queueUrl, signal);
      if (Messages.length === 0) continue;
      const done = await handle(Messages);
      if (forgetsOneIn > 0 && batches % forgetsOneIn === 0) continue;
      await remove(sqs, queueUrl, done);
    } catch (error) {
      if (signal.aborted) return;
      onProblem?.(error);
      // The server is away, or restarts: not at full speed against it.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function receive(sqs: SQS, QueueUrl: string, abortSignal: AbortSignal): Promise<readonly Message[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['SentTimestamp' as const] };
  const { Messages = [] } = await sqs.receiveMessage(input, { abortSignal });
  return Messages;
}

async function remove(sqs: SQS, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
  // An entry that fails is redelivered: nothing more to do about it here.
  await sqs.deleteMessageBatch({ QueueUrl, Entries });
}
