import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListScheduleGroupsInput, ListScheduleGroupsOutput } from '#wire/generated/scheduler.ts';
import { onEverything } from '../access.ts';
import { groupsOf } from '../groups.ts';
import { PAGE_SIZE_MAX } from '../limits.ts';
import { openToken, sealToken } from '../pages.ts';
import type { SchedulerState } from '../state.ts';
import { listProblem } from '../validation.ts';
import { showGroup } from '../views.ts';

export const listScheduleGroups = operation<SchedulerState, ListScheduleGroupsInput, ListScheduleGroupsOutput>({
  authorize: onEverything('ListScheduleGroups'),
  decide(turn, input): Reply<ListScheduleGroupsOutput> {
    const problem = listProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { NamePrefix: prefix = '', MaxResults: limit = PAGE_SIZE_MAX } = input;
    const question = ['groups', prefix];
    const place = openToken(turn, question, input.NextToken);
    if (isRefused(place)) return place;
    const { afterKey = '' } = place;
    const rest = groupsOf(turn).filter(({ name }) => name.startsWith(prefix) && name > afterKey);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const hasMore = rest.length > limit && last !== undefined;
    return {
      output: {
        ScheduleGroups: page.map(({ name, group }) => showGroup(turn.scope, name, group)),
        NextToken: hasMore ? sealToken(turn, question, last.name) : undefined,
      },
    };
  },
});
