// A topic as the target of a delivery: an event of a rule, or what a function's dead-letter topic gets, is published as a message. A subscription
// of an HTTP/S endpoint is a target of the topic's own messages.

import type { HandOver, HandOverResult, TargetProblem } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { accessTo } from './access.ts';
import { findTopic } from './arns.ts';
import { messageTooLong } from './errors.ts';
import { acceptForEndpoint, isSubscriptionArn } from './http/sending.ts';
import { MESSAGE_BYTES_MAX } from './limits.ts';
import { messageBytes, topicProblem } from './outgoing-message.ts';
import { publish } from './publish.ts';
import type { SnsTurn } from './state.ts';

export function acceptHandOver(asked: SnsTurn, handOver: HandOver): HandOverResult {
  const { targetArn, principal, content, messageGroupId, messageDeduplicationId } = handOver;
  if (isSubscriptionArn(targetArn)) return acceptForEndpoint(asked, handOver);
  const region = parseArn(targetArn)?.region ?? asked.scope.region;
  const turn = asked.within(scopeOf(asked.scope.account, region), principal) as SnsTurn;
  const found = findTopic(turn, targetArn);
  if (isRefused(found)) return failure('TopicDoesNotExist', `${targetArn}: ${found.refused.message}`);
  const verdict = turn.authorize({ ...accessTo(turn, found.topic, 'Publish'), isHandOver: true });
  if (!verdict.isAllowed) return failure('AuthorizationError', verdict.reason);
  const ids = { MessageGroupId: messageGroupId, MessageDeduplicationId: messageDeduplicationId };
  const message = messageOf(content);
  const size = messageBytes(message.text, message.attributes);
  const problem = topicProblem(found.topic, ids) ?? (size > MESSAGE_BYTES_MAX ? messageTooLong() : undefined);
  if (problem !== undefined) return failure(problem.code, problem.message);
  const { MessageId } = publish(turn, found, {
    ...message,
    textOf: {},
    messageGroupId,
    messageDeduplicationId,
    size,
  });
  return { accepted: true, targetMessageId: MessageId };
}

/** Whether a hand-over would be taken at all. */
export function topicProblemFor(
  asked: SnsTurn,
  { targetArn, principal }: Pick<HandOver, 'targetArn' | 'principal'>,
): TargetProblem | undefined {
  const region = parseArn(targetArn)?.region ?? asked.scope.region;
  const turn = asked.within(scopeOf(asked.scope.account, region), principal) as SnsTurn;
  const found = findTopic(turn, targetArn);
  if (isRefused(found)) return { reason: 'missing', detail: found.refused.message };
  if (found.topic.isFifo) return { reason: 'not-fitting', detail: 'The topic is a FIFO topic.' };
  const verdict = turn.authorize(accessTo(turn, found.topic, 'Publish'));
  return verdict.isAllowed ? undefined : { reason: 'denied', detail: verdict.reason };
}

function messageOf(content: HandOver['content']) {
  if (content.kind === 'event') return { text: content.text, subject: undefined, attributes: [] };
  const { message } = content;
  if (message.kind === 'plain') return { text: message.body, subject: undefined, attributes: message.attributes };
  return { text: message.message, subject: message.subject, attributes: message.attributes };
}

function failure(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}
