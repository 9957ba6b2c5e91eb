// StopPipe: nothing more is taken; batches under way end as they began. One that is stopped already is left alone.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { StopPipeInput, StopPipeOutput } from '#wire/generated/pipes.ts';
import { onPipe } from '../access.ts';
import type { PipeDoc } from '../documents.ts';
import { findPipe } from '../find-pipe.ts';
import type { PipesState } from '../state.ts';
import { changedPipe } from '../views.ts';

export const stopPipe = operation<PipesState, StopPipeInput, StopPipeOutput>({
  authorize: onPipe('StopPipe'),
  decide(turn, input): Reply<StopPipeOutput> {
    const found = findPipe(turn, input);
    if (isRefused(found)) return found;
    if (found.pipe.desiredState === 'STOPPED') return { output: changedPipe(found.pipe, 'STOPPED') };
    const { failure: _failure, ...before } = found.pipe;
    const pipe: PipeDoc = { ...before, desiredState: 'STOPPED', modifiedAtMs: turn.nowMs };
    turn.put(turn.state.pipes, found.key, pipe);
    return { output: changedPipe(pipe, 'STOPPING') };
  },
});
