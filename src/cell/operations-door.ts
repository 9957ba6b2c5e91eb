// Operations called by services (a schedule's universal target): the same way as a client's command from permissions on, but inside the
// caller's turn. A defect of the called operation is the caller's failure, as long as it has changed nothing.

import { assert } from '#base/assert.ts';
import { type AwsError, serverError } from '#model/aws-error.ts';
import type { OperationCall, OperationResult, OperationsDoor } from './doors.ts';
import type { ServiceRuntime } from './fact-registry.ts';
import { TurnView } from './pass.ts';
import type { Permissions } from './permissions.ts';
import type { Operation, Reply } from './service-definition.ts';

type AnyOperation = Operation<unknown, unknown, unknown>;

export interface OperationsDoorParts {
  readonly services: ReadonlyMap<string, ServiceRuntime>;
  readonly permissions: Permissions;
  readonly onDiagnostic: (line: string, error: unknown) => void;
}

/** A reply that only a waiting client could use. */
const CANNOT_WAIT = 'This operation waits for something to happen; it cannot be called without a client.';

export function operationsDoor(parts: OperationsDoorParts): OperationsDoor {
  return {
    find(service, operation) {
      const found = findOperation(parts, service, operation);
      if (found === undefined) return undefined;
      return found.prepare === undefined ? 'callable' : 'unprepared';
    },
    call(turn, request) {
      assert(turn instanceof TurnView, 'an operation is called with a turn of the kernel');
      return call(parts, turn, request);
    },
  };
}

function findOperation(
  { services }: OperationsDoorParts,
  service: string,
  operation: string,
): AnyOperation | undefined {
  const operations = services.get(service)?.definition.operations;
  if (operations === undefined || !Object.hasOwn(operations, operation)) return undefined;
  return operations[operation] as AnyOperation | undefined;
}

function call(parts: OperationsDoorParts, turn: TurnView, request: OperationCall): OperationResult {
  const service = parts.services.get(request.service);
  const operation = findOperation(parts, request.service, request.operation);
  assert(service !== undefined && operation !== undefined, `${request.service} has ${request.operation}`);
  if (operation.streamed !== undefined) return { refused: serverError('InternalFailure', CANNOT_WAIT) };
  const view = turn.as(service);
  const changesBefore = turn.changes;
  let reply: Reply<unknown>;
  try {
    const refused = parts.permissions.check(service.definition, view, { operation, input: request.input });
    reply = refused === undefined ? operation.decide(view, request.input) : { refused };
  } catch (error) {
    if (turn.changes !== changesBefore) throw error;
    parts.onDiagnostic(`defect in ${request.service}.${request.operation}, called by a service`, error);
    return { refused: internalFailure() };
  }
  if ('refused' in reply) {
    assert(turn.changes === changesBefore, `${request.service}.${request.operation} refuses before it records`);
    return reply;
  }
  if ('parked' in reply) return { refused: serverError('InternalFailure', CANNOT_WAIT) };
  if ('deferred' in reply) {
    turn.awaitReply(reply.deferred, request.then);
    return { isAnsweredLater: true };
  }
  return 'reads' in reply ? { succeeded: true } : { succeeded: true, output: reply.output };
}

function internalFailure(): AwsError {
  return serverError('InternalFailure', 'The request processing has failed because of an unknown error.');
}
