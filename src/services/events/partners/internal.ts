// Operations that are no part of AWS's API: asked by the server itself, for what comes in by its own paths. No client can name them on the wire,
// and a service that calls operations for a client (a schedule's universal target) is not this caller.

import { clientError, type Refused, refuse } from '#model/aws-error.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import type { EventsTurn } from '../state.ts';

const SERVER = 'eddy';

export function serverPrincipal({ account }: Pick<Scope, 'account'>): Principal {
  return { kind: 'service', service: SERVER, sourceArn: '', account };
}

export function notTheServer({ principal }: EventsTurn): Refused | undefined {
  if (principal.kind === 'service' && principal.service === SERVER) return undefined;
  return refuse(clientError('UnknownOperationException', 'There is no such operation.'));
}
