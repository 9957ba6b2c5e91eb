// AWS: "EventBridge Scheduler uses all values, including empty values, specified in the request and overrides the existing schedule."

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateScheduleInput, UpdateScheduleOutput } from '#wire/generated/scheduler.ts';
import { onWrittenSchedule } from '../access.ts';
import { addressOf, scheduleArn } from '../arns.ts';
import { groupIsDeleting, roleNotAssumable } from '../errors.ts';
import { findSchedule } from '../find-schedule.ts';
import { findGroup } from '../groups.ts';
import { mayAssumeRole } from '../role.ts';
import { readSettings } from '../settings.ts';
import type { SchedulerState } from '../state.ts';
import { updatedSchedule } from '../write-schedule.ts';

export const updateSchedule = operation<SchedulerState, UpdateScheduleInput, UpdateScheduleOutput>({
  authorize: onWrittenSchedule('UpdateSchedule'),
  decide(turn, input): Reply<UpdateScheduleOutput> {
    const found = findSchedule(turn, input);
    if (isRefused(found)) return found;
    const { key, schedule } = found;
    const settings = readSettings(turn, input, schedule);
    if (isRefused(settings)) return settings;
    const address = addressOf(key);
    const group = findGroup(turn, turn.scope, address.group);
    if (isRefused(group)) return group;
    if (group.deletingAtMs !== undefined) return refuse(groupIsDeleting(address.group));
    if (!mayAssumeRole(turn, settings.target.RoleArn ?? '', address)) return refuse(roleNotAssumable());
    turn.put(turn.state.schedules, key, updatedSchedule(turn, key, settings, schedule));
    return { output: { ScheduleArn: scheduleArn(address) } };
  },
});
