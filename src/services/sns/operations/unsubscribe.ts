// Unsubscribe. AWS API reference: without a signature (the UnsubscribeURL of an envelope) unless the confirmation asked
// for authentication; else the owner of the subscription or of the topic. What does not exist is no error.

import { operation, type Reply } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type { UnsubscribeInput, UnsubscribeOutput } from '#wire/generated/sns.ts';
import { onSubscription } from '../access.ts';
import { subscriptionKeyOf } from '../arns.ts';
import { authorizationError, missingParameter } from '../errors.ts';
import type { SnsState } from '../state.ts';

export const unsubscribe = operation<SnsState, UnsubscribeInput, UnsubscribeOutput>({
  authorize(turn, input) {
    return turn.principal.kind === 'anonymous'
      ? undefined
      : onSubscription<UnsubscribeInput>('Unsubscribe')(turn, input);
  },
  decide(turn, input): Reply<UnsubscribeOutput> {
    const { SubscriptionArn: arn } = input;
    if (arn === undefined) return refuse(missingParameter('SubscriptionArn'));
    const key = subscriptionKeyOf(arn);
    if (typeof key !== 'string') return refuse(key);
    const { topics, subscriptions } = turn.state;
    const subscription = subscriptions.get(key);
    if (subscription?.arn !== arn) return { output: {} };
    if (subscription.authenticateOnUnsubscribe === true && turn.principal.kind === 'anonymous') {
      return refuse(authorizationError('Unsubscribe of this subscription requires authentication'));
    }
    turn.drop(subscriptions, key);
    const topic = topics.get(subscription.topicKey);
    if (topic !== undefined) {
      turn.put(topics, subscription.topicKey, { ...topic, subscriptionsDeleted: topic.subscriptionsDeleted + 1 });
    }
    return { output: {} };
  },
});
