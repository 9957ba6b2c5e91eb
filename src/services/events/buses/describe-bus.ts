import type { BusDescription } from '#cell/schemas-door.ts';
import { ruleKey } from '../rules/find-rule.ts';
import type { EventsTurn } from '../state.ts';
import { busByArn } from './find-bus.ts';

/** A bus and its rules, for other services; undefined when there is no such bus. */
export function describeBus(turn: EventsTurn, arn: string): BusDescription | undefined {
  const bus = busByArn(turn.state, arn);
  if (bus === undefined) return undefined;
  const rules = turn.state.rules.rules.list(ruleKey(bus, '')).map((rule) => ({
    name: rule.name,
    isEnabled: rule.state !== 'DISABLED',
    pattern: rule.eventPattern,
    description: rule.description,
    targets: rule.targets.map(({ Id = '', Arn = '' }) => ({ id: Id, arn: Arn })),
  }));
  return { arn: bus.arn, name: bus.name, description: bus.description, rules };
}
