// A universal target: an operation of a service of this cell, called with the schedule's role as principal. Always as a recorded delivery,
// since the answer may come later, and a defect of the operation must not be the schedule's.

import type { HandOver, HandOverResult } from '#cell/target.ts';
import type { Outcome } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import { actionNotSupported, requestJson } from '../errors.ts';
import type { SchedulerTurn } from '../state.ts';
import { readRequestJson } from './request-json.ts';
import { parseUniversalArn } from './sdk-services.ts';

/** Name of the reaction to an answer that came later. */
export const ANSWERED = 'answered';

export function acceptForOperation(turn: SchedulerTurn, handOver: HandOver): HandOverResult {
  const { targetArn, sourceArn, deliveryId, content, principal } = handOver;
  const name = parseUniversalArn(targetArn);
  const found = name === undefined ? undefined : turn.state.services.find(name);
  if (name === undefined || found === undefined || content.kind !== 'event') {
    return failed(actionNotSupported(name?.service ?? targetArn, name?.action ?? ''));
  }
  if (deliveryId === undefined) return { needsDelivery: true };
  const request = readRequestJson(found, content.text);
  if ('reason' in request) return failed(requestJson(request.reason));
  const { service, operation } = found;
  const { operations } = turn.doors;
  if (operations.find(service.prefix, operation.name) !== 'callable') {
    return failed(actionNotSupported(name.service, name.action));
  }
  const source = parseArn(sourceArn);
  const scope = source === undefined ? turn.scope : scopeOf(source.account, source.region);
  const result = operations.call(turn.within(scope, principal), {
    service: service.prefix,
    operation: operation.name,
    input: request.input,
    then: { reaction: ANSWERED, subject: String(deliveryId) },
  });
  if ('refused' in result) return failed(result.refused);
  return 'succeeded' in result ? { accepted: true } : { attempting: true };
}

/** AWS counts an invocation as successful whatever the function says; only what the API refuses is a failure. */
export function answered(turn: SchedulerTurn, subject: string, outcome: Outcome): void {
  const reply = 'result' in outcome ? (outcome.result as { readonly refused?: AwsError }) : undefined;
  const refused = reply?.refused;
  const result = refused === undefined ? { succeeded: true as const } : failed(refused);
  turn.doors.deliveries.ended(turn, Number(subject), result);
}

/** Server errors and throttling pass; everything else is the request's own fault and goes to the dead-letter queue at once. */
function failed(error: AwsError): Extract<HandOverResult, { failure: unknown }> {
  const { code, message, status, fault } = error;
  const isRetryable = fault === 'server' || status === 429 || /thrott|toomanyrequests|limitexceeded/i.test(code);
  return { failure: { code, detail: message, isRetryable } };
}
