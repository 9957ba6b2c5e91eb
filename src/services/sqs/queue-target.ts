// A queue as the target of a hand-over: what SNS, and later EventBridge and others, deliver to. Decided in the turn of the one who hands over,
// so a fan-out to a hundred queues is one entry of the journal with one body.

import { utf8Length } from '#base/bytes.ts';
import type { HandOver, HandOverResult, Target } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { permission, queueByArn, type SqsTurn } from './find-queue.ts';
import { attributeBytes } from './message-attributes.ts';
import { FORBIDDEN_CHARACTERS_TEXT, hasForbiddenCharacters } from './message-characters.ts';
import { idProblem } from './message-input.ts';
import { numberText } from './number-text.ts';
import type { Queue } from './queue.ts';
import { accept } from './send.ts';

const RAW_ATTRIBUTES_MAX = 10;

/** A client's mistake that no retry mends. AWS: SNS "message delivery status", client-side errors are not retried. */
function rejected(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}

function acceptHandOver(anyTurn: Turn, handOver: HandOver): HandOverResult {
  const turn = anyTurn as SqsTurn;
  const queue = queueByArn(turn.state, handOver.targetArn);
  if (queue === undefined) {
    return rejected('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  }
  const { action, resource, resourceAccount, resourcePolicy } = permission('SendMessage', queue);
  const { principal } = handOver;
  const verdict = turn.authorize({ action, resource, resourceAccount, resourcePolicy, principal, isHandOver: true });
  if (!verdict.isAllowed) return rejected('AccessDenied', verdict.reason);
  const problem = fitProblem(queue, handOver);
  if (problem !== undefined) return rejected('InvalidParameterValue', problem);
  if (!isReadable(handOver)) return rejected('InvalidMessageContents', FORBIDDEN_CHARACTERS_TEXT);
  const { content, messageGroupId: group } = handOver;
  const subscriptionArn = content.kind === 'message' ? content.subscriptionArn : undefined;
  const { messageId, isRepeated } = accept(turn, queue, {
    // The bytes are shared with all who take them.
    payload: () => handOver.payload,
    messageId: turn.uuid(),
    delaySeconds: queue.delaySeconds,
    group,
    deduplicationId: queue.isFifo ? deduplicationIdOf(turn, handOver) : undefined,
    ...(subscriptionArn === undefined ? {} : { envelope: numberText(turn, subscriptionArn) }),
  });
  const accepted = { accepted: true as const, targetMessageId: messageId };
  return isRepeated ? { ...accepted, note: 'a repetition within five minutes, not enqueued' } : accepted;
}

function fitProblem(queue: Queue, { content, messageGroupId, messageDeduplicationId }: HandOver): string | undefined {
  const ids = { MessageGroupId: messageGroupId, MessageDeduplicationId: messageDeduplicationId };
  const problem = idProblem(queue, ids);
  if (problem !== undefined) return problem.message;
  if (content.kind === 'event') {
    return content.text === ''
      ? 'The request must contain the parameter MessageBody.'
      : sizeProblem(queue, content.text, 0);
  }
  const { message, subscriptionArn } = content;
  // AWS: SNS developer guide, "raw message delivery": with more attributes than a queue takes the message is discarded.
  const attributeCount = message.attributes.length;
  if (subscriptionArn === undefined && attributeCount > RAW_ATTRIBUTES_MAX) {
    return `Number of message attributes [${attributeCount}] exceeds the allowed maximum [${RAW_ATTRIBUTES_MAX}].`;
  }
  const text = message.kind === 'plain' ? message.body : message.message;
  return sizeProblem(queue, text, attributeBytes(message.attributes));
}

/** What comes bare is held to the same characters as what a client sends; an envelope is JSON and escapes them. */
function isReadable({ content }: HandOver): boolean {
  if (content.kind === 'event') return !hasForbiddenCharacters(content.text);
  const { message, subscriptionArn } = content;
  if (subscriptionArn !== undefined) return true;
  if (hasForbiddenCharacters(message.kind === 'plain' ? message.body : message.message)) return false;
  return !message.attributes.some(({ value }) => typeof value === 'string' && hasForbiddenCharacters(value));
}

/** Bytes are counted only where three a character might be too many. */
function sizeProblem(queue: Queue, text: string, attributesBytes: number): string | undefined {
  const roomBytes = queue.messageBytesMax - attributesBytes;
  if (text.length * 3 <= roomBytes || utf8Length(text) <= roomBytes) return undefined;
  return `One or more parameters are invalid. Reason: Message must be shorter than ${queue.messageBytesMax} bytes.`;
}

function deduplicationIdOf(turn: SqsTurn, { content, messageDeduplicationId }: HandOver): string | undefined {
  if (messageDeduplicationId !== undefined) return messageDeduplicationId;
  if (content.kind === 'event') return turn.digest.sha256Hex(content.text);
  const { message } = content;
  return turn.digest.sha256Hex(message.kind === 'plain' ? message.body : message.message);
}

function problemOf(anyTurn: Turn, { targetArn, principal }: Parameters<NonNullable<Target['problem']>>[1]) {
  const turn = anyTurn as SqsTurn;
  const queue = queueByArn(turn.state, targetArn);
  if (queue === undefined) return { reason: 'missing' as const, detail: 'The specified queue does not exist.' };
  if (queue.isFifo) return { reason: 'not-fitting' as const, detail: 'The queue is a FIFO queue.' };
  const verdict = turn.authorize({ ...permission('SendMessage', queue), principal });
  return verdict.isAllowed ? undefined : { reason: 'denied' as const, detail: verdict.reason };
}

export const queueTarget: Target = { accept: acceptHandOver, problem: problemOf };
