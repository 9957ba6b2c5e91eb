// A planned run: one turn, in which the next one is planned and the target gets its payload. Three invariants:
//  1. A schedule has at most one run planned, and it is a timer.
//  2. Whatever a target does, the next run is planned in the same entry.
//  3. A process that was not there in time makes up for one run, the latest; what is older than the target's maximum event age is not made
//     up for, and dead-lettered if there is a queue for it.
//
// AWS does not stop, and says of lateness only that an event is given up when it is older than MaximumEventAgeInSeconds (API reference,
// RetryPolicy): that is the rule here for a run that comes late.

import { utf8Encode } from '#base/bytes.ts';
import type { DeliveryRequest } from '#cell/deliveries-door.ts';
import type { TargetParameters } from '#cell/target.ts';
import { eventPolicy } from '#deliveries/policies.ts';
import type { Target } from '#wire/generated/scheduler.ts';
import { addressOf, scheduleArn } from './arns.ts';
import type { PlannedRun, ScheduleDoc } from './documents.ts';
import { roleNotAssumable } from './errors.ts';
import { ScheduleRan, ScheduleRunMissed } from './facts.ts';
import { AGE_SECONDS_MAX } from './limits.ts';
import { ATTEMPT_NUMBER, type Run, renderInput, scheduledTime } from './payload.ts';
import { latestPlanned, runAfter } from './plan.ts';
import { mayAssumeRole, sessionOf } from './role.ts';
import type { SchedulerTurn } from './state.ts';

/** The timer of a schedule's next run. */
export function run(anyTurn: SchedulerTurn, key: string): void {
  const { state } = anyTurn;
  const schedule = state.schedules.get(key);
  const planned = state.nextRun(key);
  if (schedule === undefined || planned === undefined) return;
  const address = addressOf(key);
  const turn = anyTurn.within(address.scope, anyTurn.principal) as SchedulerTurn;
  const { nowMs } = turn;
  const plannedAtMs = latestPlanned(schedule, { plannedAtMs: planned.plannedAtMs, nowMs });
  const isMadeUp = plannedAtMs !== planned.plannedAtMs;
  const lateMs = Math.max(0, nowMs - (isMadeUp ? plannedAtMs : planned.dueAtMs));
  const next = runAfter(schedule, plannedAtMs, turn.entropy);
  const due: DueRun = {
    run: { address, executionId: executionId(turn), plannedAtMs },
    schedule,
    lateMs,
    missedFromMs: isMadeUp ? planned.plannedAtMs : undefined,
    next,
  };
  handOver(turn, key, due);
  if (next === undefined && schedule.isDeletedAfterCompletion === true) turn.drop(state.schedules, key);
}

interface DueRun {
  readonly run: Run;
  readonly schedule: ScheduleDoc;
  readonly lateMs: number;
  readonly missedFromMs: number | undefined;
  readonly next: PlannedRun | undefined;
}

function handOver(turn: SchedulerTurn, key: string, due: DueRun): void {
  const { schedule, run, lateMs, missedFromMs, next } = due;
  const { target } = schedule;
  const text = renderInput(target.Input, run, () => turn.uuid());
  const payload = turn.storePayload(utf8Encode(text));
  const ageMsMax = (target.RetryPolicy?.MaximumEventAgeInSeconds ?? AGE_SECONDS_MAX) * 1_000;
  const isTooOld = lateMs > ageMsMax;
  turn.record(isTooOld ? ScheduleRunMissed : ScheduleRan, {
    schedule: key,
    executionId: run.executionId,
    plannedAtMs: run.plannedAtMs,
    payload,
    missedFromMs,
    nextPlannedAtMs: next?.plannedAtMs,
    nextDueAtMs: next?.dueAtMs,
  });
  const request = requestOf(turn, due, { text, payload });
  const failure = isTooOld ? TOO_OLD : roleFailure(turn, due);
  const attributes = {
    ...request.eventDeadLetter?.attributes,
    ...(isTooOld ? { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' } : {}),
  };
  turn.doors.deliveries.deliver(turn, { ...request, failure, eventDeadLetter: { attributes } });
}

const TOO_OLD = {
  code: 'EventTooOld',
  detail: 'Nobody was there to run the schedule before its maximum event age was over.',
};

function roleFailure(turn: SchedulerTurn, { schedule, run }: DueRun): DeliveryRequest['failure'] {
  if (mayAssumeRole(turn, schedule.target.RoleArn ?? '', run.address)) return undefined;
  return { code: 'AccessDeniedException', detail: roleNotAssumable().message };
}

function requestOf(
  turn: SchedulerTurn,
  { schedule, run, lateMs }: DueRun,
  { text, payload }: { readonly text: string; readonly payload: DeliveryRequest['handOver']['payload'] },
): DeliveryRequest {
  const { target } = schedule;
  const { Arn: targetArn = '', RoleArn: roleArn = '', RetryPolicy: retries, SqsParameters: queue } = target;
  const sourceArn = scheduleArn(run.address);
  const parameters = parametersOf(target, text);
  const policy = eventPolicy({
    retriesMax: retries?.MaximumRetryAttempts,
    ageSeconds: retries?.MaximumEventAgeInSeconds,
  });
  return {
    handOver: {
      sourceArn,
      targetArn,
      principal: sessionOf(turn, roleArn),
      payload,
      content: { kind: 'event', text },
      ...(queue?.MessageGroupId === undefined ? {} : { messageGroupId: queue.MessageGroupId }),
      ...(parameters === undefined ? {} : { parameters }),
    },
    // What comes late has so much less time for its retries.
    policy: { ...policy, ageMsMax: policy.ageMsMax - lateMs },
    deadLetterArn: target.DeadLetterConfig?.Arn,
    // AWS, Scheduler user guide, "Configuring a dead-letter queue": with the attributes that the deliveries add.
    eventDeadLetter: {
      attributes: {
        EXECUTION_ID: run.executionId,
        IS_PAYLOAD_TRUNCATED: 'false',
        SCHEDULED_TIME: scheduledTime(run),
        SCHEDULE_ARN: sourceArn,
        TARGET_ARN: targetArn,
      },
    },
    reference: run.executionId,
  };
}

function parametersOf(
  { EventBridgeParameters: bus, KinesisParameters: stream }: Target,
  text: string,
): TargetParameters | undefined {
  const hasAttempt = text.includes(ATTEMPT_NUMBER);
  if (bus === undefined && stream === undefined && !hasAttempt) return undefined;
  return {
    ...(stream === undefined ? {} : { partitionKey: stream.PartitionKey ?? '' }),
    ...(bus === undefined ? {} : { bus: { source: bus.Source ?? '', detailType: bus.DetailType ?? '' } }),
    ...(hasAttempt ? { attemptPlaceholder: ATTEMPT_NUMBER } : {}),
  };
}

const idBytes = new Uint8Array(8);

/** `d32c5kddcf5bb8c3` in AWS's guide: sixteen characters; hexadecimal ones here. */
function executionId(turn: SchedulerTurn): string {
  turn.entropy.fill(idBytes);
  return Array.from(idBytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
