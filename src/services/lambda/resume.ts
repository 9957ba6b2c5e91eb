// After a restart: events that were running run again, reports that were missing are made, mappings look at their queues,
// packages that nothing refers to (a command was refused, then the process ended) go.

import { pumpEvents } from './asynchronous/pump.ts';
import { readForReport } from './asynchronous/report.ts';
import { allBlobs } from './code-in-use.ts';
import type { LambdaTurn } from './find-function.ts';
import { SWEEP_CODE } from './invocation.ts';
import { poll } from './polling/poll.ts';

export function resume(turn: LambdaTurn): void {
  const { state } = turn;
  for (const event of state.events.values()) if (event.phase === 'decided') readForReport(turn, event);
  for (const functionKey of [...state.ready.keys()]) pumpEvents(turn, functionKey);
  for (const [key, mapping] of state.mappings.entries()) if (mapping.isEnabled) poll(turn, key);
  turn.perform({ performer: SWEEP_CODE, input: allBlobs(state), then: { reaction: 'tidied', subject: '' } });
}
