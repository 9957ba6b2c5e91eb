// ListSchemaVersions, DeleteSchemaVersion.

import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  DeleteSchemaVersionInput,
  ListSchemaVersionsInput,
  ListSchemaVersionsOutput,
} from '#wire/generated/schemas.ts';
import { onSchema } from '../access.ts';
import { parseContent } from '../content.ts';
import type { Discovered, VersionDoc } from '../documents.ts';
import { managedRegistry, onlyVersion } from '../errors.ts';
import { findSchema, findVersion, versionsOf } from '../find.ts';
import { AWS_REGISTRY } from '../names.ts';
import { pageOf } from '../pages.ts';
import { registryOperation } from '../registry-operation.ts';
import type { EventKind } from '../state.ts';
import { arnOfSchema } from '../views.ts';
import { dropVersion, putSchema } from '../write-schema.ts';

export const listSchemaVersions = registryOperation<ListSchemaVersionsInput, ListSchemaVersionsOutput>({
  authorize: onSchema('ListSchemaVersions'),
  decide(turn, input) {
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    const list = JSON.stringify(['versions', schema.registryName, schema.name]);
    // Newest first, with keys that grow all the same.
    const keyOf = ({ version }: VersionDoc): string => String(1e10 - version).padStart(11, '0');
    const page = pageOf(turn, input, { list, items: versionsOf(turn, schema), keyOf });
    if (isRefused(page)) return page;
    const SchemaVersions = page.items.map(({ version, type }) => ({
      SchemaArn: arnOfSchema(turn, schema),
      SchemaName: schema.name,
      SchemaVersion: String(version),
      Type: type,
    }));
    return { output: { SchemaVersions, NextToken: page.NextToken } };
  },
});

export const deleteSchemaVersion = registryOperation<DeleteSchemaVersionInput, object>({
  authorize: onSchema('DeleteSchemaVersion'),
  decide(turn, input) {
    const schema = findSchema(turn, input);
    if (isRefused(schema)) return schema;
    if (schema.registryName === AWS_REGISTRY) return refuse(managedRegistry(schema.registryName));
    const version = findVersion(turn, schema, input.SchemaVersion ?? '');
    if (isRefused(version)) return version;
    const left = versionsOf(turn, schema).filter((one) => one.version !== version.version);
    const [newest] = left;
    if (newest === undefined) return refuse(onlyVersion(schema.name));
    dropVersion(turn, schema, version);
    putSchema(turn, {
      ...schema,
      lastModifiedMs: turn.nowMs,
      latestVersion: newest.version,
      versionCount: left.length,
      event: eventOf(newest),
      // With room again, discovery goes on.
      discovered: schema.discovered && withRoom(schema.discovered),
    });
    return { output: {} };
  },
});

function eventOf({ content, type }: VersionDoc): EventKind | undefined {
  const parsed = parseContent(content, type);
  return 'content' in parsed ? parsed.content.event : undefined;
}

function withRoom({ detail, buses }: Discovered): Discovered {
  return { detail, buses };
}
