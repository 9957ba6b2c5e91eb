// Starts events of a function, oldest first, while it has room.

import { isRefused } from '#model/aws-error.ts';
import type { FoundVersion, LambdaTurn } from '../find-function.ts';
import { findVersion } from '../find-function.ts';
import { hasCapacity } from '../invoking/capacity.ts';
import { startInvocation } from '../invoking/start.ts';
import { ASYNCHRONOUS_AT_ONCE } from '../limits.ts';
import type { AsyncEvent } from '../state.ts';
import { endEvent } from './end-event.ts';

export function pumpEvents(turn: LambdaTurn, functionKey: string): void {
  const { state } = turn;
  const { attempts } = state.running;
  let underWay = 0;
  for (const id of state.ready.get(functionKey) ?? []) {
    if (underWay >= ASYNCHRONOUS_AT_ONCE) return;
    underWay += 1;
    if (attempts.has(id)) continue;
    const event = state.events.get(id);
    if (event === undefined) continue;
    const found = versionOf(turn, event);
    if (found === undefined) {
      endEvent(turn, event, 'dropped', `${event.invokedArn} does not exist any more`);
      continue;
    }
    if (!hasCapacity(state, functionKey, found.doc)) return;
    attempts.add(id);
    startInvocation(turn, {
      found,
      requestId: event.requestId,
      invokedArn: event.invokedArn,
      event: { payload: event.payload },
      purpose: { kind: 'asynchronous', event: id },
      traceId: event.traceHeader,
    });
  }
}

export function versionOf(turn: LambdaTurn, event: AsyncEvent): FoundVersion | undefined {
  const found = findVersion(turn, event.invokedArn);
  return isRefused(found) ? undefined : found;
}
