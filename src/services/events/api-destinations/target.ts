// An API destination as a target.

import type { HandOver, HandOverResult } from '#cell/target.ts';
import type { EventsTurn } from '../state.ts';

export function acceptForApiDestination(_turn: EventsTurn, { targetArn }: HandOver): HandOverResult {
  return {
    failure: { code: 'ResourceNotFoundException', detail: `${targetArn} does not exist`, isRetryable: false },
  };
}
