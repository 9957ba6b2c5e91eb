// Unsubscribe. AWS API reference: without a signature (the UnsubscribeURL of an envelope) unless the confirmation asked
// for authentication; else the owner of the subscription or of the topic. What does not exist is no error.

import { operation, type Reply } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { UnsubscribeInput, UnsubscribeOutput } from '#wire/generated/sns.ts';
import { onAccount } from '../access.ts';
import { subscriptionKeyOf } from '../arns.ts';
import { authorizationError, missingParameter, notOwner } from '../errors.ts';
import type { SnsState, SnsTurn, SubscriptionDoc } from '../state.ts';

export const unsubscribe = operation<SnsState, UnsubscribeInput, UnsubscribeOutput>({
  authorize: (turn) => (turn.principal.kind === 'anonymous' ? undefined : onAccount('Unsubscribe')(turn)),
  decide(turn, input): Reply<UnsubscribeOutput> {
    const { SubscriptionArn: arn } = input;
    if (arn === undefined) return refuse(missingParameter('SubscriptionArn'));
    const key = subscriptionKeyOf(arn);
    if (typeof key !== 'string') return refuse(key);
    const { topics, subscriptions } = turn.state;
    const subscription = subscriptions.get(key);
    if (subscription?.arn !== arn) return { output: {} };
    const refused = whyNot(turn, subscription);
    if (refused !== undefined) return refuse(refused);
    turn.drop(subscriptions, key);
    const topic = topics.get(subscription.topicKey);
    if (topic !== undefined) {
      turn.put(topics, subscription.topicKey, { ...topic, subscriptionsDeleted: topic.subscriptionsDeleted + 1 });
    }
    return { output: {} };
  },
});

function whyNot(turn: SnsTurn, subscription: SubscriptionDoc): AwsError | undefined {
  if (turn.principal.kind === 'anonymous') {
    const isForbidden = subscription.authenticateOnUnsubscribe === true;
    return isForbidden ? authorizationError('Unsubscribe of this subscription requires authentication') : undefined;
  }
  const { account } = turn.scope;
  const isOwner = subscription.owner === account || parseArn(subscription.topicArn)?.account === account;
  return isOwner ? undefined : notOwner();
}
