import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { GetSubscriptionAttributesInput, GetSubscriptionAttributesOutput } from '#wire/generated/sns.ts';
import { onAccount } from '../access.ts';
import { findSubscription } from '../arns.ts';
import type { SnsState } from '../state.ts';
import { shownSubscriptionAttributes } from '../subscription-attributes.ts';

export const getSubscriptionAttributes = operation<
  SnsState,
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesOutput
>({
  authorize: onAccount('GetSubscriptionAttributes'),
  decide(turn, input): Reply<GetSubscriptionAttributesOutput> {
    const found = findSubscription(turn, input.SubscriptionArn);
    if (isRefused(found)) return found;
    const topic = turn.state.topics.get(found.subscription.topicKey);
    return { output: { Attributes: shownSubscriptionAttributes(found.subscription, topic) } };
  },
});
