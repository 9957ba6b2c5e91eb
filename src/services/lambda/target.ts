// Functions as targets of hand-overs: a topic's subscription, a destination of another function. As on AWS the function is
// invoked asynchronously: the hand-over is done once the event is durable, retries are the function's own.

import { utf8Encode } from '#base/bytes.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { HandOver, HandOverResult, Target } from '#cell/target.ts';
import { isRefused } from '#model/aws-error.ts';
import { renderLambdaEvent } from '#model/notification-envelope.ts';
import { LATEST } from './arns.ts';
import { acceptEvent } from './asynchronous/accept.ts';
import { findVersion, type LambdaTurn, policyText } from './find-function.ts';

export const functionTarget: Target = {
  accept: (turn, handOver) => accept(turn as LambdaTurn, handOver),
};

function accept(turn: LambdaTurn, handOver: HandOver): HandOverResult {
  const found = findVersion(turn, handOver.targetArn);
  if (isRefused(found)) return failure('ResourceNotFoundException', found.refused.message);
  const { scope, qualifier } = found.reference;
  const verdict = turn.authorize({
    isHandOver: true,
    action: 'lambda:InvokeFunction',
    resource: handOver.targetArn,
    resourceAccount: scope.account,
    resourcePolicy: policyText(turn.state, found.key, qualifier === LATEST ? undefined : qualifier),
    principal: handOver.principal,
  });
  if (!verdict.isAllowed) return failure('AccessDeniedException', verdict.reason);
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
