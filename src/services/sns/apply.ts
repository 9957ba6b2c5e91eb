// What facts and documents do to memory: FIFO topics remember, routes follow the subscriptions.

import { assert } from '#base/assert.ts';
import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import { SNS_TO_MANAGED } from '#deliveries/policies.ts';
import { compileFilterPolicy } from '#structures/filter-policy/filter-policy.ts';
import {
  FifoNotificationPublished,
  HttpSendingPaced,
  NotificationFiltered,
  NotificationPublished,
  RepeatedPublishIgnored,
} from './facts.ts';
import { bytesOfUuid, fifoTopic } from './fifo.ts';
import { httpSettings } from './http/delivery-policy.ts';
import { HTTP_PACE_TIMER } from './http/sending.ts';
import { CONFIRMATION_MS } from './limits.ts';
import { isHttp, type Route, type SnsState, type SubscriptionDoc, type TopicDoc } from './state.ts';
import { scopeOfFilter } from './subscription-attributes.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** The timer that takes away a subscription nobody confirmed; its subject is the subscription's key. */
export const UNCONFIRMED_TIMER = 'unconfirmed';

export const factBindings: readonly FactBinding<SnsState>[] = [
  on(NotificationPublished, () => {}),
  on(FifoNotificationPublished, fifoPublished),
  on(RepeatedPublishIgnored, () => {}),
  on(NotificationFiltered, () => {}),
  on(HttpSendingPaced, (_state, { subscriptionArn, untilMs }, { timers }) =>
    timers.set(HTTP_PACE_TIMER, subscriptionArn, untilMs),
  ),
];

export function tableBindings(state: SnsState): readonly TableBinding[] {
  return [
    bind<TopicDoc>(state.topics, (key, before, after) => topicChanged(state, { key, before, after })),
    bind<SubscriptionDoc>(state.subscriptions, (key, _before, after, context) =>
      subscriptionChanged(state, { key, after, context }),
    ),
  ];
}

function fifoPublished(state: SnsState, fact: Fact<typeof FifoNotificationPublished>): void {
  const topic = fifoTopic(state, fact.topic);
  topic.sequence = fact.sequence;
  const entry = { sequence: fact.sequence, messageId: bytesOfUuid(fact.messageId) };
  topic.window.add(fact.deduplicationKey, entry, fact.atMs);
}

function topicChanged(
  state: SnsState,
  change: { key: string; before: TopicDoc | undefined; after: TopicDoc | undefined },
): void {
  const { key, before, after } = change;
  if (after === undefined && before !== undefined) state.fifo.delete(before.id);
  if (after === undefined) return;
  state.nextId = Math.max(state.nextId, after.id + 1);
  // The topic's delivery policy is part of its endpoints' routes.
  for (const [of, { subscription }] of state.routes.get(key) ?? []) {
    if (isHttp(subscription.protocol)) setRoute(state, of, subscription);
  }
}

function subscriptionChanged(
  state: SnsState,
  change: { key: string; after: SubscriptionDoc | undefined; context: ApplyContext },
): void {
  const { key, after, context } = change;
  const topicKey = key.slice(0, key.lastIndexOf('/'));
  if (after === undefined || after.isPending) removeRoute(state, topicKey, key);
  else setRoute(state, key, after);
  if (after?.isPending === true) {
    context.timers.set(UNCONFIRMED_TIMER, key, after.subscribedAtMs + CONFIRMATION_MS);
  } else context.timers.clear(UNCONFIRMED_TIMER, key);
  if (after !== undefined) state.nextId = Math.max(state.nextId, after.id + 1);
}

function setRoute(state: SnsState, key: string, subscription: SubscriptionDoc): void {
  const routes = state.routes.get(subscription.topicKey);
  const route = routeOf(state, subscription);
  if (routes === undefined) state.routes.set(subscription.topicKey, new Map([[key, route]]));
  else routes.set(key, route);
}

function removeRoute(state: SnsState, topicKey: string, key: string): void {
  const routes = state.routes.get(topicKey);
  routes?.delete(key);
  if (routes?.size === 0) state.routes.delete(topicKey);
}

function routeOf(state: SnsState, subscription: SubscriptionDoc): Route {
  const { attributes, endpoint, protocol } = subscription;
  const ofTopic = state.topics.get(subscription.topicKey)?.attributes['DeliveryPolicy'];
  const compiled = compileFilterPolicy(attributes['FilterPolicy'] ?? '', scopeOfFilter(attributes));
  assert('policy' in compiled, 'a stored filter policy is valid');
  const redrive = attributes['RedrivePolicy'];
  const http = isHttp(protocol) ? httpSettings(ofTopic, attributes['DeliveryPolicy']) : undefined;
  return {
    subscription,
    isRaw: attributes['RawMessageDelivery'] === 'true',
    isFifoQueue: protocol === 'sqs' && endpoint.endsWith('.fifo'),
    filter: compiled.policy,
    deadLetterArn:
      redrive === undefined
        ? undefined
        : (JSON.parse(redrive) as { readonly deadLetterTargetArn: string }).deadLetterTargetArn,
    roleArn: attributes['SubscriptionRoleArn'],
    targetArn: isHttp(protocol) ? subscription.arn : endpoint,
    retries: http?.retries ?? SNS_TO_MANAGED,
    http,
  };
}
