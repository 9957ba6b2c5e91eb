import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { GetScheduleInput, GetScheduleOutput } from '#wire/generated/scheduler.ts';
import { onSchedule } from '../access.ts';
import { findSchedule } from '../find-schedule.ts';
import type { SchedulerState } from '../state.ts';
import { showSchedule } from '../views.ts';

export const getSchedule = operation<SchedulerState, GetScheduleInput, GetScheduleOutput>({
  authorize: onSchedule('GetSchedule'),
  decide(turn, input) {
    const found = findSchedule(turn, input);
    return isRefused(found) ? found : { output: showSchedule(found.key, found.schedule) };
  },
});
