// From names to documents. AWS's own registry is made when it is asked for; everything else is in the tables.

import { type Refused, refuse } from '#model/aws-error.ts';
import { AWS_REGISTRY_DESCRIPTION, awsSchema, awsSchemaNames, awsVersion } from './catalogue/catalogue.ts';
import type { RegistryDoc, SchemaDoc, VersionDoc } from './documents.ts';
import { registryNotFound, schemaNotFound, versionNotFound } from './errors.ts';
import { AWS_REGISTRY, registryKey, schemaKey, versionKey } from './names.ts';
import type { SchemasTurn } from './state.ts';

const AWS_REGISTRY_DOC: RegistryDoc = { name: AWS_REGISTRY, description: AWS_REGISTRY_DESCRIPTION, tags: {} };

export function findRegistry(turn: SchemasTurn, name: string | undefined): RegistryDoc | Refused {
  return lookUpRegistry(turn, name ?? '') ?? refuse(registryNotFound(name ?? ''));
}

export function lookUpRegistry(turn: SchemasTurn, name: string): RegistryDoc | undefined {
  return name === AWS_REGISTRY ? AWS_REGISTRY_DOC : turn.state.registries.get(registryKey(turn.scope, name));
}

export interface NamedSchema {
  readonly RegistryName?: string | undefined;
  readonly SchemaName?: string | undefined;
}

export function findSchema(
  turn: SchemasTurn,
  { RegistryName = '', SchemaName = '' }: NamedSchema,
): SchemaDoc | Refused {
  if (lookUpRegistry(turn, RegistryName) === undefined) return refuse(registryNotFound(RegistryName));
  return lookUpSchema(turn, RegistryName, SchemaName) ?? refuse(schemaNotFound(SchemaName));
}

export function lookUpSchema(turn: SchemasTurn, registry: string, name: string): SchemaDoc | undefined {
  return registry === AWS_REGISTRY ? awsSchema(name) : turn.state.schemas.get(schemaKey(turn.scope, registry, name));
}

/** In the order of their names. */
export function schemasOf(turn: SchemasTurn, registry: string): readonly SchemaDoc[] {
  if (registry !== AWS_REGISTRY) return turn.state.schemas.list(`${registryKey(turn.scope, registry)}/`);
  return awsSchemaNames().flatMap((name) => awsSchema(name) ?? []);
}

/** The newest without a number. */
export function findVersion(turn: SchemasTurn, schema: SchemaDoc, version: string | undefined): VersionDoc | Refused {
  const number = version === undefined ? schema.latestVersion : versionNumber(version);
  const found = number === undefined ? undefined : lookUpVersion(turn, schema, number);
  return found ?? refuse(versionNotFound(schema.name, version ?? ''));
}

export function lookUpVersion(turn: SchemasTurn, schema: SchemaDoc, version: number): VersionDoc | undefined {
  const { registryName, name } = schema;
  if (registryName === AWS_REGISTRY) return version === 1 ? awsVersion(name) : undefined;
  return turn.state.versions.get(versionKey(schemaKey(turn.scope, registryName, name), version));
}

/** Newest first, as AWS lists them. */
export function versionsOf(turn: SchemasTurn, schema: SchemaDoc): readonly VersionDoc[] {
  const { registryName, name } = schema;
  if (registryName === AWS_REGISTRY) return [awsVersion(name)].flatMap((version) => version ?? []);
  return [...turn.state.versions.list(`${schemaKey(turn.scope, registryName, name)}/`)].reverse();
}

function versionNumber(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
