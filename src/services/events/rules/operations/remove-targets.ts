import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { RemoveTargetsInput, RemoveTargetsOutput } from '#wire/generated/events.ts';
import { ruleAccess } from '../../access.ts';
import type { EventsState } from '../../state.ts';
import { idsConstraints, ofRule, problemOf } from '../constraints.ts';
import { findRule, managedProblem } from '../find-rule.ts';

/** AWS: an id that no target has fails its entry. The text is ours. */
export const removeTargets = operation<EventsState, RemoveTargetsInput, RemoveTargetsOutput>({
  authorize: (turn, { Rule, EventBusName }) => ruleAccess(turn, 'RemoveTargets', { name: Rule, busName: EventBusName }),
  decide(turn, input): Reply<RemoveTargetsOutput> {
    const broken = problemOf(idsConstraints(ofRule(new Validation(), input), input.Ids));
    if (broken !== undefined) return refuse(broken);
    const found = findRule(turn, input.Rule, input.EventBusName);
    if (isRefused(found)) return found;
    const { key, rule } = found;
    const managed = managedProblem(rule, input.Force);
    if (managed !== undefined) return refuse(managed);
    const ids = new Set(input.Ids ?? []);
    const targets = rule.targets.filter(({ Id }) => !ids.has(Id ?? ''));
    const failed = [...ids].filter((id) => !rule.targets.some(({ Id }) => Id === id));
    if (targets.length < rule.targets.length) turn.put(turn.state.rules.rules, key, { ...rule, targets });
    const entries = failed.map((id) => ({
      TargetId: id,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${id}.`,
    }));
    return { output: { FailedEntryCount: failed.length, FailedEntries: entries } };
  },
});
