// The runtime's own command behind `eddy schema diff`: what changed between two versions, and whom it breaks.

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { onSchema } from '../access.ts';
import { type Comparison, compareContents } from '../compare/compare.ts';
import { parseContent, type SchemaContent } from '../content.ts';
import type { SchemaDoc } from '../documents.ts';
import { badRequest } from '../errors.ts';
import { findSchema, findVersion } from '../find.ts';
import type { SchemasState, SchemasTurn } from '../state.ts';

export interface CompareInput {
  readonly RegistryName: string;
  readonly SchemaName: string;
  readonly From: string;
  /** The newest without it. */
  readonly To?: string | undefined;
}

export interface CompareOutput extends Comparison {
  readonly registry: string;
  readonly schema: string;
  readonly from: string;
  readonly to: string;
}

export const compareVersions = operation<SchemasState, CompareInput, CompareOutput>({
  authorize: onSchema('DescribeSchema'),
  decide(turn, input) {
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    const before = contentOf(turn, schema, input.From);
    if (isRefused(before)) return before;
    const after = contentOf(turn, schema, input.To);
    if (isRefused(after)) return after;
    return {
      output: {
        ...{ registry: schema.registryName, schema: schema.name, from: before.version, to: after.version },
        ...compareContents(before.content, after.content),
      },
    };
  },
});

function contentOf(
  turn: SchemasTurn,
  schema: SchemaDoc,
  version: string | undefined,
): { readonly version: string; readonly content: SchemaContent } | Refused {
  const found = findVersion(turn, schema, version);
  if (isRefused(found)) return found;
  const parsed = parseContent(found.content, found.type);
  if ('problem' in parsed) return refuse(badRequest(`Version ${found.version} cannot be compared: ${parsed.problem}.`));
  return { version: String(found.version), content: parsed.content };
}
