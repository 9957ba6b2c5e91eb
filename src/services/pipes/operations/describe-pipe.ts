import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DescribePipeInput, DescribePipeOutput } from '#wire/generated/pipes.ts';
import { onPipe } from '../access.ts';
import { findPipe } from '../find-pipe.ts';
import type { PipesState } from '../state.ts';
import { describedPipe } from '../views.ts';

export const describePipe = operation<PipesState, DescribePipeInput, DescribePipeOutput>({
  authorize: onPipe('DescribePipe'),
  decide(turn, input): Reply<DescribePipeOutput> {
    const found = findPipe(turn, input);
    return isRefused(found) ? found : { output: describedPipe(turn, found.pipe) };
  },
});
