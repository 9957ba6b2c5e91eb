// Subscriptions as the two lists show them.

import type { Subscription } from '#wire/generated/sns.ts';
import type { SubscriptionDoc } from './state.ts';

/** AWS hides the ARN of a subscription until it is confirmed. */
const PENDING = 'PendingConfirmation';

export function shownSubscription(subscription: SubscriptionDoc): Subscription {
  const { arn, isPending, owner, protocol, endpoint, topicArn } = subscription;
  const SubscriptionArn = isPending ? PENDING : arn;
  return { SubscriptionArn, Owner: owner, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
}
