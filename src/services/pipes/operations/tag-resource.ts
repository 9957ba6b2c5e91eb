import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { TagResourceInput, TagResourceOutput } from '#wire/generated/pipes.ts';
import { onTaggedPipe } from '../access.ts';
import { tooManyTags } from '../errors.ts';
import { findTaggedPipe } from '../find-pipe.ts';
import { TAGS_MAX } from '../limits.ts';
import { reservedTagProblem, tagsConstraints } from '../settings/constraints.ts';
import { SchemaCheck } from '../settings/schema-check.ts';
import type { PipesState } from '../state.ts';

export const tagResource = operation<PipesState, TagResourceInput, TagResourceOutput>({
  authorize: onTaggedPipe('TagResource'),
  decide(turn, input): Reply<TagResourceOutput> {
    const violated = tagsConstraints(new SchemaCheck().required(input, ['resourceArn', 'tags']), input.tags).error;
    const problem = violated ?? reservedTagProblem(input.tags);
    if (problem !== undefined) return refuse(problem);
    const found = findTaggedPipe(turn, input.resourceArn);
    if (isRefused(found)) return found;
    const { key, pipe } = found;
    const tags = { ...pipe.tags, ...input.tags };
    if (Object.keys(tags).length > TAGS_MAX) return refuse(tooManyTags());
    turn.put(turn.state.pipes, key, { ...pipe, tags });
    return { output: {} };
  },
});
