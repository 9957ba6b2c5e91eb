// Whoever gives a stream its roles passes them, whatever operation names them. AWS: Firehose developer guide, "Grant Firehose access".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { passRole } from '#cell/service-role.ts';
import { FIREHOSE_SERVICE } from './role.ts';
import type { FirehoseTurn } from './state.ts';

export function passedRoles(turn: FirehoseTurn, input: object): readonly AuthorizationRequest[] {
  const roles = new Set<string>();
  collectRoles(input, roles);
  return [...roles].map((roleArn) => passRole(turn, roleArn, { service: FIREHOSE_SERVICE }));
}

/** Members called RoleARN, and the parameter RoleArn of processors. */
function collectRoles(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const { ParameterName: parameter, ParameterValue: given } = value as Readonly<Record<string, unknown>>;
  if (parameter === 'RoleArn' && typeof given === 'string') found.add(given);
  for (const [name, member] of Object.entries(value)) {
    if (name === 'RoleARN' && typeof member === 'string') found.add(member);
    else collectRoles(member, found);
  }
}
