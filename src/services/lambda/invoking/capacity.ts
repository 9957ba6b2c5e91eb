// Concurrency: what runs of a function now, and whether one more may.

import type { FunctionDoc } from '../documents.ts';
import { CONCURRENCY_MAX } from '../limits.ts';
import type { LambdaState } from '../state.ts';

export function runningCount(state: LambdaState, functionKey: string): number {
  return state.running.countByFunction.get(functionKey) ?? 0;
}

export function hasCapacity(state: LambdaState, functionKey: string, doc: FunctionDoc): boolean {
  return runningCount(state, functionKey) < (doc.reservedConcurrency ?? CONCURRENCY_MAX);
}

export function countRunning(state: LambdaState, functionKey: string, by: 1 | -1): void {
  const count = runningCount(state, functionKey) + by;
  if (count === 0) state.running.countByFunction.delete(functionKey);
  else state.running.countByFunction.set(functionKey, count);
}
