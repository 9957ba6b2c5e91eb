// Documents as clients see them, with AWS's defaults filled in (recorded replies: RetryPolicy, zone, state and action are always shown).

import type { Scope } from '#model/scope.ts';
import type {
  GetScheduleGroupOutput,
  GetScheduleOutput,
  ScheduleGroupSummary,
  ScheduleSummary,
} from '#wire/generated/scheduler.ts';
import { addressOf, groupArn, scheduleArn } from './arns.ts';
import type { GroupDoc, ScheduleDoc } from './documents.ts';
import { AGE_SECONDS_MAX, RETRIES_MAX } from './limits.ts';

const stateOf = ({ isDisabled }: ScheduleDoc): string => (isDisabled === true ? 'DISABLED' : 'ENABLED');

export function showSchedule(key: string, schedule: ScheduleDoc): GetScheduleOutput {
  const address = addressOf(key);
  const { target, windowMinutes, isDeletedAfterCompletion } = schedule;
  return {
    Arn: scheduleArn(address),
    GroupName: address.group,
    Name: address.name,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone ?? 'UTC',
    StartDate: schedule.startMs,
    EndDate: schedule.endMs,
    Description: schedule.description,
    State: stateOf(schedule),
    CreationDate: schedule.createdAtMs,
    LastModificationDate: schedule.modifiedAtMs,
    Target: {
      ...target,
      RetryPolicy: {
        MaximumEventAgeInSeconds: AGE_SECONDS_MAX,
        MaximumRetryAttempts: RETRIES_MAX,
        ...target.RetryPolicy,
      },
    },
    FlexibleTimeWindow:
      windowMinutes === undefined ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    ActionAfterCompletion: isDeletedAfterCompletion === true ? 'DELETE' : 'NONE',
  };
}

export function summarizeSchedule(key: string, schedule: ScheduleDoc): ScheduleSummary {
  const address = addressOf(key);
  return {
    Arn: scheduleArn(address),
    Name: address.name,
    GroupName: address.group,
    State: stateOf(schedule),
    CreationDate: schedule.createdAtMs,
    LastModificationDate: schedule.modifiedAtMs,
    Target: { Arn: schedule.target.Arn },
  };
}

export function showGroup(scope: Scope, name: string, group: GroupDoc): GetScheduleGroupOutput & ScheduleGroupSummary {
  return {
    Arn: groupArn(scope, name),
    Name: name,
    State: group.deletingAtMs === undefined ? 'ACTIVE' : 'DELETING',
    CreationDate: group.createdAtMs,
    LastModificationDate: group.modifiedAtMs,
  };
}
