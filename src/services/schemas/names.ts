// Names, keys and ARNs. AWS: Service Authorization Reference, "Resource types defined by Amazon EventBridge Schemas".

import { formatArn, parseArn } from '#model/arn.ts';
import { type Scope, scopeOf, scopePrefix } from '#model/scope.ts';

/** AWS's own events: read-only, the same for everybody. */
export const AWS_REGISTRY = 'aws.events';
/** Where discovery writes. */
export const DISCOVERED_REGISTRY = 'discovered-schemas';

export const isManagedRegistry = (name: string): boolean =>
  name === AWS_REGISTRY || name === DISCOVERED_REGISTRY || name.startsWith('aws.');

export function registryKey(scope: Scope, registry: string): string {
  return scopePrefix(scope) + registry;
}

export function schemaKey(scope: Scope, registry: string, schema: string): string {
  return `${registryKey(scope, registry)}/${schema}`;
}

export function versionKey(schema: string, version: number): string {
  return `${schema}/${String(version).padStart(10, '0')}`;
}

export function bindingKey(version: string, language: string): string {
  return `${version}/${language}`;
}

export function registryArn(scope: Scope, registry: string): string {
  return formatArn('schemas', ownerOf(scope, registry), `registry/${registry}`);
}

export function schemaArn(scope: Scope, registry: string, schema: string): string {
  return formatArn('schemas', ownerOf(scope, registry), `schema/${registry}/${schema}`);
}

export function discovererArn(scope: Scope, id: string): string {
  return formatArn('schemas', scope, `discoverer/${id}`);
}

/** AWS's own registry belongs to no account. */
function ownerOf(scope: Scope, registry: string): Scope {
  return registry === AWS_REGISTRY ? { ...scope, account: '' } : scope;
}

export type NamedResource =
  | { readonly kind: 'registry'; readonly scope: Scope; readonly name: string }
  | { readonly kind: 'schema'; readonly scope: Scope; readonly registry: string; readonly name: string }
  | { readonly kind: 'discoverer'; readonly scope: Scope; readonly name: string };

/** What an ARN names; undefined when it is none of this service's. */
export function parseResource(text: string): NamedResource | undefined {
  const arn = parseArn(text);
  if (arn?.service !== 'schemas' || !/^(\d{12})?$/.test(arn.account)) return undefined;
  const [kind, ...parts] = arn.resource.split('/');
  const scope = scopeOf(arn.account, arn.region);
  const [first, second, third] = parts;
  if (first === undefined || third !== undefined) return undefined;
  if (kind === 'schema') {
    return second === undefined ? undefined : { kind, scope, registry: first, name: second };
  }
  if (second !== undefined || (kind !== 'registry' && kind !== 'discoverer')) return undefined;
  return { kind, scope, name: first };
}

/** AWS's discoverers are named after their bus, so that a bus has one. */
export function discovererId(busName: string): string {
  return `events-event-bus-${busName}`;
}

/** The bus's name, of an ARN of a bus. */
export function busNameOf(arn: string): string | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'events' || !parsed.resource.startsWith('event-bus/')) return undefined;
  return parsed.resource.slice('event-bus/'.length);
}

/**
 * `Order Placed` is `OrderPlaced`, `EC2 Instance State-change Notification` is `EC2InstanceStateChangeNotification`. AWS: the names of its own
 * schemas and of discovered ones (user guide, "Creating a schema from event JSON").
 */
export function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

/** `source@DetailType`; what a name may not have becomes a hyphen. */
export function eventSchemaName(source: string, detailType: string, lengthMax: number): string {
  const title = pascalCase(detailType);
  return `${source.replace(/[^A-Za-z0-9._-]/g, '-')}@${title === '' ? 'Event' : title}`.slice(0, lengthMax);
}
