// An API destination as a target, and as something that can be asked (a pipe's enrichment).

import type { CallRequest } from '#cell/callable.ts';
import type { DeliveryFailure, HandOver, HandOverResult } from '#cell/target.ts';
import type { Principal } from '#model/principal.ts';
import type { EventsTurn } from '../state.ts';
import type { ApiDestinationDoc } from './documents.ts';
import { destinationByArn } from './find-destination.ts';
import { enqueue } from './sending/enqueue.ts';
import { failureText, gone } from './sending/verdict.ts';

export function acceptForApiDestination(turn: EventsTurn, handOver: HandOver): HandOverResult {
  const { targetArn, content, deliveryId, parameters } = handOver;
  const destination = destinationByArn(turn.state, targetArn);
  if (destination === undefined) return { failure: gone(targetArn) };
  if (content.kind !== 'event') {
    const detail = failureText('it takes events only.');
    return { failure: { code: 'TargetNotSupported', detail, isRetryable: false } };
  }
  // Asked for permission once an attempt: when there is a delivery.
  if (deliveryId === undefined) return { needsDelivery: true };
  const request = {
    asker: { kind: 'delivery', deliveryId } as const,
    text: content.text,
    parameters: parameters?.http,
  };
  const failure = denied(turn, destination, handOver.principal) ?? enqueue(turn, destination, request);
  return failure === undefined ? { attempting: true } : { failure };
}

export function callApiDestination(turn: EventsTurn, call: CallRequest): DeliveryFailure | undefined {
  const { targetArn, principal, asker, text, parameters } = call;
  const destination = destinationByArn(turn.state, targetArn);
  if (destination === undefined) return gone(targetArn);
  const request = { asker: { kind: 'call', ...asker } as const, text, parameters: parameters?.http };
  return denied(turn, destination, principal) ?? enqueue(turn, destination, request);
}

/** AWS: EventBridge user guide, "Permissions for API destinations": the target's role needs events:InvokeApiDestination. */
function denied(
  turn: EventsTurn,
  { arn, account }: ApiDestinationDoc,
  principal: Principal,
): DeliveryFailure | undefined {
  const verdict = turn.authorize({
    isHandOver: true,
    action: 'events:InvokeApiDestination',
    resource: arn,
    resourceAccount: account,
    principal,
  });
  return verdict.isAllowed ? undefined : { code: 'NO_PERMISSIONS', detail: verdict.reason, isRetryable: false };
}
