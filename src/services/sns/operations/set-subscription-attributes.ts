import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { SetSubscriptionAttributesInput, SetSubscriptionAttributesOutput } from '#wire/generated/sns.ts';
import { onAccount } from '../access.ts';
import { findSubscription } from '../arns.ts';
import { missingParameter } from '../errors.ts';
import { passRoleToSns } from '../role.ts';
import type { SnsState } from '../state.ts';
import { mergedAttributes } from '../subscription-attributes.ts';

export const setSubscriptionAttributes = operation<
  SnsState,
  SetSubscriptionAttributesInput,
  SetSubscriptionAttributesOutput
>({
  authorize(turn, input) {
    const asked = onAccount('SetSubscriptionAttributes')(turn);
    const { AttributeName: name, AttributeValue: value } = input;
    const isRole = name === 'SubscriptionRoleArn' && value !== undefined;
    return isRole ? [asked, passRoleToSns(turn, value)] : asked;
  },
  decide(turn, input): Reply<SetSubscriptionAttributesOutput> {
    const found = findSubscription(turn, input.SubscriptionArn);
    if (isRefused(found)) return found;
    const { AttributeName: name, AttributeValue: value = '' } = input;
    if (name === undefined) return refuse(missingParameter('AttributeName'));
    const { key, subscription } = found;
    const frame = { ...subscription, isSubscribe: false };
    const merged = mergedAttributes(subscription.attributes, { [name]: value }, frame);
    if (isRefused(merged)) return merged;
    turn.put(turn.state.subscriptions, key, { ...subscription, attributes: merged.attributes });
    return { output: {} };
  },
});
