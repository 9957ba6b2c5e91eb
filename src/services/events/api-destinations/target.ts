// An API destination as a target, and as something that can be asked (a pipe's enrichment).

import type { CallRequest } from '#cell/callable.ts';
import type { DeliveryFailure, HandOver, HandOverResult } from '#cell/target.ts';
import type { Principal } from '#model/principal.ts';
import type { EventsTurn } from '../state.ts';
import type { ApiDestinationDoc } from './documents.ts';
import { destinationByArn } from './find-destination.ts';
import { enqueue } from './sending/enqueue.ts';
import { failureText } from './sending/verdict.ts';

export function acceptForApiDestination(turn: EventsTurn, handOver: HandOver): HandOverResult {
  const { targetArn, principal, content, deliveryId, parameters } = handOver;
  const destination = destinationFor(turn, targetArn, principal);
  if ('failure' in destination) return destination;
  if (content.kind !== 'event') {
    const detail = failureText('it takes events only.');
    return { failure: { code: 'TargetNotSupported', detail, isRetryable: false } };
  }
  if (deliveryId === undefined) return { needsDelivery: true };
  const asker = { kind: 'delivery', deliveryId } as const;
  const failure = enqueue(turn, destination, { asker, text: content.text, parameters: parameters?.http });
  return failure === undefined ? { attempting: true } : { failure };
}

export function callApiDestination(turn: EventsTurn, request: CallRequest): DeliveryFailure | undefined {
  const { targetArn, principal, asker, text, parameters } = request;
  const destination = destinationFor(turn, targetArn, principal);
  if ('failure' in destination) return destination.failure;
  return enqueue(turn, destination, { asker: { kind: 'call', ...asker }, text, parameters: parameters?.http });
}

/** AWS: EventBridge user guide, "Permissions for API destinations": the target's role needs events:InvokeApiDestination. */
function destinationFor(
  turn: EventsTurn,
  arn: string,
  principal: Principal,
): ApiDestinationDoc | { readonly failure: DeliveryFailure } {
  const destination = destinationByArn(turn.state, arn);
  if (destination === undefined) {
    return { failure: { code: 'NO_RESOURCE', detail: failureText(`${arn} does not exist.`), isRetryable: false } };
  }
  const verdict = turn.authorize({
    isHandOver: true,
    action: 'events:InvokeApiDestination',
    resource: arn,
    resourceAccount: destination.account,
    principal,
  });
  if (verdict.isAllowed) return destination;
  return { failure: { code: 'NO_PERMISSIONS', detail: verdict.reason, isRetryable: false } };
}
