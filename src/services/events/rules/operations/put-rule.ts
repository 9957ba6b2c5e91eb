import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutRuleInput, PutRuleOutput } from '#wire/generated/events.ts';
import { findBus, settledBus } from '../../buses/find-bus.ts';
import { invalidEventPattern } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { ruleArn, ruleKey } from '../find-rule.ts';
import { compiledPattern } from '../pattern.ts';

export const putRule = operation<EventsState, PutRuleInput, PutRuleOutput>({
  authorize: undefined,
  decide(turn, input): Reply<PutRuleOutput> {
    const found = findBus(turn, input.EventBusName);
    if (isRefused(found)) return found;
    const { Name: name = '', EventPattern: eventPattern } = input;
    const { rules } = turn.state;
    const compiled = eventPattern === undefined ? undefined : compiledPattern(rules, eventPattern);
    if (compiled !== undefined && 'problem' in compiled) return refuse(invalidEventPattern(compiled.problem));
    const bus = settledBus(turn, found);
    const key = ruleKey(bus, name);
    const before = rules.rules.get(key);
    const arn = ruleArn(bus, name);
    turn.put(rules.rules, key, {
      name,
      arn,
      number: before?.number ?? rules.nextNumber,
      busArn: bus.arn,
      busName: bus.name,
      account: bus.account,
      region: bus.region,
      createdAtMs: before?.createdAtMs ?? turn.nowMs,
      createdBy: before?.createdBy ?? turn.scope.account,
      eventPattern,
      state: input.State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      tags: before?.tags ?? [],
      targets: before?.targets ?? [],
    });
    return { output: { RuleArn: arn } };
  },
});
