import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '#wire/generated/pipes.ts';
import { onTaggedPipe } from '../access.ts';
import { findTaggedPipe } from '../find-pipe.ts';
import type { PipesState } from '../state.ts';

export const listTagsForResource = operation<PipesState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: onTaggedPipe('ListTagsForResource'),
  decide(turn, input): Reply<ListTagsForResourceOutput> {
    const found = findTaggedPipe(turn, input.resourceArn);
    return isRefused(found) ? found : { output: { tags: found.pipe.tags } };
  },
});
