// DeletePipe: nothing more is taken; batches under way end as they began.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DeletePipeInput, DeletePipeOutput } from '#wire/generated/pipes.ts';
import { onPipe } from '../access.ts';
import { findPipe } from '../find-pipe.ts';
import type { PipesState } from '../state.ts';
import { changedPipe } from '../views.ts';

export const deletePipe = operation<PipesState, DeletePipeInput, DeletePipeOutput>({
  authorize: onPipe('DeletePipe'),
  decide(turn, input): Reply<DeletePipeOutput> {
    const found = findPipe(turn, input);
    if (isRefused(found)) return found;
    const { key, pipe } = found;
    turn.drop(turn.state.pipes, key);
    const { pollers, streams, streamFilters } = turn.state.running;
    streams.delete(key);
    streamFilters.delete(key);
    if (pollers.get(key)?.inFlight === 0) pollers.delete(key);
    // AWS: RequestedPipeStateDescribeResponse has DELETED for this answer.
    return { output: changedPipe({ ...pipe, modifiedAtMs: turn.nowMs }, 'DELETING', 'DELETED') };
  },
});
