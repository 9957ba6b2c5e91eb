// The pipe that a request names.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parsePipeArn, pipeKey } from './arns.ts';
import type { PipeDoc } from './documents.ts';
import { pipeDoesNotExist, resourceNotFound } from './errors.ts';
import { arnProblem, nameProblem } from './settings/constraints.ts';
import type { PipesTurn } from './state.ts';

export interface FoundPipe {
  readonly key: string;
  readonly pipe: PipeDoc;
}

export function findPipe(turn: PipesTurn, input: { readonly Name?: string | undefined }): FoundPipe | Refused {
  const problem = nameProblem(input);
  if (problem !== undefined) return refuse(problem);
  const name = input.Name ?? '';
  const key = pipeKey(turn.scope, name);
  const pipe = turn.state.pipes.get(key);
  return pipe === undefined ? refuse(pipeDoesNotExist(name)) : { key, pipe };
}

export function findTaggedPipe(turn: PipesTurn, arn: string | undefined): FoundPipe | Refused {
  const problem = arnProblem(arn).error;
  if (problem !== undefined) return refuse(problem);
  const named = parsePipeArn(arn ?? '');
  const { account, region } = turn.scope;
  const isOwn = named?.scope.account === account && named.scope.region === region;
  if (named === undefined || !isOwn) return refuse(resourceNotFound(arn ?? ''));
  const found = findPipe(turn, { Name: named.name });
  return isRefused(found) ? refuse(resourceNotFound(arn ?? '')) : found;
}
