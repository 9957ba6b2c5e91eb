// Whether a command would get as far as its body: asked when only the head of its request is there. A turn that records nothing; what it
// would note on the way is noted when the command itself comes.

import { type AwsError, serverError } from '#model/aws-error.ts';
import type { Command } from './command.ts';
import type { ServiceRuntime } from './fact-registry.ts';
import { Pass, type PassFrame, TurnView } from './pass.ts';
import type { Permissions } from './permissions.ts';
import type { Operation } from './service-definition.ts';

export interface Asking {
  readonly frame: PassFrame;
  readonly permissions: Permissions;
  readonly service: ServiceRuntime;
  readonly operation: Operation<unknown, unknown, unknown>;
  readonly nowMs: number;
  readonly onDefect: (error: unknown) => void;
}

export function askAdmission(asking: Asking, command: Omit<Command, 'onReply'>): AwsError | undefined {
  const { frame, permissions, service, operation, nowMs, onDefect } = asking;
  const { input, request, principal, scope } = command;
  const pass = new Pass(frame, nowMs, request, principal, false);
  pass.isQuestion = true;
  const turn = new TurnView(pass, service, scope, principal);
  try {
    return permissions.check(service.definition, turn, { operation, input }) ?? operation.admit?.(turn, input);
  } catch (error) {
    onDefect(error);
    return serverError('InternalFailure', 'The request processing has failed because of an unknown error.');
  }
}
