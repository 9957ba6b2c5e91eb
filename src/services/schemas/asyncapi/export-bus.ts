// A bus as an AsyncAPI 3.0 document: the bus and its rules' targets are channels, event types with a schema are messages, each rule and target is an operation that
// sends what the rule's pattern lets through. Pure: the bus's rules and the schemas are given. The document speaks from the bus's side: it receives
// what producers put, and sends to targets.

import type { BusDescription, BusRule } from '#cell/schemas-door.ts';
import { parseArn } from '#model/arn.ts';
import { compileEventPattern } from '#structures/event-pattern/event-pattern.ts';
import { isObject } from '#structures/json-schema/pointer.ts';
import type { JsonObject, SchemaContent } from '../content.ts';
import type { EventKind } from '../state.ts';
import { componentSchemas } from './component-schemas.ts';
import { Keys } from './keys.ts';

export interface DescribedEvent {
  readonly kind: EventKind;
  /** `registry/schema`, and which version. */
  readonly schema: string;
  readonly version: string;
  readonly content: SchemaContent;
}

export function asyncApiOf(bus: BusDescription, events: readonly DescribedEvent[]): JsonObject {
  const keys = new Keys();
  const messages = events.map((event) => ({ ...event, key: keys.of(`${event.kind.source}.${event.kind.detailType}`) }));
  const busKey = keys.of(`bus.${bus.name}`);
  const routes = bus.rules
    .filter(({ isEnabled, pattern }) => isEnabled && pattern !== undefined)
    .map((rule) => routeOf(rule, messages));
  const targets = new Map<string, { readonly key: string; readonly messages: Set<string> }>();
  for (const { rule, messages: sent } of routes) {
    for (const { arn } of rule.targets) {
      const target = targets.get(arn) ?? { key: keys.of(targetName(arn)), messages: new Set<string>() };
      for (const message of sent) target.messages.add(message);
      targets.set(arn, target);
    }
  }
  const channels: [string, JsonObject][] = [
    [
      busKey,
      channelOf(
        bus.arn,
        messages.map(({ key }) => key),
      ),
    ],
  ];
  for (const [arn, { key, messages: sent }] of targets) channels.push([key, channelOf(arn, [...sent])]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Event bus ${bus.name}`,
      version: '1.0.0',
      ...(bus.description === undefined || bus.description === '' ? {} : { description: bus.description }),
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels),
    operations: Object.fromEntries([
      [
        keys.of(`put.${bus.name}`),
        { action: 'receive', channel: channelReference(busKey), summary: 'Events that producers put' },
      ],
      ...routes.flatMap((route) => operationsOf(route, { keys, keyOfTarget: (arn) => targets.get(arn)?.key ?? '' })),
    ]),
    components: {
      messages: Object.fromEntries(messages.map((message) => [message.key, messageOf(message)])),
      schemas: Object.assign({}, ...messages.map(({ key, content }) => componentSchemas(key, { content, keys }))),
    },
  };
}

interface Route {
  readonly rule: BusRule;
  /** Keys of the messages that the pattern can let through. */
  readonly messages: readonly string[];
}

function routeOf(rule: BusRule, messages: readonly (DescribedEvent & { readonly key: string })[]): Route {
  const canMatch = matcherOf(JSON.parse(rule.pattern ?? '{}') as JsonObject);
  return { rule, messages: messages.filter(({ kind }) => canMatch(kind)).map(({ key }) => key) };
}

/** Which kinds of events a pattern can let through: what it asks of other fields depends on the event. */
function matcherOf(pattern: JsonObject): (kind: EventKind) => boolean {
  const asked = ofKindOnly(pattern);
  if (Object.keys(asked).length === 0) return () => true;
  const compiled = compileEventPattern(JSON.stringify(asked));
  if ('problem' in compiled) return () => false;
  return ({ source, detailType }) => compiled.pattern.matches({ source, 'detail-type': detailType });
}

function ofKindOnly(pattern: JsonObject): JsonObject {
  const asked = Object.entries(pattern).filter(([name]) => name === 'source' || name === 'detail-type');
  const choices = pattern['$or'];
  const parts = Array.isArray(choices) && choices.every(isObject) ? choices.map((one) => ofKindOnly(one)) : [];
  // An alternative that asks nothing of the kind lets every kind through.
  const isChoice = parts.length > 0 && parts.every((part) => Object.keys(part).length > 0);
  return Object.fromEntries(isChoice ? [...asked, ['$or', parts]] : asked);
}

function channelOf(arn: string, messages: readonly string[]): JsonObject {
  const bindings = bindingsOf(arn);
  return {
    address: arn,
    messages: Object.fromEntries(messages.map((key) => [key, { $ref: `#/components/messages/${key}` }])),
    ...(bindings === undefined ? {} : { bindings }),
  };
}

/** AsyncAPI bindings: SQS 0.2.0, SNS 0.1.0. */
function bindingsOf(arn: string): JsonObject | undefined {
  const { service, resource = '' } = parseArn(arn) ?? {};
  if (service === 'sqs') {
    return { sqs: { queue: { name: resource, fifoQueue: resource.endsWith('.fifo') }, bindingVersion: '0.2.0' } };
  }
  return service === 'sns' ? { sns: { name: resource, bindingVersion: '0.1.0' } } : undefined;
}

function operationsOf(
  { rule, messages }: Route,
  { keys, keyOfTarget }: { readonly keys: Keys; readonly keyOfTarget: (arn: string) => string },
): readonly (readonly [string, JsonObject])[] {
  return rule.targets.map(({ id, arn }) => {
    const channel = keyOfTarget(arn);
    const operation = {
      action: 'send',
      channel: channelReference(channel),
      title: `Rule ${rule.name}, target ${id}`,
      ...(rule.description === undefined || rule.description === '' ? {} : { description: rule.description }),
      messages: messages.map((key) => ({ $ref: `#/channels/${channel}/messages/${key}` })),
      'x-event-pattern': JSON.parse(rule.pattern ?? '{}') as unknown,
    };
    return [keys.of(`rule.${rule.name}.${id}`), operation] as const;
  });
}

function messageOf({ key, kind, schema, version }: DescribedEvent & { readonly key: string }): JsonObject {
  return {
    name: kind.detailType,
    title: kind.detailType,
    summary: `From ${kind.source}; version ${version} of schema ${schema}`,
    contentType: 'application/json',
    payload: { $ref: `#/components/schemas/${key}` },
    'x-amazon-events-source': kind.source,
    'x-amazon-events-detail-type': kind.detailType,
  };
}

function channelReference(key: string): JsonObject {
  return { $ref: `#/channels/${key}` };
}

function targetName(arn: string): string {
  const { service = 'target', resource = arn } = parseArn(arn) ?? {};
  return `${service}.${resource}`;
}
