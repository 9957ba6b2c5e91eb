// PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency: a reserved share, which is also the most that runs.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  Concurrency,
  DeleteFunctionConcurrencyInput,
  GetFunctionConcurrencyInput,
  GetFunctionConcurrencyOutput,
  PutFunctionConcurrencyInput,
} from '#wire/generated/lambda.ts';
import { workOn } from '../after-capacity.ts';
import { concurrencyTooSmall, validationFailed } from '../errors.ts';
import { findUnqualified, type LambdaTurn, permission } from '../find-function.ts';
import { CONCURRENCY_MAX, CONCURRENCY_UNRESERVED_MIN } from '../limits.ts';
import type { LambdaState } from '../state.ts';

export const putFunctionConcurrency = operation<LambdaState, PutFunctionConcurrencyInput, Concurrency>({
  authorize: (turn, input) => permission(turn, 'PutFunctionConcurrency', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const { ReservedConcurrentExecutions: reserved } = input;
    const problem = new Validation()
      .required('reservedConcurrentExecutions', reserved)
      .range('reservedConcurrentExecutions', reserved, { min: 0, max: Number.MAX_SAFE_INTEGER }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const found = findUnqualified(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const others = reservedInScope(turn) - (found.doc.reservedConcurrency ?? 0);
    if (CONCURRENCY_MAX - others - (reserved as number) < CONCURRENCY_UNRESERVED_MIN) {
      return refuse(concurrencyTooSmall(CONCURRENCY_UNRESERVED_MIN));
    }
    turn.put(turn.state.functions, found.key, { ...found.doc, reservedConcurrency: reserved as number });
    workOn(turn, found.key);
    return { output: { ReservedConcurrentExecutions: reserved } };
  },
});

export function reservedInScope(turn: LambdaTurn): number {
  return turn.state.functions
    .list(scopePrefix(turn.scope))
    .reduce((sum, doc) => sum + (doc.reservedConcurrency ?? 0), 0);
}

export const getFunctionConcurrency = operation<LambdaState, GetFunctionConcurrencyInput, GetFunctionConcurrencyOutput>(
  {
    authorize: (turn, input) => permission(turn, 'GetFunctionConcurrency', { FunctionName: input.FunctionName }),
    decide(turn, input) {
      const found = findUnqualified(turn, input.FunctionName);
      if (isRefused(found)) return found;
      const { reservedConcurrency } = found.doc;
      return { output: reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency } };
    },
  },
);

export const deleteFunctionConcurrency = operation<LambdaState, DeleteFunctionConcurrencyInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteFunctionConcurrency', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const found = findUnqualified(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const { reservedConcurrency: _reserved, ...kept } = found.doc;
    turn.put(turn.state.functions, found.key, kept);
    workOn(turn, found.key);
    return { output: {} };
  },
});
