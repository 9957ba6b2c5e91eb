import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteScheduleInput, DeleteScheduleOutput } from '#wire/generated/scheduler.ts';
import { onSchedule } from '../access.ts';
import { findSchedule } from '../find-schedule.ts';
import { DEFAULT_GROUP } from '../limits.ts';
import { isRepeatedDeletion, rememberDeletion } from '../requests.ts';
import type { SchedulerState } from '../state.ts';
import { nameProblem } from '../validation.ts';

export const deleteSchedule = operation<SchedulerState, DeleteScheduleInput, DeleteScheduleOutput>({
  authorize: onSchedule('DeleteSchedule'),
  decide(turn, input) {
    const problem = nameProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { Name = '', GroupName = DEFAULT_GROUP, ClientToken } = input;
    const what = `schedule/${GroupName}/${Name}`;
    if (isRepeatedDeletion(turn, what, ClientToken)) return { output: {} };
    const found = findSchedule(turn, input);
    if (isRefused(found)) return found;
    turn.drop(turn.state.schedules, found.key);
    rememberDeletion(turn, what, ClientToken);
    return { output: {} };
  },
});
