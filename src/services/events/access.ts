// What IAM is asked for buses and rules. AWS: Service Authorization Reference, "Amazon EventBridge". The policy of a bus is the resource's
// policy of the bus and of its rules; who created a rule is `events:creatorAccount`, also of one that is being created.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { passRole } from '#cell/service-role.ts';
import type { Tag } from '#wire/generated/events.ts';
import type { BusDoc } from './buses/documents.ts';
import { busArn, busReference, lookUpBus } from './buses/find-bus.ts';
import type { RuleDoc } from './rules/documents.ts';
import { ruleArn, ruleKey } from './rules/find-rule.ts';
import type { EventsTurn } from './state.ts';

export type Context = Readonly<Record<string, string | readonly string[]>>;

export function onAccount(action: string) {
  return (turn: EventsTurn): AuthorizationRequest => ({
    action: `events:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}

/** Asks for a bus that may not exist yet, or not any more. */
export function onBus<I>(
  action: string,
  nameOf: (input: I) => string | undefined,
  tagsOf?: (input: I) => readonly Tag[] | undefined,
) {
  return (turn: EventsTurn, input: I): AuthorizationRequest | undefined => {
    const reference = busReference(turn.scope, nameOf(input));
    if (reference === undefined) return undefined;
    const bus = lookUpBus(turn.state, reference);
    return {
      action: `events:${action}`,
      resource: bus?.arn ?? busArn(reference.scope, reference.name),
      resourceAccount: reference.scope.account,
      resourcePolicy: bus?.policy,
      context: { ...resourceTags(bus?.tags), ...requestTags(tagsOf?.(input)) },
    };
  };
}

export interface NamedRule {
  readonly name: string | undefined;
  readonly busName: string | undefined;
}

/** Asks for a rule that may not exist; undefined where its bus does not: then the operation says so. */
export function ruleAccess(
  turn: EventsTurn,
  action: string,
  { name, busName, context }: NamedRule & { readonly context?: Context },
): AuthorizationRequest | undefined {
  const reference = busReference(turn.scope, busName);
  const bus = reference === undefined ? undefined : lookUpBus(turn.state, reference);
  if (bus === undefined) return undefined;
  const rule = turn.state.rules.rules.get(ruleKey(bus, name ?? ''));
  return accessTo(turn, action, { bus, rule, arn: rule?.arn ?? ruleArn(bus, name ?? ''), context });
}

export function accessTo(
  turn: EventsTurn,
  action: string,
  on: {
    readonly bus: BusDoc;
    readonly rule: RuleDoc | undefined;
    readonly arn: string;
    readonly context?: Context | undefined;
  },
): AuthorizationRequest {
  const { bus, rule, arn, context } = on;
  return {
    action: `events:${action}`,
    resource: arn,
    resourceAccount: bus.account,
    resourcePolicy: bus.policy,
    context: {
      'events:creatorAccount': rule?.createdBy ?? turn.scope.account,
      ...(rule?.managedBy === undefined ? {} : { 'events:ManagedBy': rule.managedBy }),
      ...resourceTags(rule?.tags),
      ...context,
    },
  };
}

export function onRule<I extends { readonly Name?: string | undefined; readonly EventBusName?: string | undefined }>(
  action: string,
) {
  return (turn: EventsTurn, { Name: name, EventBusName: busName }: I): AuthorizationRequest | undefined =>
    ruleAccess(turn, action, { name, busName });
}

export function passRoleOf(turn: EventsTurn, roleArn: string, ofRule: string): AuthorizationRequest {
  return passRole(turn, roleArn, { service: 'events.amazonaws.com', ofArn: ofRule });
}

export function requestTags(tags: readonly Tag[] = []): Context {
  if (tags.length === 0) return {};
  const context: Record<string, string | readonly string[]> = { 'aws:TagKeys': tags.map((tag) => tag?.Key ?? '') };
  for (const tag of tags) context[`aws:RequestTag/${tag?.Key ?? ''}`] = tag?.Value ?? '';
  return context;
}

export function resourceTags(tags: readonly { readonly Key: string; readonly Value: string }[] = []): Context {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]));
}
