// CreateSchedule: checks in AWS's order as far as it is known (form, values, name, group, role), then one document with its first run planned.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { CreateScheduleInput, CreateScheduleOutput } from '#wire/generated/scheduler.ts';
import { onWrittenSchedule } from '../access.ts';
import { scheduleArn, scheduleKey } from '../arns.ts';
import { groupIsDeleting, roleNotAssumable, scheduleExists, tooMany } from '../errors.ts';
import { findGroup } from '../groups.ts';
import { DEFAULT_GROUP, SCHEDULES_MAX } from '../limits.ts';
import { requestDigest } from '../requests.ts';
import { mayAssumeRole } from '../role.ts';
import { readSettings } from '../settings.ts';
import type { SchedulerState } from '../state.ts';
import { newSchedule } from '../write-schedule.ts';

export const createSchedule = operation<SchedulerState, CreateScheduleInput, CreateScheduleOutput>({
  authorize: onWrittenSchedule('CreateSchedule'),
  decide(turn, input): Reply<CreateScheduleOutput> {
    const settings = readSettings(turn, input);
    if (isRefused(settings)) return settings;
    const { Name: name = '', GroupName: group = DEFAULT_GROUP } = input;
    const address = { scope: turn.scope, group, name };
    const key = scheduleKey(turn.scope, group, name);
    const output = { ScheduleArn: scheduleArn(address) };
    const digest = requestDigest(turn, input);
    const { schedules } = turn.state;
    const existing = schedules.get(key);
    if (existing !== undefined) {
      const isRepeated = digest !== '' && existing.requestDigest === digest;
      return isRepeated ? { output } : refuse(scheduleExists(name));
    }
    const found = findGroup(turn, turn.scope, group);
    if (isRefused(found)) return found;
    if (found.deletingAtMs !== undefined) return refuse(groupIsDeleting(group));
    if (turn.limits.mode === 'aws' && schedules.size >= SCHEDULES_MAX) {
      return refuse(tooMany('schedules', SCHEDULES_MAX));
    }
    if (!mayAssumeRole(turn, settings.target.RoleArn ?? '', address)) return refuse(roleNotAssumable());
    turn.put(schedules, key, newSchedule(turn, settings, digest));
    return { output };
  },
});
