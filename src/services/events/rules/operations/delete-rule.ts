import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteRuleInput, DeleteRuleOutput } from '#wire/generated/events.ts';
import { onRule } from '../../access.ts';
import { findBus } from '../../buses/find-bus.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { ruleInputProblem } from '../constraints.ts';
import { managedProblem, ruleKey } from '../find-rule.ts';

/** AWS: recorded replies; a rule that does not exist is deleted already. */
export const deleteRule = operation<EventsState, DeleteRuleInput, DeleteRuleOutput>({
  authorize: onRule('DeleteRule'),
  decide(turn, input): Reply<DeleteRuleOutput> {
    const broken = ruleInputProblem(input);
    if (broken !== undefined) return refuse(broken);
    const bus = findBus(turn, input.EventBusName);
    if (isRefused(bus)) return bus;
    const { rules } = turn.state.rules;
    const key = ruleKey(bus, input.Name ?? '');
    const rule = rules.get(key);
    if (rule === undefined) return { output: {} };
    const problem = managedProblem(rule, input.Force);
    if (problem !== undefined) return refuse(problem);
    if (rule.targets.length > 0) return refuse(validation("Rule can't be deleted since it has targets."));
    turn.drop(rules, key);
    return { output: {} };
  },
});
