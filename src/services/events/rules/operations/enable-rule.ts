// EnableRule and DisableRule. A schedule that is enabled begins anew.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { EnableRuleInput, EnableRuleOutput } from '#wire/generated/events.ts';
import { onRule } from '../../access.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { ruleInputProblem } from '../constraints.ts';
import { findRule, managedProblem } from '../find-rule.ts';
import { isScheduled, planNext } from '../schedule.ts';

export const enableRule = operation<EventsState, EnableRuleInput, EnableRuleOutput>({
  authorize: onRule('EnableRule'),
  decide: (turn, input) => switchRule(turn, input, true),
});

export const disableRule = operation<EventsState, EnableRuleInput, EnableRuleOutput>({
  authorize: onRule('DisableRule'),
  decide: (turn, input) => switchRule(turn, input, false),
});

function switchRule(turn: EventsTurn, input: EnableRuleInput, isEnabling: boolean): Reply<EnableRuleOutput> {
  const broken = ruleInputProblem(input);
  if (broken !== undefined) return refuse(broken);
  const found = findRule(turn, input.Name, input.EventBusName);
  if (isRefused(found)) return found;
  const { key, rule } = found;
  const problem = managedProblem(rule, false);
  if (problem !== undefined) return refuse(problem);
  if ((rule.state !== 'DISABLED') === isEnabling) return { output: {} };
  const scheduleStartMs = rule.scheduleExpression ? Math.floor(turn.nowMs / 1_000) * 1_000 : undefined;
  const after = isEnabling
    ? { ...rule, state: 'ENABLED' as const, scheduleStartMs }
    : { ...rule, state: 'DISABLED' as const };
  turn.put(turn.state.rules.rules, key, after);
  if (isScheduled(after)) planNext(turn, after, turn.nowMs);
  return { output: {} };
}
