import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UntagResourceInput, UntagResourceOutput } from '#wire/generated/pipes.ts';
import { onTaggedPipe } from '../access.ts';
import { findTaggedPipe } from '../find-pipe.ts';
import { SchemaCheck } from '../settings/schema-check.ts';
import type { PipesState } from '../state.ts';

export const untagResource = operation<PipesState, UntagResourceInput, UntagResourceOutput>({
  authorize: onTaggedPipe('UntagResource'),
  decide(turn, input): Reply<UntagResourceOutput> {
    const checked = new SchemaCheck().required(input, ['resourceArn', 'tagKeys']).count(input.tagKeys, 50);
    for (const key of input.tagKeys ?? []) checked.text(key, { min: 1, max: 128 });
    if (checked.error !== undefined) return refuse(checked.error);
    const found = findTaggedPipe(turn, input.resourceArn);
    if (isRefused(found)) return found;
    const { key, pipe } = found;
    const kept = Object.entries(pipe.tags).filter(([name]) => input.tagKeys?.includes(name) !== true);
    turn.put(turn.state.pipes, key, { ...pipe, tags: Object.fromEntries(kept) });
    return { output: {} };
  },
});
