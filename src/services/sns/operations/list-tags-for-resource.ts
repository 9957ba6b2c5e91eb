import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTaggedTopic } from '../arns.ts';
import type { SnsState } from '../state.ts';

export const listTagsForResource = operation<SnsState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: onTopic('ListTagsForResource', (input) => input.ResourceArn),
  decide(turn, input): Reply<ListTagsForResourceOutput> {
    const found = findTaggedTopic(turn, input.ResourceArn);
    return isRefused(found) ? found : { output: { Tags: found.topic.tags } };
  },
});
