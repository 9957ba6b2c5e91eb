import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { PutTargetsInput, PutTargetsOutput } from '#wire/generated/events.ts';
import type { EventsState } from '../../state.ts';
import { findRule } from '../find-rule.ts';

export const putTargets = operation<EventsState, PutTargetsInput, PutTargetsOutput>({
  authorize: undefined,
  decide(turn, input): Reply<PutTargetsOutput> {
    const found = findRule(turn, input.Rule, input.EventBusName);
    if (isRefused(found)) return found;
    const { key, rule } = found;
    const given = input.Targets ?? [];
    const kept = rule.targets.filter((target) => !given.some(({ Id }) => Id === target.Id));
    turn.put(turn.state.rules.rules, key, { ...rule, targets: [...kept, ...given] });
    return { output: { FailedEntryCount: 0, FailedEntries: [] } };
  },
});
