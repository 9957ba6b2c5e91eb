// Documents as the API shows them. What AWS manages has no ARN there: AWS CLI examples, export-schema.

import type {
  CreateDiscovererOutput,
  CreateSchemaOutput,
  DescribeCodeBindingOutput,
  DescribeRegistryOutput,
} from '#wire/generated/schemas.ts';
import type { BindingDoc, DiscovererDoc, RegistryDoc, SchemaDoc, VersionDoc } from './documents.ts';
import { AWS_REGISTRY, discovererArn, registryArn, schemaArn } from './names.ts';
import type { SchemasTurn } from './state.ts';

export function registryView(turn: SchemasTurn, doc: RegistryDoc): DescribeRegistryOutput {
  return { Description: doc.description, ...registrySummary(turn, doc) };
}

export function registrySummary(turn: SchemasTurn, { name, tags }: RegistryDoc) {
  const RegistryArn = name === AWS_REGISTRY ? undefined : registryArn(turn.scope, name);
  return { RegistryArn, RegistryName: name, Tags: tags };
}

export function arnOfSchema(turn: SchemasTurn, { registryName, name }: SchemaDoc): string | undefined {
  return registryName === AWS_REGISTRY ? undefined : schemaArn(turn.scope, registryName, name);
}

export function schemaView(turn: SchemasTurn, doc: SchemaDoc, version: VersionDoc): CreateSchemaOutput {
  return {
    Description: doc.description,
    LastModified: doc.lastModifiedMs,
    SchemaArn: arnOfSchema(turn, doc),
    SchemaName: doc.name,
    SchemaVersion: String(version.version),
    Tags: doc.tags,
    Type: version.type,
    VersionCreatedDate: version.createdAtMs,
  };
}

export function discovererView(turn: SchemasTurn, doc: DiscovererDoc): CreateDiscovererOutput {
  return { Description: doc.description, ...discovererSummary(turn, doc) };
}

export function discovererSummary(turn: SchemasTurn, doc: DiscovererDoc) {
  return {
    DiscovererArn: discovererArn(turn.scope, doc.id),
    DiscovererId: doc.id,
    SourceArn: doc.sourceArn,
    State: doc.state,
    CrossAccount: doc.isCrossAccount,
    Tags: doc.tags,
  };
}

export function bindingView(doc: BindingDoc): DescribeCodeBindingOutput {
  return {
    CreationDate: doc.createdAtMs,
    LastModified: doc.modifiedAtMs,
    SchemaVersion: String(doc.version),
    Status: doc.status,
  };
}
