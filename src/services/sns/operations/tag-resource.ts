import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { TagResourceInput, TagResourceOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTaggedTopic } from '../arns.ts';
import { tooManyTags } from '../errors.ts';
import { TAGS_MAX } from '../limits.ts';
import type { SnsState, Tag } from '../state.ts';
import { mergedTags, tagsProblem } from '../tags.ts';

export const tagResource = operation<SnsState, TagResourceInput, TagResourceOutput>({
  authorize: onTopic('TagResource', (input) => input.ResourceArn),
  decide(turn, input): Reply<TagResourceOutput> {
    const found = findTaggedTopic(turn, input.ResourceArn);
    if (isRefused(found)) return found;
    const problem = tagsProblem(input.Tags);
    if (problem !== undefined) return refuse(problem);
    const { key, topic } = found;
    const tags = mergedTags(topic.tags, (input.Tags ?? []) as readonly Tag[]);
    if (tags.length > TAGS_MAX) return refuse(tooManyTags());
    turn.put(turn.state.topics, key, { ...topic, tags });
    return { output: {} };
  },
});
