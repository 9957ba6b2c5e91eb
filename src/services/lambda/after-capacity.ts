// A function has room again, or more of it: its events and its mappings go on.

import { pumpEvents } from './asynchronous/pump.ts';
import type { LambdaTurn } from './find-function.ts';
import { poll } from './polling/poll.ts';

export function workOn(turn: LambdaTurn, functionKey: string): void {
  pumpEvents(turn, functionKey);
  for (const key of turn.state.mappings.keysBy('byFunction', functionKey)) poll(turn, key);
}
