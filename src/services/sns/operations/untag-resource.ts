import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { UntagResourceInput, UntagResourceOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTaggedTopic } from '../arns.ts';
import type { SnsState } from '../state.ts';

export const untagResource = operation<SnsState, UntagResourceInput, UntagResourceOutput>({
  authorize: onTopic('UntagResource', (input) => input.ResourceArn),
  decide(turn, input): Reply<UntagResourceOutput> {
    const found = findTaggedTopic(turn, input.ResourceArn);
    if (isRefused(found)) return found;
    const { key, topic } = found;
    const gone = new Set(input.TagKeys ?? []);
    turn.put(turn.state.topics, key, { ...topic, tags: topic.tags.filter((tag) => !gone.has(tag.Key)) });
    return { output: {} };
  },
});
