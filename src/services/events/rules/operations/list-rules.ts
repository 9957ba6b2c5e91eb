import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListRulesInput, ListRulesOutput } from '#wire/generated/events.ts';
import { ruleAccess } from '../../access.ts';
import { busConstraints, PLAIN_NAME, pageConstraints } from '../../constraints.ts';
import { RULE_NAME_LENGTH_MAX } from '../../limits.ts';
import type { EventsState } from '../../state.ts';
import { problemOf } from '../constraints.ts';
import { rulePage } from '../rule-page.ts';
import { shownRule } from '../views.ts';

export const listRules = operation<EventsState, ListRulesInput, ListRulesOutput>({
  authorize: (turn, { EventBusName }) => ruleAccess(turn, 'ListRules', { name: '*', busName: EventBusName }),
  decide(turn, input): Reply<ListRulesOutput> {
    const checked = new Validation()
      .length('namePrefix', input.NamePrefix, { min: 1, max: RULE_NAME_LENGTH_MAX })
      .pattern('namePrefix', input.NamePrefix, PLAIN_NAME);
    const problem = problemOf(pageConstraints(busConstraints(checked, 'eventBusName', input.EventBusName), input));
    if (problem !== undefined) return refuse(problem);
    const page = rulePage(turn, input, { list: `rules\n${input.NamePrefix ?? ''}`, where: () => true });
    if (isRefused(page)) return page;
    return { output: { Rules: page.rules.map(shownRule), NextToken: page.nextToken } };
  },
});
