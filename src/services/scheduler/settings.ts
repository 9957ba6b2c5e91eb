// What a client may set of a schedule, checked and made a document. UpdateSchedule takes the same and replaces everything.

import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parseScheduleExpression } from '#model/schedule/schedule-expression.ts';
import { isTimeZone } from '#model/schedule/time-zone.ts';
import type { CreateScheduleInput, Target } from '#wire/generated/scheduler.ts';
import type { ScheduleDoc } from './documents.ts';
import {
  endBeforeStart,
  invalidExpression,
  invalidTimeZone,
  notAvailable,
  startTooEarly,
  windowMissing,
  windowNotAllowed,
} from './errors.ts';
import { START_AGE_MS_MAX } from './limits.ts';
import type { SchedulerTurn } from './state.ts';
import { compactTarget, targetProblem } from './target-settings.ts';
import { scheduleProblem } from './validation.ts';

/** Everything but what time and history add. */
export type Settings = Omit<
  ScheduleDoc,
  'createdAtMs' | 'modifiedAtMs' | 'anchorMs' | 'plannedAtMs' | 'dueAtMs' | 'requestDigest'
>;

/** `before`: the schedule that is updated. Its start may be long ago; only a new one must not. */
export function readSettings(
  turn: SchedulerTurn,
  input: CreateScheduleInput,
  before?: ScheduleDoc,
): Settings | Refused {
  const formProblem = scheduleProblem(input);
  if (formProblem !== undefined) return refuse(formProblem);
  const timing = readTiming(turn, input, before);
  if (isRefused(timing)) return timing;
  const target = input.Target as Target;
  const problem = otherProblem(input) ?? targetProblem(turn, target);
  if (problem !== undefined) return refuse(problem);
  const { Description: description, State, ActionAfterCompletion, FlexibleTimeWindow } = input;
  const windowMinutes = FlexibleTimeWindow?.MaximumWindowInMinutes;
  return {
    ...timing,
    ...(description === undefined ? {} : { description }),
    ...(windowMinutes === undefined ? {} : { windowMinutes }),
    ...(State === 'DISABLED' ? { isDisabled: true as const } : {}),
    ...(ActionAfterCompletion === 'DELETE' ? { isDeletedAfterCompletion: true as const } : {}),
    target: compactTarget(target),
  };
}

function readTiming(
  turn: SchedulerTurn,
  input: CreateScheduleInput,
  before: ScheduleDoc | undefined,
): Pick<ScheduleDoc, 'expression' | 'timeZone' | 'startMs' | 'endMs'> | Refused {
  const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: zone = 'UTC' } = input;
  const { StartDate: startMs, EndDate: endMs } = input;
  const parsed = parseScheduleExpression(expression, { kinds: 'scheduler' });
  if ('problem' in parsed) return refuse(invalidExpression(expression));
  if (!isTimeZone(zone)) return refuse(invalidTimeZone(zone));
  // AWS: CreateSchedule, StartDate and EndDate are ignored for one-time schedules. They are kept and shown.
  if (parsed.expression.kind !== 'at') {
    const isNewStart = startMs !== undefined && startMs !== before?.startMs;
    if (isNewStart && startMs < turn.nowMs - START_AGE_MS_MAX) return refuse(startTooEarly());
    if (startMs !== undefined && endMs !== undefined && endMs <= startMs) return refuse(endBeforeStart());
  }
  return {
    expression,
    ...(zone === 'UTC' ? {} : { timeZone: zone }),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  };
}

function otherProblem({ FlexibleTimeWindow: window, KmsKeyArn: key }: CreateScheduleInput): AwsError | undefined {
  const hasMinutes = window?.MaximumWindowInMinutes !== undefined;
  if (window?.Mode === 'FLEXIBLE' && !hasMinutes) return windowMissing();
  if (window?.Mode === 'OFF' && hasMinutes) return windowNotAllowed();
  return key === undefined ? undefined : notAvailable('KmsKeyArn');
}
