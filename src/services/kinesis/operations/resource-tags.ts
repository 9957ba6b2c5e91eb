// Tags by ARN: TagResource, UntagResource, ListTagsForResource.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '#wire/generated/kinesis.ts';
import { findResource, onResource } from '../resource.ts';
import type { KinesisState } from '../state.ts';
import { withRequestTags } from '../tag-context.ts';
import { checkTagKeys, checkTags, shownTags, tagsProblem, without } from '../tags.ts';

export const tagResource = operation<KinesisState, TagResourceInput, object>({
  authorize: (turn, input) => withRequestTags(onResource('TagResource')(turn, input), { tags: input.Tags }),
  decide(turn, input): Reply<object> {
    const { Tags } = input;
    const found = findResource(turn, input, (validation) => checkTags(validation.required('tags', Tags), Tags));
    if (isRefused(found)) return found;
    const problem = tagsProblem(Tags, found.name, found.account, found.tags);
    if (problem !== undefined) return refuse(problem);
    found.update({ tags: { ...found.tags, ...Tags } });
    return { output: {} };
  },
});

export const untagResource = operation<KinesisState, UntagResourceInput, object>({
  authorize: (turn, input) => withRequestTags(onResource('UntagResource')(turn, input), { keys: input.TagKeys }),
  decide(turn, input): Reply<object> {
    const { TagKeys } = input;
    const found = findResource(turn, input, (validation) =>
      checkTagKeys(validation.required('tagKeys', TagKeys), TagKeys),
    );
    if (isRefused(found)) return found;
    found.update({ tags: without(found.tags, TagKeys as readonly string[]) });
    return { output: {} };
  },
});

export const listTagsForResource = operation<KinesisState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: onResource('ListTagsForResource'),
  decide(turn, input): Reply<ListTagsForResourceOutput> {
    const found = findResource(turn, input);
    return isRefused(found) ? found : { output: { Tags: shownTags(found.tags) } };
  },
});
