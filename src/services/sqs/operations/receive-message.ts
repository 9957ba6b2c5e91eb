// ReceiveMessage: short and long polling. What is given out is decided here; bodies are read from the journal after durability, outside the cell.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { Message, ReceiveMessageInput, ReceiveMessageOutput } from '#wire/generated/sqs.ts';
import { filterMessageAttributes, parseSystemFilter, type SystemFilter } from '../attribute-filters.ts';
import * as errors from '../errors.ts';
import { findQueue, onQueue, type SqsTurn } from '../find-queue.ts';
import { limits } from '../limits.ts';
import { md5OfAttributes } from '../message-md5.ts';
import { type Queue, wakeKeyOf } from '../queue.ts';
import { encodeReceipt } from '../receipt-handle.ts';
import { contentAttributesOf, contentOf, md5OfBody, queueAttributesOf } from '../render-message.ts';
import { repeatReceive } from '../repeat-receive.ts';
import type { SqsState } from '../state.ts';
import { type Taken, takeMessages } from '../take.ts';

export const receiveMessage = operation<SqsState, ReceiveMessageInput, ReceiveMessageOutput>({
  authorize: onQueue('ReceiveMessage'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const { MaxNumberOfMessages: countMax = 1, WaitTimeSeconds: waitSeconds = queue.waitSeconds } = input;
    const { VisibilityTimeout: hiddenSeconds = queue.visibilityTimeoutSeconds } = input;
    const problem = rangeProblem({ countMax, waitSeconds, hiddenSeconds }) ?? attemptProblem(queue, input);
    if (problem !== undefined) return refuse(problem);
    const systemFilter = parseSystemFilter(input.MessageSystemAttributeNames, input.AttributeNames);
    if (isRefused(systemFilter)) return systemFilter;
    const { waiting } = turn.state.backlogOf(queue);
    const countBefore = waiting.count;
    const options = { countMax, hiddenSeconds, attempt: input.ReceiveRequestAttemptId };
    const taken = repeatReceive(turn, queue, options) ?? takeMessages(turn, queue, options);
    if (taken.length > 0) return answer(turn, { queue, taken, systemFilter, names: input.MessageAttributeNames });
    // What was there has just been dead-lettered: that is an answer, the client polls again.
    if (waiting.count !== countBefore || turn.isLastTry) return { output: {} };
    if (waitSeconds > 0) return { parked: { wakeKey: wakeKeyOf(queue.arn), untilMs: turn.nowMs + waitSeconds * 1000 } };
    // AWS: OverLimit for short polls of standard queues only.
    if (!queue.isFifo && waiting.inFlightCount >= limits.inFlightMax) return refuse(errors.tooManyInFlight());
    return { output: {} };
  },
});

interface Ranges {
  readonly countMax: number;
  readonly waitSeconds: number;
  readonly hiddenSeconds: number;
}

function rangeProblem({ countMax, waitSeconds, hiddenSeconds }: Ranges): AwsError | undefined {
  if (!(countMax >= 1 && countMax <= limits.receiveCountMax)) {
    const reason = `Must be between 1 and ${limits.receiveCountMax}, if provided.`;
    return errors.invalidValue('MaxNumberOfMessages', countMax, reason);
  }
  if (!(waitSeconds >= 0 && waitSeconds <= limits.waitSecondsMax)) {
    const reason = `Must be >= 0 and <= ${limits.waitSecondsMax}, if provided.`;
    return errors.invalidValue('WaitTimeSeconds', waitSeconds, reason);
  }
  if (!(hiddenSeconds >= 0 && hiddenSeconds <= limits.visibilityTimeoutSecondsMax)) {
    const reason = `Must be >= 0 and <= ${limits.visibilityTimeoutSecondsMax}, if provided.`;
    return errors.invalidValue('VisibilityTimeout', hiddenSeconds, reason);
  }
  return undefined;
}

function attemptProblem(queue: Queue, { ReceiveRequestAttemptId: attempt }: ReceiveMessageInput): AwsError | undefined {
  if (attempt === undefined) return undefined;
  if (!queue.isFifo) return errors.notForThisQueueType('ReceiveRequestAttemptId', attempt);
  if (attempt !== '' && attempt.length <= limits.groupIdLengthMax) return undefined;
  const reason =
    'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.';
  return errors.invalidValue('ReceiveRequestAttemptId', attempt, reason);
}

interface Answer {
  readonly queue: Queue;
  readonly taken: readonly Taken[];
  readonly systemFilter: SystemFilter;
  readonly names: readonly string[] | undefined;
}

function answer(turn: SqsTurn, { queue, taken, systemFilter, names }: Answer) {
  const { digest } = turn;
  const handles = taken.map((one) => encodeReceipt(turn, one));
  const around = { baseUrl: turn.request?.baseUrl ?? turn.advertisedUrl, signer: turn.doors.signer };
  const show = (one: Taken, payload: Uint8Array, handle: string): Message => {
    const content = contentOf(payload, one.subscriptionArn, around);
    const attributes = filterMessageAttributes(content.attributes, names);
    const md5 = md5OfAttributes(digest, attributes);
    const system = { ...contentAttributesOf(content), ...queueAttributesOf(one, queue.isFifo) };
    const wanted = Object.entries(system).filter(([name]) => systemFilter(name));
    return {
      MessageId: one.messageId,
      ReceiptHandle: handle,
      MD5OfBody: md5OfBody(digest, content),
      Body: content.body,
      ...(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }),
      ...(md5 === undefined ? {} : { MD5OfMessageAttributes: md5, MessageAttributes: shownAttributes(attributes) }),
    };
  };
  return {
    reads: taken.map((one) => one.payload),
    output: (payloads: readonly Uint8Array[]) => ({
      Messages: taken.map((one, i) => show(one, payloads[i] as Uint8Array, handles[i] as string)),
    }),
  };
}

function shownAttributes(attributes: ReturnType<typeof filterMessageAttributes>): Message['MessageAttributes'] {
  const shown = attributes.map(({ name, dataType, value }) => {
    const text = typeof value === 'string' ? { StringValue: value } : { BinaryValue: value };
    return [name, { ...text, DataType: dataType }] as const;
  });
  return Object.fromEntries(shown);
}
