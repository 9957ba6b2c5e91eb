// A bus as a target: of a rule of another bus, a schedule, a pipe.

import type { HandOver, HandOverResult } from '#cell/target.ts';
import type { EventsTurn } from '../state.ts';

export function acceptForBus(_turn: EventsTurn, { targetArn }: HandOver): HandOverResult {
  return {
    failure: { code: 'ResourceNotFoundException', detail: `${targetArn} does not exist`, isRetryable: false },
  };
}
