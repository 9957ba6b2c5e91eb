// The end of an event: recorded once, with what became of it.

import { AsyncInvocationEnded } from '../facts.ts';
import type { LambdaTurn } from '../find-function.ts';
import type { AsyncEvent } from '../state.ts';

export type EventOutcome = 'succeeded' | 'reported' | 'dropped';

export function endEvent(turn: LambdaTurn, event: AsyncEvent, outcome: EventOutcome, detail?: string): void {
  turn.record(AsyncInvocationEnded, { event: event.id, outcome, detail });
}

/** The function is gone: its settings too, so nobody can be told but who asks what became of the event. */
export function dropEventsOf(turn: LambdaTurn, functionKey: string): void {
  for (const event of [...turn.state.events.values()]) {
    if (event.functionKey === functionKey) endEvent(turn, event, 'dropped', 'the function was deleted');
  }
}
