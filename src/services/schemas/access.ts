// What IAM is asked: an action of the operation's name, on the resource that its names mean, whether it exists or not. A registry's policy speaks for its
// schemas, too. AWS: Service Authorization Reference, "Amazon EventBridge Schemas"; user guide, "Resource-based policies for schemas".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { formatArn } from '#model/arn.ts';
import { discovererArn, parseResource, registryArn, registryKey, schemaArn } from './names.ts';
import type { SchemasTurn } from './state.ts';

interface OfRegistry {
  readonly RegistryName?: string | undefined;
}

/** AWS names everything of the account: the text of its refusals. */
export function onAccount(action: string) {
  return (turn: SchemasTurn): AuthorizationRequest => request(turn, action, formatArn('schemas', turn.scope, '*'));
}

export function onRegistry(action: string) {
  return (turn: SchemasTurn, { RegistryName = '' }: OfRegistry): AuthorizationRequest => ({
    ...request(turn, action, registryArn(turn.scope, RegistryName)),
    resourcePolicy: policyOf(turn, RegistryName),
  });
}

export function onSchema(action: string) {
  return (
    turn: SchemasTurn,
    { RegistryName = '', SchemaName = '' }: OfRegistry & { readonly SchemaName?: string | undefined },
  ): AuthorizationRequest => ({
    ...request(turn, action, schemaArn(turn.scope, RegistryName, SchemaName)),
    resourcePolicy: policyOf(turn, RegistryName),
  });
}

export function onDiscoverer(action: string) {
  return (turn: SchemasTurn, input: { readonly DiscovererId?: string | undefined }): AuthorizationRequest =>
    request(turn, action, discovererArn(turn.scope, input.DiscovererId ?? ''));
}

export function onResource(action: string) {
  return (turn: SchemasTurn, input: { readonly ResourceArn?: string | undefined }): AuthorizationRequest => {
    const resource = parseResource(input.ResourceArn ?? '');
    const registry = resource?.kind === 'schema' ? resource.registry : resource?.name;
    return {
      ...request(turn, action, input.ResourceArn ?? '*'),
      resourceAccount: resource?.scope.account || turn.scope.account,
      resourcePolicy: resource?.kind === 'discoverer' ? undefined : policyOf(turn, registry ?? ''),
    };
  };
}

function request(turn: SchemasTurn, action: string, resource: string): AuthorizationRequest {
  return { action: `schemas:${action}`, resource, resourceAccount: turn.scope.account };
}

function policyOf(turn: SchemasTurn, registry: string): string | undefined {
  return turn.state.registries.get(registryKey(turn.scope, registry))?.policy?.text;
}
