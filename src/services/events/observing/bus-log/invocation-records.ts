// Records about a target: its invocation begins, each attempt, and how it ended. Later attempts know what the delivery knows: their records have
// no target_input, which is not in memory any more.

import type { DeliveryReport, DeliveryStart } from '#cell/deliveries-door.ts';
import { ruleErrorCode } from '#deliveries/rule-dead-letter.ts';
import type { BusDoc } from '../../buses/documents.ts';
import type { EventsTurn } from '../../state.ts';
import { writeRecords } from './bus-log.ts';
import { type Invocation, invocationId } from './invocation-id.ts';
import type { BusRecord, RecordError } from './records.ts';
import type { Step } from './steps.ts';

/** A target of a rule that is about to get an event. */
export interface Invoked extends Invocation {
  readonly bus: BusDoc;
  readonly roleArn: string | undefined;
  /** What the target gets; undefined when nothing could be made for it, and for later attempts. */
  readonly input?: string | undefined;
  /** The target's settings beyond its input, as JSON. */
  readonly properties?: string | undefined;
}

type Failure = NonNullable<DeliveryReport['failure']>;

export function logStart(turn: EventsTurn, invoked: Invoked): void {
  const details = { ...targetDetails(invoked), attempt_count: 1, ...givenDetails(invoked) };
  write(turn, invoked, [
    { step: 'INVOCATION_START', details },
    { step: 'INVOCATION_ATTEMPT_START', details },
  ]);
}

/** What was decided in the turn of the event itself; a delivery reports by itself. */
export function logHandedOver(turn: EventsTurn, invoked: Invoked, start: DeliveryStart): void {
  if ('deliveryId' in start) return;
  const ended = { attempts: 1, acceptedAtMs: turn.nowMs };
  if ('accepted' in start) {
    logSuccess(turn, invoked, ended);
    return;
  }
  logFailure(turn, invoked, {
    ...ended,
    failure: start.failed,
    isPermanent: true,
    isDeadLettered: start.isDeadLettered,
  });
}

export function logReport(turn: EventsTurn, invoked: Invoked, report: DeliveryReport): void {
  const { attempts, outcome, failure = { code: 'UNKNOWN', detail: '' } } = report;
  // The first attempt's start was told with the invocation's.
  if (attempts > 1) {
    const details = { ...targetDetails(invoked), attempt_count: attempts };
    write(turn, invoked, [{ step: 'INVOCATION_ATTEMPT_START', details }]);
  }
  if (outcome === 'succeeded') logSuccess(turn, invoked, report);
  else if (outcome === 'retrying') write(turn, invoked, [attemptFailed(invoked, { attempts, failure })]);
  else {
    const isDeadLettered = outcome === 'dead-lettered';
    logFailure(turn, invoked, { ...report, failure, isPermanent: isPermanent(failure), isDeadLettered });
  }
}

interface Ended {
  readonly attempts: number;
  readonly acceptedAtMs: number;
}

function logSuccess(turn: EventsTurn, invoked: Invoked, ended: Ended): void {
  const attempt = { ...attemptDetails(invoked, ended.attempts), invocation_status: SUCCESS };
  write(turn, invoked, [
    { step: 'INVOCATION_ATTEMPT_SUCCESS', details: attempt },
    { step: 'INVOCATION_SUCCESS', details: endDetails(turn, invoked, { ...ended, status: SUCCESS }) },
  ]);
}

const SUCCESS = 'SUCCESS';

function logFailure(
  turn: EventsTurn,
  invoked: Invoked,
  ended: Ended & { readonly failure: Failure; readonly isPermanent: boolean; readonly isDeadLettered: boolean },
): void {
  const { failure, isDeadLettered } = ended;
  const details = endDetails(turn, invoked, { ...ended, status: ruleErrorCode(failure.code) });
  const error = errorOf(invoked, failure);
  write(turn, invoked, [
    attemptFailed(invoked, ended),
    { step: 'INVOCATION_FAILURE', details, error },
    ...(isDeadLettered ? [{ step: 'INVOCATION_DLQ' as const, details, error }] : []),
  ]);
}

type InvocationRecord = Pick<BusRecord, 'step' | 'details' | 'error'>;

function attemptFailed(
  invoked: Invoked,
  { attempts, failure, isPermanent = false }: { attempts: number; failure: Failure; isPermanent?: boolean },
): InvocationRecord {
  const status = ruleErrorCode(failure.code);
  const details = { ...attemptDetails(invoked, attempts), invocation_status: status };
  return { step: failedStep(status, isPermanent), details, error: errorOf(invoked, failure) };
}

function failedStep(status: string, isPermanent: boolean): Step {
  if (isPermanent) return 'INVOCATION_ATTEMPT_PERMANENT_FAILURE';
  return status === 'THROTTLING' ? 'INVOCATION_ATTEMPT_THROTTLE' : 'INVOCATION_ATTEMPT_RETRYABLE_FAILURE';
}

/** Codes that no retry mends; the others ended because the retries did. */
const PERMANENT = new Set(['NO_PERMISSIONS', 'NO_RESOURCE', 'INVALID_PARAMETER', 'INVALID_JSON']);

function isPermanent({ code }: Failure): boolean {
  return PERMANENT.has(ruleErrorCode(code));
}

function write(turn: EventsTurn, invoked: Invoked, records: readonly InvocationRecord[]): void {
  const common = {
    eventId: invoked.eventId,
    requestId: turn.request?.requestId,
    invocationId: invocationId(turn, invoked),
  };
  const all = records.map((record): BusRecord => ({ ...common, ...record }));
  writeRecords(turn, invoked.bus, all);
}

function targetDetails({ ruleArn, roleArn, target }: Invoked) {
  return { rule_arn: ruleArn, role_arn: roleArn, target_arn: target };
}

function givenDetails({ input, properties }: Invoked) {
  return { target_input: input, target_properties: properties };
}

function attemptDetails(invoked: Invoked, attempts: number) {
  return {
    ...targetDetails(invoked),
    attempt_type: attempts === 1 ? 'FIRST' : 'RETRY',
    attempt_count: attempts,
  };
}

function endDetails(turn: EventsTurn, invoked: Invoked, ended: Ended & { readonly status: string }) {
  const { attempts, acceptedAtMs, status } = ended;
  const latencyMs = Math.max(0, turn.nowMs - acceptedAtMs);
  return {
    ...targetDetails(invoked),
    ...givenDetails(invoked),
    total_attempts: attempts,
    final_invocation_status: status,
    // AWS: these two are only told of the first attempt.
    ingestion_to_start_latency_ms: attempts === 1 ? 0 : undefined,
    ingestion_to_complete_latency_ms: attempts === 1 ? latencyMs : undefined,
    ingestion_to_success_latency_ms: status === SUCCESS ? latencyMs : undefined,
  };
}

function errorOf({ target }: Invoked, { detail }: Failure): RecordError {
  const [, , service = ''] = target.split(':', 3);
  const [, httpStatus] = /\bHTTP status ([1-5]\d\d)\b/.exec(detail) ?? [];
  return {
    ...(httpStatus === undefined ? {} : { http_status_code: Number(httpStatus) }),
    error_message: detail,
    aws_service: service,
  };
}
