// Invoke: waits for the answer (RequestResponse), is durable before its 202 (Event), or checks permissions only (DryRun).

import { base64Decode } from '#base/base64.ts';
import { utf8Decode, utf8Length } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { InvokeInput, InvokeOutput } from '#wire/generated/lambda.ts';
import { functionArn } from '../arns.ts';
import { acceptEvent } from '../asynchronous/accept.ts';
import {
  invalidParameter,
  notAvailable,
  payloadNotJson,
  rateExceeded,
  requestTooLarge,
  validationFailed,
} from '../errors.ts';
import { type FoundVersion, findVersion, type LambdaTurn, permission } from '../find-function.ts';
import { hasCapacity } from '../invoking/capacity.ts';
import { startInvocation } from '../invoking/start.ts';
import { isJson } from '../json.ts';
import { ASYNCHRONOUS_BYTES_MAX, CLIENT_CONTEXT_BYTES_MAX, SYNCHRONOUS_BYTES_MAX } from '../limits.ts';
import type { LambdaState } from '../state.ts';

const EMPTY_EVENT = new Uint8Array([0x7b, 0x7d]);

export const invoke = operation<LambdaState, InvokeInput, InvokeOutput>({
  authorize: (turn, input) => permission(turn, 'InvokeFunction', input),
  decide(turn, input) {
    const problem = problemOf(input);
    if (problem !== undefined) return refuse(problem);
    const found = findVersion(turn, input.FunctionName, input.Qualifier);
    if (isRefused(found)) return found;
    const { InvocationType = 'RequestResponse' } = input;
    if (InvocationType === 'DryRun') return { output: { StatusCode: 204 } };
    const event = input.Payload === undefined || input.Payload.length === 0 ? EMPTY_EVENT : input.Payload;
    const bytesMax = InvocationType === 'Event' ? ASYNCHRONOUS_BYTES_MAX : SYNCHRONOUS_BYTES_MAX;
    if (event.length > bytesMax) return refuse(requestTooLarge(bytesMax));
    if (!isJson(event)) return refuse(payloadNotJson());
    return InvocationType === 'Event' ? accept(turn, found, event) : callNow(turn, input, { found, event });
  },
});

function problemOf(input: InvokeInput): AwsError | undefined {
  const problem = new Validation()
    .oneOf('invocationType', input.InvocationType, ['Event', 'RequestResponse', 'DryRun'])
    .oneOf('logType', input.LogType, ['None', 'Tail']).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.TenantId !== undefined) return notAvailable('TenantId');
  if (input.DurableExecutionName !== undefined) return notAvailable('DurableExecutionName');
  const { ClientContext } = input;
  if (ClientContext === undefined) return undefined;
  if (utf8Length(ClientContext) > CLIENT_CONTEXT_BYTES_MAX || contextOf(ClientContext) === undefined) {
    return invalidParameter('The client context is not base64 of a JSON object of at most 3583 bytes.');
  }
  return undefined;
}

function contextOf(text: string): string | undefined {
  const bytes = base64Decode(text);
  if (bytes === undefined || !isJson(bytes)) return undefined;
  return utf8Decode(bytes);
}

function accept(turn: LambdaTurn, found: FoundVersion, event: Uint8Array): Reply<InvokeOutput> {
  const { scope, name, qualifier } = found.reference;
  acceptEvent(turn, {
    found,
    invokedArn: functionArn(scope, name, qualifier),
    payload: turn.storePayload(event),
    requestId: turn.request?.requestId ?? turn.uuid(),
    traceHeader: turn.request?.traceHeader,
  });
  return { output: { StatusCode: 202 } };
}

function callNow(
  turn: LambdaTurn,
  input: InvokeInput,
  { found, event }: { readonly found: FoundVersion; readonly event: Uint8Array },
): Reply<InvokeOutput> {
  if (!hasCapacity(turn.state, found.key, found.doc)) return refuse(rateExceeded());
  const ticket = turn.defer();
  const { scope, name, qualifier } = found.reference;
  startInvocation(turn, {
    found,
    requestId: turn.request?.requestId ?? turn.uuid(),
    invokedArn: functionArn(scope, name, qualifier),
    event: { bytes: event },
    purpose: { kind: 'synchronous', ticket, wantsTail: input.LogType === 'Tail' },
    traceId: turn.request?.traceHeader,
    clientContext: input.ClientContext === undefined ? undefined : contextOf(input.ClientContext),
  });
  return { deferred: ticket };
}
