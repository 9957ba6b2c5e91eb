// What the facts of SNS say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import type { SnsState } from './state.ts';

type Story = (fact: never, state: SnsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: SnsState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to topics and subscriptions that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  NotificationPublished: told(
    facts.NotificationPublished,
    ({ topic, messageId }, state) => `message ${messageId} published to ${topicName(state, topic)}`,
  ),
  FifoNotificationPublished: told(
    facts.FifoNotificationPublished,
    ({ topic, messageId, sequence, messageGroupId }, state) =>
      `message ${messageId} published to ${topicName(state, topic)} as number ${sequence}, in group ${messageGroupId}`,
  ),
  RepeatedPublishIgnored: told(
    facts.RepeatedPublishIgnored,
    ({ topic, messageId }, state) =>
      `a repetition of message ${messageId} within five minutes was ignored by ${topicName(state, topic)}`,
  ),
  NotificationFiltered: told(
    facts.NotificationFiltered,
    ({ subscription, reason }, state) => `not sent to ${subscriptionName(state, subscription)}: ${reason}`,
  ),
  HttpSendingPaced: told(
    facts.HttpSendingPaced,
    ({ subscriptionArn, waiting }) => `${waiting} messages wait for ${subscriptionArn}, as its throttle policy says`,
  ),
};

function topicName(state: SnsState, id: number): string {
  return state.topics.by('byId', String(id))[0]?.arn ?? `topic ${id}, which was deleted since`;
}

function subscriptionName(state: SnsState, id: number): string {
  const found = state.subscriptions.by('byId', String(id))[0];
  return found === undefined ? `subscription ${id}, which was deleted since` : `${found.endpoint} (${found.arn})`;
}
