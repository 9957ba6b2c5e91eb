// Operations that another account's registry may be asked for: RegistryName is then the registry's ARN, and the registry's policy must allow it. AWS:
// user guide, "Resource-based policies for Amazon EventBridge Schemas": "the complete ARN of the registry", and which operations take it.

import { type Operation, operation } from '#cell/service-definition.ts';
import { scopeOf } from '#model/scope.ts';
import { parseResource } from './names.ts';
import type { SchemasState, SchemasTurn } from './state.ts';

interface OfRegistry {
  readonly RegistryName?: string | undefined;
}

/** What it decides sees the owner's scope and the plain name. */
export function registryOperation<I extends OfRegistry, O>({
  authorize,
  decide,
}: Operation<SchemasState, I, O>): Operation<SchemasState> {
  return operation<SchemasState, I, O>({
    authorize: authorize && ((turn, input) => authorize(...owned(turn, input))),
    decide: (turn, input) => decide(...owned(turn, input)),
  });
}

/** An ARN of another region stays what it is, and no registry has such a name. */
function owned<I extends OfRegistry>(turn: SchemasTurn, input: I): [SchemasTurn, I] {
  const resource = parseResource(input.RegistryName ?? '');
  if (resource?.kind !== 'registry' || resource.scope.region !== turn.scope.region) return [turn, input];
  const account = resource.scope.account || turn.scope.account;
  const owner = turn.within(scopeOf(account, turn.scope.region), turn.principal);
  return [owner, { ...input, RegistryName: resource.name }];
}
