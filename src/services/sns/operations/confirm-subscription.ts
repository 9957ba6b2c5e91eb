// ConfirmSubscription. The token is the permission; a confirmation that is signed makes its account the owner.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ConfirmSubscriptionInput, ConfirmSubscriptionOutput } from '#wire/generated/sns.ts';
import { accessTo } from '../access.ts';
import { findTopic } from '../arns.ts';
import { missingParameter, tokenInvalid, tokenMalformed } from '../errors.ts';
import type { SnsState, SnsTurn, SubscriptionDoc } from '../state.ts';

export const confirmSubscription = operation<SnsState, ConfirmSubscriptionInput, ConfirmSubscriptionOutput>({
  authorize(turn, input) {
    if (turn.principal.kind === 'anonymous') return undefined;
    const found = findTopic(turn, input.TopicArn);
    return isRefused(found) ? undefined : accessTo(turn, found.topic, 'ConfirmSubscription');
  },
  decide(turn, input): Reply<ConfirmSubscriptionOutput> {
    const { Token: token } = input;
    if (token === undefined) return refuse(missingParameter('Token'));
    if (!/^[0-9a-f]+$/.test(token)) return refuse(tokenMalformed());
    const { subscriptions } = turn.state;
    const key = subscriptions.keysBy('byToken', token)[0];
    const subscription = key === undefined ? undefined : subscriptions.get(key);
    if (key === undefined || subscription === undefined || subscription.topicArn !== input.TopicArn) {
      return refuse(tokenInvalid());
    }
    if (subscription.isPending) turn.put(subscriptions, key, confirmed(turn, subscription, input));
    return { output: { SubscriptionArn: subscription.arn } };
  },
});

/** The token stays: confirming twice answers the same. */
function confirmed(turn: SnsTurn, subscription: SubscriptionDoc, input: ConfirmSubscriptionInput): SubscriptionDoc {
  const isSigned = turn.principal.kind !== 'anonymous';
  return {
    ...subscription,
    isPending: false,
    wasAuthenticated: isSigned,
    ...(isSigned ? { owner: turn.scope.account } : {}),
    ...(input.AuthenticateOnUnsubscribe?.toLowerCase() === 'true' ? { authenticateOnUnsubscribe: true } : {}),
  };
}
