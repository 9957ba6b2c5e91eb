// CreatePipe. AWS answers CREATING and works on; here the pipe polls when the answer is given, or says why it does not.

import { operation, type Reply } from '#cell/service-definition.ts';
import { streamArnOf } from '#cell/stream-source.ts';
import { parseArn } from '#model/arn.ts';
import { refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { CreatePipeInput, CreatePipeOutput } from '#wire/generated/pipes.ts';
import { onWrittenPipe } from '../access.ts';
import { pipeArn, pipeKey } from '../arns.ts';
import type { DesiredState, PipeDoc } from '../documents.ts';
import { fieldsInvalid, pipeExists, tooManyPipes } from '../errors.ts';
import { PIPES_MAX } from '../limits.ts';
import { preparedLog } from '../logging/destinations.ts';
import { createProblem, reservedTagProblem } from '../settings/constraints.ts';
import { settingsOf, settingsProblems } from '../settings/settings.ts';
import type { PipesState, PipesTurn } from '../state.ts';
import { changedPipe } from '../views.ts';
import { writePipe } from '../write-pipe.ts';

export const createPipe = operation<PipesState, CreatePipeInput, CreatePipeOutput>({
  authorize: onWrittenPipe('CreatePipe'),
  decide(turn, input): Reply<CreatePipeOutput> {
    const violated = createProblem(input) ?? reservedTagProblem(input.Tags);
    if (violated !== undefined) return refuse(violated);
    const problems = settingsProblems(input, undefined, turn);
    if (problems.length > 0) return refuse(fieldsInvalid(problems));
    const name = input.Name ?? '';
    const key = pipeKey(turn.scope, name);
    const arn = pipeArn(turn.scope, name);
    if (turn.state.pipes.has(key)) return refuse(pipeExists(name, arn));
    if (isFull(turn)) return refuse(tooManyPipes(arn));
    const pipe = newPipe(turn, input);
    const problem = preparedLog(turn, pipe);
    if (problem !== undefined) return refuse(fieldsInvalid([problem]));
    writePipe(turn, key, { pipe, ifNot: 'CREATE_FAILED' });
    return { output: changedPipe(pipe, 'CREATING') };
  },
});

function isFull({ state, scope }: PipesTurn): boolean {
  return state.pipes.page({ prefix: scopePrefix(scope), limit: PIPES_MAX }).items.length >= PIPES_MAX;
}

function wakeKeyOf({ doors }: PipesTurn, sourceArn: string): string {
  const service = parseArn(sourceArn)?.service ?? '';
  const source = doors.sources.get(service);
  return source?.wakeKey(sourceArn) ?? doors.streams.get(service)?.wakeKey(streamArnOf(sourceArn)) ?? sourceArn;
}

function newPipe(turn: PipesTurn, input: CreatePipeInput): PipeDoc {
  const { Name: name = '', Source: sourceArn = '', RoleArn: roleArn = '', DesiredState = 'RUNNING', Tags } = input;
  const { account, region } = turn.scope;
  return {
    name,
    arn: pipeArn(turn.scope, name),
    account,
    region,
    desiredState: DesiredState as DesiredState,
    sourceArn,
    wakeKey: wakeKeyOf(turn, sourceArn),
    ...settingsOf(input, undefined),
    roleArn,
    tags: { ...Tags },
    createdAtMs: turn.nowMs,
    modifiedAtMs: turn.nowMs,
  };
}
