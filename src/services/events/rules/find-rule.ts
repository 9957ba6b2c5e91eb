// From a bus and a name to a rule.

import { formatArn } from '#model/arn.ts';
import { type AwsError, clientError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopeOf } from '#model/scope.ts';
import type { BusDoc } from '../buses/documents.ts';
import { busKey, DEFAULT_BUS, findBus } from '../buses/find-bus.ts';
import { notFound } from '../errors.ts';
import type { EventsTurn } from '../state.ts';
import type { RuleDoc } from './documents.ts';

export interface FoundRule {
  readonly key: string;
  readonly bus: BusDoc;
  readonly rule: RuleDoc;
}

export function ruleKey(bus: Pick<BusDoc, 'account' | 'region' | 'name'>, name: string): string {
  return `${busKey(bus, bus.name)}|${name}`;
}

/** AWS: a rule on the default bus has no bus in its ARN. */
export function ruleArn(bus: Pick<BusDoc, 'account' | 'region' | 'name'>, name: string): string {
  const path = bus.name === DEFAULT_BUS ? name : `${bus.name}/${name}`;
  return formatArn('events', scopeOf(bus.account, bus.region), `rule/${path}`);
}

export function findRule(
  turn: EventsTurn,
  name: string | undefined,
  busNameOrArn: string | undefined,
): FoundRule | Refused {
  const bus = findBus(turn, busNameOrArn);
  if (isRefused(bus)) return bus;
  const key = ruleKey(bus, name ?? '');
  const rule = turn.state.rules.rules.get(key);
  return rule === undefined ? refuse(ruleDoesNotExist(name ?? '', bus)) : { key, bus, rule };
}

/** AWS: a recorded reply of DescribeRule. */
export function ruleDoesNotExist(name: string, bus: Pick<BusDoc, 'name'>): AwsError {
  return notFound(`Rule ${name} does not exist on EventBus ${bus.name}.`);
}

/** Why a managed rule is not changed. AWS: replies of RemoveTargets and DeleteRule (cloud-custodian, issue 10308; aws-nuke, issue 448). */
export function managedProblem(rule: RuleDoc, isForced: boolean | undefined): AwsError | undefined {
  if (rule.managedBy === undefined || isForced === true) return undefined;
  const text = `${rule.name} is a managed rule. Set 'force' parameter to true to override.`;
  return clientError('ManagedRuleException', text);
}
