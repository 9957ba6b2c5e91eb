// ListSubscriptions: the caller's subscriptions in the region, a hundred at a time.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListSubscriptionsInput, ListSubscriptionsOutput } from '#wire/generated/sns.ts';
import { onAccount } from '../access.ts';
import { pageOf } from '../pages.ts';
import { shownSubscription } from '../shown-subscriptions.ts';
import type { SnsState, SubscriptionDoc } from '../state.ts';

export const listSubscriptions = operation<SnsState, ListSubscriptionsInput, ListSubscriptionsOutput>({
  authorize: onAccount('ListSubscriptions'),
  decide(turn, input): Reply<ListSubscriptionsOutput> {
    const { subscriptions } = turn.state;
    const { account, region } = turn.scope;
    const keys = subscriptions.keysBy('byOwner', `${account}/${region}`);
    const page = pageOf(turn, { list: 'subscriptions', keys, token: input.NextToken });
    if (isRefused(page)) return page;
    const Subscriptions = page.keys.map((key) => shownSubscription(subscriptions.get(key) as SubscriptionDoc));
    return { output: { Subscriptions, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) } };
  },
});
