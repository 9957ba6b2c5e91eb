// Rules that EventBridge keeps for something else: an archive. Users see them and may not change them.

import type { BusDoc } from '../buses/documents.ts';
import type { EventsTurn } from '../state.ts';
import { ruleArn, ruleKey } from './find-rule.ts';

export interface ManagedRule {
  readonly name: string;
  readonly managedBy: string;
  /** Valid. */
  readonly eventPattern: string;
}

/** Writes the rule, or its new pattern; returns its number. The bus is settled. */
export function putManagedRule(turn: EventsTurn, bus: BusDoc, { name, managedBy, eventPattern }: ManagedRule): number {
  const { rules, nextNumber } = turn.state.rules;
  const key = ruleKey(bus, name);
  const before = rules.get(key);
  const number = before?.number ?? nextNumber;
  turn.put(rules, key, {
    name,
    arn: ruleArn(bus, name),
    number,
    busArn: bus.arn,
    busName: bus.name,
    account: bus.account,
    region: bus.region,
    createdAtMs: before?.createdAtMs ?? turn.nowMs,
    createdBy: bus.account,
    eventPattern,
    state: 'ENABLED',
    managedBy,
    tags: [],
    targets: [],
  });
  return number;
}

export function dropManagedRule(turn: EventsTurn, ruleNumber: number): void {
  const { rules, byNumber } = turn.state.rules;
  const rule = byNumber.get(ruleNumber);
  if (rule !== undefined) turn.drop(rules, ruleKey({ ...rule, name: rule.busName }, rule.name));
}
