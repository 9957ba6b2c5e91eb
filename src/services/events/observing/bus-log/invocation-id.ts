// The id of one target's invocation for one event, in the form of a UUID: made from what it is about, so that records of later turns have the
// same one without anything being kept.

import type { EventsTurn } from '../../state.ts';

export interface Invocation {
  readonly eventId: string;
  readonly ruleArn: string;
  /** ARN. */
  readonly target: string;
}

export function invocationId(turn: EventsTurn, { eventId, ruleArn, target }: Invocation): string {
  const hex = turn.digest.sha256Hex(`${eventId}\n${ruleArn}\n${target}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
