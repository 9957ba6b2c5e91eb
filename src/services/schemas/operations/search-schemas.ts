// SearchSchemas: schemas whose name or content has one of the words. AWS CLI examples, search-schemas: "first second" finds both first-schema and
// second-schema, each with the versions that match.

import { isRefused, refuse } from '#model/aws-error.ts';
import type { SearchSchemasInput, SearchSchemasOutput } from '#wire/generated/schemas.ts';
import { onRegistry } from '../access.ts';
import { badRequest } from '../errors.ts';
import { findRegistry, schemasOf, versionsOf } from '../find.ts';
import { pageOf } from '../pages.ts';
import { registryOperation } from '../registry-operation.ts';
import { arnOfSchema } from '../views.ts';

const WORDS_MAX = 50;

export const searchSchemas = registryOperation<SearchSchemasInput, SearchSchemasOutput>({
  authorize: onRegistry('SearchSchemas'),
  decide(turn, input) {
    const words = (input.Keywords ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) return refuse(badRequest('Keywords are missing.'));
    if (words.length > WORDS_MAX) return refuse(badRequest(`At most ${WORDS_MAX} keywords can be searched for.`));
    const registry = findRegistry(turn, input.RegistryName);
    if (isRefused(registry)) return registry;
    const found = schemasOf(turn, registry.name).flatMap((schema) => {
      const isNamed = hasOneOf(schema.name, words);
      const versions = versionsOf(turn, schema).filter(({ content }) => isNamed || hasOneOf(content, words));
      return versions.length === 0 ? [] : [{ schema, versions }];
    });
    const list = JSON.stringify(['search', registry.name, words]);
    const page = pageOf(turn, input, { list, items: found, keyOf: ({ schema }) => schema.name });
    if (isRefused(page)) return page;
    const Schemas = page.items.map(({ schema, versions }) => ({
      RegistryName: schema.registryName,
      SchemaArn: arnOfSchema(turn, schema),
      SchemaName: schema.name,
      SchemaVersions: versions.map(({ createdAtMs, version, type }) => ({
        CreatedDate: createdAtMs,
        SchemaVersion: String(version),
        Type: type,
      })),
    }));
    return { output: { Schemas, NextToken: page.NextToken } };
  },
});

function hasOneOf(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.some((word) => lower.includes(word));
}
