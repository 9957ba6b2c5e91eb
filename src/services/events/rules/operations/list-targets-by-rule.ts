import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListTargetsByRuleInput, ListTargetsByRuleOutput } from '#wire/generated/events.ts';
import { ruleAccess } from '../../access.ts';
import { invalidToken } from '../../connections/errors.ts';
import { pageConstraints } from '../../constraints.ts';
import { PAGE_MAX } from '../../limits.ts';
import { openToken, sealToken } from '../../page-token.ts';
import type { EventsState } from '../../state.ts';
import { ofRule, problemOf } from '../constraints.ts';
import { findRule } from '../find-rule.ts';

export const listTargetsByRule = operation<EventsState, ListTargetsByRuleInput, ListTargetsByRuleOutput>({
  authorize: (turn, { Rule, EventBusName }) =>
    ruleAccess(turn, 'ListTargetsByRule', { name: Rule, busName: EventBusName }),
  decide(turn, input): Reply<ListTargetsByRuleOutput> {
    const problem = problemOf(pageConstraints(ofRule(new Validation(), input), input));
    if (problem !== undefined) return refuse(problem);
    const found = findRule(turn, input.Rule, input.EventBusName);
    if (isRefused(found)) return found;
    const { targets, arn } = found.rule;
    const { NextToken: token, Limit: limit = PAGE_MAX } = input;
    const list = `targets\n${arn}`;
    const after = token === undefined ? undefined : openToken(turn, list, token);
    if (token !== undefined && after === undefined) return refuse(invalidToken());
    const start = after === undefined ? 0 : targets.findIndex(({ Id }) => Id === after) + 1;
    const page = targets.slice(start, start + limit);
    const hasMore = start + limit < targets.length;
    const nextToken = hasMore ? sealToken(turn, list, page[page.length - 1]?.Id ?? '') : undefined;
    return { output: { Targets: page, NextToken: nextToken } };
  },
});
