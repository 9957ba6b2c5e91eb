// UpdatePipe: what is not mentioned stays; service-specific parameters are replaced as a whole. Batches under way go on with what was set when they began.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdatePipeInput, UpdatePipeOutput } from '#wire/generated/pipes.ts';
import { onWrittenPipe } from '../access.ts';
import type { DesiredState, PipeDoc } from '../documents.ts';
import { fieldsInvalid } from '../errors.ts';
import { findPipe } from '../find-pipe.ts';
import { preparedLog } from '../logging/destinations.ts';
import { updateProblem } from '../settings/constraints.ts';
import { settingsOf, settingsProblems } from '../settings/settings.ts';
import type { PipesState } from '../state.ts';
import { changedPipe } from '../views.ts';
import { writePipe } from '../write-pipe.ts';

export const updatePipe = operation<PipesState, UpdatePipeInput, UpdatePipeOutput>({
  authorize: onWrittenPipe('UpdatePipe'),
  decide(turn, input): Reply<UpdatePipeOutput> {
    const violated = updateProblem(input);
    if (violated !== undefined) return refuse(violated);
    const found = findPipe(turn, input);
    if (isRefused(found)) return found;
    const { key, pipe: before } = found;
    const problems = settingsProblems(input, before, turn);
    if (problems.length > 0) return refuse(fieldsInvalid(problems));
    const { name, arn, account, region, sourceArn, wakeKey, tags, createdAtMs } = before;
    const pipe: PipeDoc = {
      ...{ name, arn, account, region, sourceArn, wakeKey },
      desiredState: (input.DesiredState ?? before.desiredState) as DesiredState,
      ...settingsOf(input, before),
      roleArn: input.RoleArn ?? before.roleArn,
      ...{ tags, createdAtMs },
      modifiedAtMs: turn.nowMs,
    };
    const problem = input.LogConfiguration === undefined ? undefined : preparedLog(turn, pipe);
    if (problem !== undefined) return refuse(fieldsInvalid([problem]));
    writePipe(turn, key, { pipe, ifNot: 'UPDATE_FAILED' });
    return { output: changedPipe(pipe, 'UPDATING') };
  },
});
