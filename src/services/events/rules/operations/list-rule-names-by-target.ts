import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListRuleNamesByTargetInput, ListRuleNamesByTargetOutput } from '#wire/generated/events.ts';
import { ruleAccess } from '../../access.ts';
import { busConstraints, pageConstraints } from '../../constraints.ts';
import { ARN_LENGTH_MAX } from '../../limits.ts';
import type { EventsState } from '../../state.ts';
import { problemOf } from '../constraints.ts';
import { rulePage } from '../rule-page.ts';

export const listRuleNamesByTarget = operation<EventsState, ListRuleNamesByTargetInput, ListRuleNamesByTargetOutput>({
  authorize: (turn, { EventBusName }) =>
    ruleAccess(turn, 'ListRuleNamesByTarget', { name: '*', busName: EventBusName }),
  decide(turn, input): Reply<ListRuleNamesByTargetOutput> {
    const { TargetArn: target } = input;
    const checked = new Validation()
      .required('targetArn', target)
      .length('targetArn', target, { min: 1, max: ARN_LENGTH_MAX });
    const problem = problemOf(pageConstraints(busConstraints(checked, 'eventBusName', input.EventBusName), input));
    if (problem !== undefined) return refuse(problem);
    const where = ({ targets }: { targets: readonly { Arn?: string | undefined }[] }) =>
      targets.some(({ Arn }) => Arn === target);
    const page = rulePage(turn, input, { list: `rules by target\n${target}`, where });
    if (isRefused(page)) return page;
    return { output: { RuleNames: page.rules.map(({ name }) => name), NextToken: page.nextToken } };
  },
});
