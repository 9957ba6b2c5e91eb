// CreateSchema, DescribeSchema, UpdateSchema, DeleteSchema, ListSchemas.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type {
  CreateSchemaInput,
  CreateSchemaOutput,
  DeleteSchemaInput,
  DescribeSchemaInput,
  DescribeSchemaOutput,
  ListSchemasInput,
  ListSchemasOutput,
  UpdateSchemaInput,
  UpdateSchemaOutput,
} from '#wire/generated/schemas.ts';
import { onRegistry, onSchema } from '../access.ts';
import { problemOf } from '../checks.ts';
import { parseContent } from '../content.ts';
import type { SchemaDoc, SchemaType, VersionDoc } from '../documents.ts';
import { badRequest, managedRegistry, registryNotFound, schemaExists, tooMany } from '../errors.ts';
import { findRegistry, findSchema, findVersion, lookUpRegistry, lookUpSchema, schemasOf, versionsOf } from '../find.ts';
import { CLIENT_TOKEN_MAX, CONTENT_MAX, SCHEMAS_MAX, VERSIONS_MAX } from '../limits.ts';
import { AWS_REGISTRY, isManagedRegistry, schemaKey } from '../names.ts';
import { pageOf } from '../pages.ts';
import { registryOperation } from '../registry-operation.ts';
import type { SchemasTurn } from '../state.ts';
import { arnOfSchema, schemaView } from '../views.ts';
import { addVersion, createSchema as create, dropVersion, type NewVersion, putSchema } from '../write-schema.ts';

const TYPES: readonly SchemaType[] = ['OpenApi3', 'JSONSchemaDraft4'];

export const createSchema = registryOperation<CreateSchemaInput, CreateSchemaOutput>({
  authorize: onSchema('CreateSchema'),
  decide(turn, input) {
    const problem = problemOf(input, (validation) =>
      validation
        .required('content', input.Content)
        .length('content', input.Content, { min: 1, max: CONTENT_MAX })
        .required('type', input.Type)
        .oneOf('type', input.Type, TYPES),
    );
    if (problem !== undefined) return refuse(problem);
    const { RegistryName: registryName = '', SchemaName: name = '' } = input;
    if (isManagedRegistry(registryName)) return refuse(managedRegistry(registryName));
    if (lookUpRegistry(turn, registryName) === undefined) return refuse(registryNotFound(registryName));
    if (lookUpSchema(turn, registryName, name) !== undefined) return refuse(schemaExists(name));
    if (turn.limits.mode === 'aws' && schemasOf(turn, registryName).length >= SCHEMAS_MAX) {
      return refuse(tooMany('schemas', SCHEMAS_MAX));
    }
    const version = versionOf(input.Content as string, input.Type as SchemaType);
    if (isRefused(version)) return version;
    const { Description: description, Tags: tags = {} } = input;
    const doc = create(turn, { registryName, name, description, tags: { ...tags }, ...version });
    return { output: latest(turn, doc) };
  },
});

function versionOf(content: string, type: SchemaType): NewVersion | Refused {
  const parsed = parseContent(content, type);
  if ('problem' in parsed) return refuse(badRequest(`The content is no valid ${type} schema: ${parsed.problem}.`));
  return { type, content, event: parsed.content.event };
}

function latest(turn: SchemasTurn, doc: SchemaDoc): CreateSchemaOutput {
  return schemaView(turn, doc, findVersion(turn, doc, undefined) as VersionDoc);
}

export const describeSchema = registryOperation<DescribeSchemaInput, DescribeSchemaOutput>({
  authorize: onSchema('DescribeSchema'),
  decide(turn, input) {
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    const version = findVersion(turn, schema, input.SchemaVersion);
    if (isRefused(version)) return version;
    return { output: { Content: version.content, ...schemaView(turn, schema, version) } };
  },
});

export const updateSchema = registryOperation<UpdateSchemaInput, UpdateSchemaOutput>({
  authorize: onSchema('UpdateSchema'),
  decide(turn, input) {
    const problem = problemOf(input, (validation) =>
      validation
        .length('content', input.Content, { min: 1, max: CONTENT_MAX })
        .oneOf('type', input.Type, TYPES)
        .length('clientTokenId', input.ClientTokenId, { max: CLIENT_TOKEN_MAX }),
    );
    if (problem !== undefined) return refuse(problem);
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    if (isManagedRegistry(schema.registryName)) return refuse(managedRegistry(schema.registryName));
    const updated = update(turn, schema, input);
    return isRefused(updated) ? updated : { output: latest(turn, updated) };
  },
});

/** What is the same already makes no version. AWS answers 304 then, which its own clients take for an error; here it is 200. */
function update(turn: SchemasTurn, schema: SchemaDoc, input: UpdateSchemaInput): SchemaDoc | Refused {
  const token = input.ClientTokenId;
  if (token !== undefined && token === schema.lastUpdate?.clientToken) return schema;
  const before = findVersion(turn, schema, undefined) as VersionDoc;
  const version = versionOf(input.Content ?? before.content, (input.Type as SchemaType | undefined) ?? before.type);
  if (isRefused(version)) return version;
  const isNew = version.content !== before.content || version.type !== before.type;
  if (isNew && turn.limits.mode === 'aws' && schema.versionCount >= VERSIONS_MAX) {
    return refuse(tooMany('schema versions', VERSIONS_MAX));
  }
  const number = isNew ? schema.lastVersion + 1 : schema.latestVersion;
  const changed = {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(token === undefined ? {} : { lastUpdate: { clientToken: token, version: number } }),
  };
  if (isNew) return addVersion(turn, schema, { version, changed });
  const doc = { ...schema, ...changed, lastModifiedMs: turn.nowMs };
  putSchema(turn, doc);
  return doc;
}

export const deleteSchema = registryOperation<DeleteSchemaInput, object>({
  authorize: onSchema('DeleteSchema'),
  decide(turn, input) {
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    const { registryName, name } = schema;
    if (registryName === AWS_REGISTRY) return refuse(managedRegistry(registryName));
    for (const version of versionsOf(turn, schema)) dropVersion(turn, schema, version);
    turn.drop(turn.state.schemas, schemaKey(turn.scope, registryName, name));
    return { output: {} };
  },
});

export const listSchemas = registryOperation<ListSchemasInput, ListSchemasOutput>({
  authorize: onRegistry('ListSchemas'),
  decide(turn, input) {
    const registry = findRegistry(turn, input.RegistryName);
    if (isRefused(registry)) return registry;
    const prefix = input.SchemaNamePrefix ?? '';
    const items = schemasOf(turn, registry.name).filter(({ name }) => name.startsWith(prefix));
    const list = JSON.stringify(['schemas', registry.name, prefix]);
    const page = pageOf(turn, input, { list, items, keyOf: ({ name }) => name });
    if (isRefused(page)) return page;
    const Schemas = page.items.map((doc) => ({
      LastModified: doc.lastModifiedMs,
      SchemaArn: arnOfSchema(turn, doc),
      SchemaName: doc.name,
      Tags: doc.tags,
      VersionCount: doc.versionCount,
    }));
    return { output: { Schemas, NextToken: page.NextToken } };
  },
});
