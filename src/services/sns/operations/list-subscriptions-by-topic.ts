// ListSubscriptionsByTopic: the topic's subscriptions, a hundred at a time.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListSubscriptionsByTopicInput, ListSubscriptionsByTopicOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { pageOf } from '../pages.ts';
import { shownSubscription } from '../shown-subscriptions.ts';
import type { SnsState, SubscriptionDoc } from '../state.ts';

export const listSubscriptionsByTopic = operation<
  SnsState,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicOutput
>({
  authorize: onTopic('ListSubscriptionsByTopic', (input) => input.TopicArn),
  decide(turn, input): Reply<ListSubscriptionsByTopicOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const { subscriptions } = turn.state;
    const keys = subscriptions.keysBy('byTopic', found.key);
    const page = pageOf(turn, { list: `subscriptions of ${found.topic.arn}`, keys, token: input.NextToken });
    if (isRefused(page)) return page;
    const Subscriptions = page.keys.map((key) => shownSubscription(subscriptions.get(key) as SubscriptionDoc));
    return { output: { Subscriptions, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) } };
  },
});
