// Asking a resource and getting its answer: a pipe's enrichment and its synchronous targets. Implemented by the service that owns the
// resource (a function, an API destination); the answer comes in a later turn, through the asking service's own door.

import type { Principal } from '#model/principal.ts';
import type { DeliveryFailure, TargetParameters } from './target.ts';
import type { Turn } from './turn.ts';

export interface CallRequest {
  readonly targetArn: string;
  readonly sourceArn: string;
  readonly principal: Principal;
  /** JSON, or what an API destination takes as its body. Not journaled: questions are not kept. */
  readonly text: string;
  readonly parameters?: TargetParameters;
  /** Who asks: the service's name, and what the question is about. */
  readonly asker: { readonly service: string; readonly subject: string };
}

export type CallAnswer =
  | { readonly succeeded: true; readonly payload: Uint8Array }
  /** `payload`: what a function that failed wrote about it. */
  | { readonly failure: DeliveryFailure; readonly payload?: Uint8Array };

/** Questions are not kept over a restart: who asked asks again. */
export interface Callable {
  /** A failure at once, or undefined: then the answer comes, exactly once. */
  call(turn: Turn, request: CallRequest): DeliveryFailure | undefined;
}

export interface AnswerTaker {
  answered(turn: Turn, subject: string, answer: CallAnswer): void;
}
