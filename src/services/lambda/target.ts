// Functions as targets of hand-overs: a topic's subscription, a destination of another function. As on AWS the function is
// invoked asynchronously: the hand-over is done once the event is durable, retries are the function's own.

import { utf8Encode, utf8Length } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { HandOver, HandOverResult, Target } from '#cell/target.ts';
import { renderLambdaEvent } from '#model/notification-envelope.ts';
import { acceptEvent } from './asynchronous/accept.ts';
import { requestTooLarge } from './errors.ts';
import type { LambdaTurn } from './find-function.ts';
import { findInvocable } from './find-invocable.ts';
import { ASYNCHRONOUS_BYTES_MAX } from './limits.ts';

export const functionTarget: Target = {
  accept: (turn, handOver) => accept(turn as LambdaTurn, handOver),
  problem(turn, asked) {
    const found = findInvocable(turn as LambdaTurn, asked);
    if (!('code' in found)) return undefined;
    return { reason: found.code === 'AccessDeniedException' ? 'denied' : 'missing', detail: found.detail };
  },
};

function accept(turn: LambdaTurn, handOver: HandOver): HandOverResult {
  const found = findInvocable(turn, handOver);
  if ('code' in found) return { failure: found };
  if (isTooLarge(handOver)) {
    const { code, message } = requestTooLarge(ASYNCHRONOUS_BYTES_MAX);
    return failure(code, message);
  }
  const payload = payloadOf(turn, handOver);
  if (payload === undefined) return failure('TargetNotSupported', 'a function takes events and notifications');
  const requestId = turn.uuid();
  acceptEvent(turn, {
    found,
    invokedArn: handOver.targetArn,
    payload,
    requestId,
    sourceArn: handOver.sourceArn,
  });
  return { accepted: true, targetMessageId: requestId };
}

function failure(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}

/** AWS: quotas, "Invocation payload (request and response)", of asynchronous invocations. Notifications are smaller. */
function isTooLarge({ content }: HandOver): boolean {
  if (content.kind !== 'event' || content.text.length * 3 <= ASYNCHRONOUS_BYTES_MAX) return false;
  return utf8Length(content.text) > ASYNCHRONOUS_BYTES_MAX;
}

function payloadOf(turn: LambdaTurn, handOver: HandOver): PayloadId | undefined {
  const { content } = handOver;
  if (content.kind === 'event') return handOver.payload;
  const { message, subscriptionArn } = content;
  if (message.kind !== 'notification' || subscriptionArn === undefined) return undefined;
  const event = renderLambdaEvent(message, {
    subscriptionArn,
    baseUrl: turn.advertisedUrl,
    signer: turn.doors.signer,
  });
  return turn.storePayload(utf8Encode(JSON.stringify(event)));
}
