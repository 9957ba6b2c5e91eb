// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy: who may use a registry and its schemas. AWS: user guide, "Resource-based policies for
// Amazon EventBridge Schemas". RevisionId keeps a writer from undoing what somebody else wrote in the meantime.

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import type {
  DeleteResourcePolicyInput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
  PutResourcePolicyOutput,
} from '#wire/generated/schemas.ts';
import { onRegistry } from '../access.ts';
import type { RegistryDoc } from '../documents.ts';
import { badRequest, managedRegistry, policyNotFound, revisionMismatch } from '../errors.ts';
import { findRegistry } from '../find.ts';
import { AWS_REGISTRY, registryKey } from '../names.ts';
import type { SchemasState, SchemasTurn } from '../state.ts';

function findOwn(turn: SchemasTurn, name: string | undefined): RegistryDoc | Refused {
  if (name === undefined || name === '') return refuse(badRequest('RegistryName is missing.'));
  if (name === AWS_REGISTRY) return refuse(managedRegistry(name));
  return findRegistry(turn, name);
}

export const putResourcePolicy = operation<SchemasState, PutResourcePolicyInput, PutResourcePolicyOutput>({
  authorize: onRegistry('PutResourcePolicy'),
  decide(turn, input) {
    const { Policy: text, RevisionId: expected } = input;
    const registry = findOwn(turn, input.RegistryName);
    if (isRefused(registry)) return registry;
    if (text === undefined) return refuse(badRequest('Policy is missing.'));
    const parsed = parsePolicyDocument(text, 'resource');
    if ('problem' in parsed) return refuse(badRequest(`${parsed.problem.text} (${parsed.problem.detail})`));
    if (expected !== undefined && expected !== registry.policy?.revisionId) return refuse(revisionMismatch());
    const policy = { text, revisionId: turn.uuid() };
    turn.put(turn.state.registries, registryKey(turn.scope, registry.name), { ...registry, policy });
    return { output: { Policy: policy.text, RevisionId: policy.revisionId } };
  },
});

export const getResourcePolicy = operation<SchemasState, GetResourcePolicyInput, GetResourcePolicyOutput>({
  authorize: onRegistry('GetResourcePolicy'),
  decide(turn, input) {
    const registry = findOwn(turn, input.RegistryName);
    if (isRefused(registry)) return registry;
    const { policy } = registry;
    if (policy === undefined) return refuse(policyNotFound(registry.name));
    return { output: { Policy: policy.text, RevisionId: policy.revisionId } };
  },
});

export const deleteResourcePolicy = operation<SchemasState, DeleteResourcePolicyInput, object>({
  authorize: onRegistry('DeleteResourcePolicy'),
  decide(turn, input) {
    const registry = findOwn(turn, input.RegistryName);
    if (isRefused(registry)) return registry;
    if (registry.policy === undefined) return refuse(policyNotFound(registry.name));
    turn.put(turn.state.registries, registryKey(turn.scope, registry.name), { ...registry, policy: undefined });
    return { output: {} };
  },
});
