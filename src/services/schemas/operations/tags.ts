// TagResource, UntagResource, ListTagsForResource: of registries, schemas and discoverers.

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { Table } from '#structures/table.ts';
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '#wire/generated/schemas.ts';
import { onResource } from '../access.ts';
import { tagsProblem } from '../checks.ts';
import type { Tags } from '../documents.ts';
import { badRequest, resourceNotFound } from '../errors.ts';
import { parseResource, registryKey, schemaKey } from '../names.ts';
import type { SchemasState, SchemasTurn } from '../state.ts';

interface Tagged {
  readonly tags: Tags;
  write(tags: Tags): void;
}

function findTagged(turn: SchemasTurn, arn = ''): Tagged | Refused {
  const resource = parseResource(arn);
  if (resource === undefined)
    return refuse(badRequest(`${arn.slice(0, 200)} is not the ARN of a registry, schema or discoverer.`));
  const { registries, schemas, discoverers } = turn.state;
  const { scope, kind, name } = resource;
  if (scope.account !== turn.scope.account || scope.region !== turn.scope.region) return refuse(resourceNotFound(arn));
  const found = () => {
    if (kind === 'registry') return taggedIn(turn, registries, registryKey(scope, name));
    if (kind === 'schema') return taggedIn(turn, schemas, schemaKey(scope, resource.registry, name));
    return taggedIn(turn, discoverers, scopePrefix(scope) + name);
  };
  return found() ?? refuse(resourceNotFound(arn));
}

function taggedIn<Doc extends { readonly tags: Tags }>(
  turn: SchemasTurn,
  table: Table<Doc>,
  key: string,
): Tagged | undefined {
  const doc = table.get(key);
  return doc === undefined ? undefined : { tags: doc.tags, write: (tags) => turn.put(table, key, { ...doc, tags }) };
}

export const tagResource = operation<SchemasState, TagResourceInput, object>({
  authorize: onResource('TagResource'),
  decide(turn, input) {
    const found = findTagged(turn, input.ResourceArn);
    if (isRefused(found)) return found;
    const tags = { ...found.tags, ...input.Tags };
    const problem = tagsProblem(tags);
    if (problem !== undefined) return refuse(problem);
    found.write(tags);
    return { output: {} };
  },
});

export const untagResource = operation<SchemasState, UntagResourceInput, object>({
  authorize: onResource('UntagResource'),
  decide(turn, input) {
    const found = findTagged(turn, input.ResourceArn);
    if (isRefused(found)) return found;
    const keys = new Set(input.TagKeys ?? []);
    found.write(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !keys.has(key))));
    return { output: {} };
  },
});

export const listTagsForResource = operation<SchemasState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: onResource('ListTagsForResource'),
  decide(turn, input) {
    const found = findTagged(turn, input.ResourceArn);
    return isRefused(found) ? found : { output: { Tags: found.tags } };
  },
});
