import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { GetScheduleGroupInput, GetScheduleGroupOutput } from '#wire/generated/scheduler.ts';
import { onGroup } from '../access.ts';
import { findGroup } from '../groups.ts';
import type { SchedulerState } from '../state.ts';
import { nameProblem } from '../validation.ts';
import { showGroup } from '../views.ts';

export const getScheduleGroup = operation<SchedulerState, GetScheduleGroupInput, GetScheduleGroupOutput>({
  authorize: onGroup('GetScheduleGroup'),
  decide(turn, input) {
    const problem = nameProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { Name: name = '' } = input;
    const found = findGroup(turn, turn.scope, name);
    return isRefused(found) ? found : { output: showGroup(turn.scope, name, found) };
  },
});
