// ListTopics: the topics of the account in the region, a hundred at a time.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { ListTopicsInput, ListTopicsOutput } from '#wire/generated/sns.ts';
import { onAccount } from '../access.ts';
import { pageOf } from '../pages.ts';
import type { SnsState, TopicDoc } from '../state.ts';

export const listTopics = operation<SnsState, ListTopicsInput, ListTopicsOutput>({
  authorize: onAccount('ListTopics'),
  decide(turn, input): Reply<ListTopicsOutput> {
    const { topics } = turn.state;
    const all = topics.page({ prefix: scopePrefix(turn.scope), limit: Number.POSITIVE_INFINITY });
    const keys = all.items.map(({ key }) => key);
    const page = pageOf(turn, { list: 'topics', keys, token: input.NextToken });
    if (isRefused(page)) return page;
    const Topics = page.keys.map((key) => ({ TopicArn: (topics.get(key) as TopicDoc).arn }));
    return { output: { Topics, ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }) } };
  },
});
