// A pipe that was created, updated or started is looked at at once: whether it can read its source, and then whether there is anything.

import type { PipeDoc } from './documents.ts';
import { failureReason } from './errors.ts';
import { sourceProblem } from './health.ts';
import { poll } from './polling/poll.ts';
import type { PipesTurn } from './state.ts';

type FailedState = NonNullable<PipeDoc['failure']>['state'];

/** `pipe` without a failure; the failure of what was asked for is added. */
export function writePipe(
  turn: PipesTurn,
  key: string,
  written: { readonly pipe: PipeDoc; readonly ifNot: FailedState },
): void {
  const { pipe, ifNot } = written;
  const problem = pipe.desiredState === 'RUNNING' ? sourceProblem(turn, pipe) : undefined;
  const failure = problem === undefined ? {} : { failure: { state: ifNot, reason: failureReason(problem) } };
  turn.put(turn.state.pipes, key, { ...pipe, ...failure });
  const poller = turn.state.running.pollers.get(key);
  if (poller !== undefined) {
    poller.problem = undefined;
    poller.failuresInRow = 0;
    poller.pausedUntilMs = 0;
  }
  poll(turn, key);
}
