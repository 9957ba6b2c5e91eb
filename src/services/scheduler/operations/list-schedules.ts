import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { ListSchedulesInput, ListSchedulesOutput } from '#wire/generated/scheduler.ts';
import { onEverything } from '../access.ts';
import { addressOf, scheduleKey } from '../arns.ts';
import { findGroup } from '../groups.ts';
import { PAGE_SIZE_MAX } from '../limits.ts';
import { openToken, sealToken } from '../pages.ts';
import type { SchedulerState } from '../state.ts';
import { listProblem } from '../validation.ts';
import { summarizeSchedule } from '../views.ts';

export const listSchedules = operation<SchedulerState, ListSchedulesInput, ListSchedulesOutput>({
  authorize: onEverything('ListSchedules'),
  decide(turn, input): Reply<ListSchedulesOutput> {
    const problem = listProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { GroupName: group, NamePrefix: namePrefix = '', State, MaxResults = PAGE_SIZE_MAX } = input;
    if (group !== undefined) {
      const found = findGroup(turn, turn.scope, group);
      if (isRefused(found)) return found;
    }
    const question = ['schedules', group, namePrefix, State];
    const place = openToken(turn, question, input.NextToken);
    if (isRefused(place)) return place;
    const isDisabled = State === 'DISABLED';
    const { items, lastKey } = turn.state.schedules.page({
      prefix: group === undefined ? scopePrefix(turn.scope) : scheduleKey(turn.scope, group, namePrefix),
      limit: MaxResults,
      ...(place.afterKey === undefined ? {} : { afterKey: place.afterKey }),
      where: (schedule, key) =>
        (State === undefined || (schedule.isDisabled === true) === isDisabled) &&
        (group !== undefined || addressOf(key).name.startsWith(namePrefix)),
    });
    const Schedules = items.map(({ key, doc }) => summarizeSchedule(key, doc));
    const NextToken = lastKey === undefined ? undefined : sealToken(turn, question, lastKey);
    return { output: { Schedules, NextToken } };
  },
});
