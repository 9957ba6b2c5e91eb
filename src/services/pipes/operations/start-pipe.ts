// StartPipe. A pipe that polls already is left alone; AWS does not document what it answers then.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { StartPipeInput, StartPipeOutput } from '#wire/generated/pipes.ts';
import { onPipe } from '../access.ts';
import { isPolling, type PipeDoc } from '../documents.ts';
import { findPipe } from '../find-pipe.ts';
import { stateOf } from '../health.ts';
import type { PipesState } from '../state.ts';
import { changedPipe } from '../views.ts';
import { writePipe } from '../write-pipe.ts';

export const startPipe = operation<PipesState, StartPipeInput, StartPipeOutput>({
  authorize: onPipe('StartPipe'),
  decide(turn, input): Reply<StartPipeOutput> {
    const found = findPipe(turn, input);
    if (isRefused(found)) return found;
    const { failure: _failure, ...before } = found.pipe;
    if (isPolling(found.pipe)) return { output: changedPipe(found.pipe, stateOf(turn, found.pipe).current) };
    const pipe: PipeDoc = { ...before, desiredState: 'RUNNING', modifiedAtMs: turn.nowMs };
    writePipe(turn, found.key, { pipe, ifNot: 'START_FAILED' });
    return { output: changedPipe(pipe, 'STARTING') };
  },
});
