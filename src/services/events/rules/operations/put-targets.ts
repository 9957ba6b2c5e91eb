// PutTargets: all of a request or nothing. AWS fails single entries only when it is too busy.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { PutTargetsInput, PutTargetsOutput, Target } from '#wire/generated/events.ts';
import { passRoleOf, ruleAccess } from '../../access.ts';
import { limitExceeded, validation } from '../../errors.ts';
import { TARGETS_PER_RULE_MAX } from '../../limits.ts';
import type { EventsState, EventsTurn } from '../../state.ts';
import { ofRule, problemOf, targetsConstraints } from '../constraints.ts';
import { findRule, managedProblem } from '../find-rule.ts';
import { targetProblem } from '../target-problem.ts';

export const putTargets = operation<EventsState, PutTargetsInput, PutTargetsOutput>({
  authorize: access,
  decide(turn, input): Reply<PutTargetsOutput> {
    const broken = problemOf(targetsConstraints(ofRule(new Validation(), input), input.Targets));
    if (broken !== undefined) return refuse(broken);
    const found = findRule(turn, input.Rule, input.EventBusName);
    if (isRefused(found)) return found;
    const { key, rule, bus } = found;
    const managed = managedProblem(rule, false);
    if (managed !== undefined) return refuse(managed);
    const given = input.Targets ?? [];
    for (const [i, target] of given.entries()) {
      const problem = targetProblem(bus, target, i + 1);
      if (problem !== undefined) return refuse(validation(problem));
    }
    const targets = merged(rule.targets, given);
    // AWS: a recorded reply.
    if (targets.length > TARGETS_PER_RULE_MAX) {
      return refuse(limitExceeded('The requested resource exceeds the maximum number allowed.'));
    }
    turn.put(turn.state.rules.rules, key, { ...rule, targets });
    return { output: { FailedEntryCount: 0, FailedEntries: [] } };
  },
});

function access(turn: EventsTurn, input: PutTargetsInput): readonly AuthorizationRequest[] | undefined {
  const targets = (input.Targets ?? []).filter((target) => target !== null);
  const context = { 'events:TargetArn': targets.map(({ Arn }) => Arn ?? '') };
  const asked = ruleAccess(turn, 'PutTargets', { name: input.Rule, busName: input.EventBusName, context });
  if (asked === undefined) return undefined;
  const roles = new Set(targets.flatMap(({ RoleArn }) => RoleArn ?? []));
  return [asked, ...[...roles].map((role) => passRoleOf(turn, role, asked.resource))];
}

/** One that is there already is replaced in its place; of two with one id the last counts. */
function merged(before: readonly Target[], given: readonly Target[]): readonly Target[] {
  const targets = new Map(before.map((target) => [target.Id, target]));
  for (const target of given) targets.set(target.Id, target);
  return [...targets.values()];
}
