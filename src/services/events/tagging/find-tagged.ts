// What a tagged ARN means: a bus or a rule of the caller's account and region.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { parseArn } from '#model/arn.ts';
import type { AwsError } from '#model/aws-error.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { accessTo, type Context, onBus } from '../access.ts';
import type { BusDoc } from '../buses/documents.ts';
import { DEFAULT_BUS, findBus, lookUpBus, putBus } from '../buses/find-bus.ts';
import { busTagsProblem } from '../buses/tags-problem.ts';
import { validation } from '../errors.ts';
import { findRule, managedProblem, ruleKey } from '../rules/find-rule.ts';
import type { EventsTurn } from '../state.ts';
import type { KeptTag } from '../tags.ts';

export interface Tagged {
  readonly tags: readonly KeptTag[];
  /** Why these tags cannot be, or undefined when they were written. */
  write(tags: readonly KeptTag[]): AwsError | undefined;
}

interface Named {
  readonly bus: string;
  /** Undefined: the bus itself. */
  readonly rule: string | undefined;
}

/** AWS: partner buses have slashes in their names, rules have none. */
function namedBy(turn: EventsTurn, text: string | undefined): Named | undefined {
  const arn = parseArn(text ?? '');
  const { account, region } = turn.scope;
  if (arn?.service !== 'events' || arn.account !== account || arn.region !== region) return undefined;
  if (arn.resource.startsWith('event-bus/')) return { bus: arn.resource.slice('event-bus/'.length), rule: undefined };
  if (!arn.resource.startsWith('rule/')) return undefined;
  const path = arn.resource.slice('rule/'.length);
  const slash = path.lastIndexOf('/');
  return { bus: slash < 0 ? DEFAULT_BUS : path.slice(0, slash), rule: path.slice(slash + 1) };
}

export function findTagged(turn: EventsTurn, arn: string | undefined): Tagged | Refused {
  const named = namedBy(turn, arn);
  // The text is ours: AWS's is not published.
  if (named === undefined)
    return refuse(validation(`Parameter ResourceARN is not valid. Reason: ${arn} is neither an event bus nor a rule.`));
  if (named.rule !== undefined) return taggedRule(turn, named.rule, named.bus);
  const bus = findBus(turn, named.bus);
  if (isRefused(bus)) return bus;
  return { tags: bus.tags, write: (tags) => writeBusTags(turn, bus, tags) };
}

function writeBusTags(turn: EventsTurn, bus: BusDoc, tags: readonly KeptTag[]): AwsError | undefined {
  const problem = busTagsProblem(turn, bus.arn, tags);
  if (problem === undefined) putBus(turn, { ...bus, tags });
  return problem;
}

function taggedRule(turn: EventsTurn, name: string, busName: string): Tagged | Refused {
  const found = findRule(turn, name, busName);
  if (isRefused(found)) return found;
  const { key, rule } = found;
  return {
    tags: rule.tags,
    write(tags) {
      const problem = managedProblem(rule, false);
      if (problem === undefined) turn.put(turn.state.rules.rules, key, { ...rule, tags });
      return problem;
    },
  };
}

export function taggedAccess(
  turn: EventsTurn,
  action: string,
  { arn, context }: { readonly arn: string | undefined; readonly context?: Context },
): AuthorizationRequest | undefined {
  const named = namedBy(turn, arn);
  if (named === undefined) return undefined;
  if (named.rule === undefined) {
    const asked = onBus(action, () => named.bus)(turn, undefined);
    return asked === undefined ? undefined : { ...asked, context: { ...asked.context, ...context } };
  }
  const bus = lookUpBus(turn.state, { scope: turn.scope, name: named.bus });
  if (bus === undefined) return undefined;
  const rule = turn.state.rules.rules.get(ruleKey(bus, named.rule));
  return accessTo(turn, action, { bus, rule, arn: arn ?? '', context });
}
