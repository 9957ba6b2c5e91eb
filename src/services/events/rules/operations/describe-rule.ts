import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DescribeRuleInput, DescribeRuleOutput } from '#wire/generated/events.ts';
import { onRule } from '../../access.ts';
import type { EventsState } from '../../state.ts';
import { ruleInputProblem } from '../constraints.ts';
import { findRule } from '../find-rule.ts';
import { shownRule } from '../views.ts';

export const describeRule = operation<EventsState, DescribeRuleInput, DescribeRuleOutput>({
  authorize: onRule('DescribeRule'),
  decide(turn, input): Reply<DescribeRuleOutput> {
    const broken = ruleInputProblem(input);
    if (broken !== undefined) return refuse(broken);
    const found = findRule(turn, input.Name, input.EventBusName);
    if (isRefused(found)) return found;
    return { output: { ...shownRule(found.rule), CreatedBy: found.rule.createdBy } };
  },
});
