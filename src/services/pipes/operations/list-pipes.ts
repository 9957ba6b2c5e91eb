import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListPipesInput, ListPipesOutput } from '#wire/generated/pipes.ts';
import { onEverything } from '../access.ts';
import { pipeKey } from '../arns.ts';
import { stateOf } from '../health.ts';
import { PAGE_MAX } from '../limits.ts';
import { openToken, sealToken } from '../pages.ts';
import { listProblem } from '../settings/constraints.ts';
import type { PipesState } from '../state.ts';
import { listedPipe } from '../views.ts';

export const listPipes = operation<PipesState, ListPipesInput, ListPipesOutput>({
  authorize: onEverything('ListPipes'),
  decide(turn, input): Reply<ListPipesOutput> {
    const problem = listProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { NamePrefix = '', DesiredState, CurrentState, SourcePrefix = '', TargetPrefix = '' } = input;
    const question = [NamePrefix, DesiredState, CurrentState, SourcePrefix, TargetPrefix];
    const opened = openToken(turn, question, input.NextToken);
    if (isRefused(opened)) return opened;
    const { afterKey } = opened;
    const page = turn.state.pipes.page({
      prefix: pipeKey(turn.scope, NamePrefix),
      limit: input.Limit ?? PAGE_MAX,
      ...(afterKey === undefined ? {} : { afterKey }),
      where: (pipe) =>
        (DesiredState === undefined || pipe.desiredState === DesiredState) &&
        pipe.sourceArn.startsWith(SourcePrefix) &&
        pipe.targetArn.startsWith(TargetPrefix) &&
        (CurrentState === undefined || stateOf(turn, pipe).current === CurrentState),
    });
    const Pipes = page.items.map(({ doc }) => listedPipe(turn, doc));
    if (page.lastKey === undefined) return { output: { Pipes } };
    return { output: { Pipes, NextToken: sealToken(turn, question, page.lastKey) } };
  },
});
