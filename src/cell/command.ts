// What enters a cell from outside, and what it answers in the end.

import type { AwsError } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import type { EventSink } from './reply-streams.ts';
import type { RequestInfo } from './turn.ts';

export interface Command {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly scope: Scope;
  readonly principal: Principal;
  readonly request: RequestInfo;
  /** Called once, after durability, unless the command was aborted. */
  readonly onReply: (reply: FinalReply) => void;
  /** Called instead of `onReply` when the reply stays open. Who gives none cannot call such operations. */
  readonly onStream?: (output: unknown) => EventSink;
}

export type FinalReply = { readonly output: unknown } | { readonly refused: AwsError };
