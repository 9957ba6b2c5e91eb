// How schemas come, grow and go: their documents, and the events that AWS puts on the account's default bus about it. AWS: user guide, "EventBridge
// events detail reference": a new schema sends both Schema Created and Schema Version Created.

import { scopePrefix } from '#model/scope.ts';
import type { SchemaDoc, SchemaType, Tags, VersionDoc } from './documents.ts';
import { bindingKey, registryKey, schemaArn, schemaKey, versionKey } from './names.ts';
import type { EventKind, SchemasTurn } from './state.ts';

export interface NewVersion {
  readonly type: SchemaType;
  readonly content: string;
  readonly event: EventKind | undefined;
}

export interface NewSchema extends NewVersion {
  readonly registryName: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags: Tags;
  readonly discovered?: SchemaDoc['discovered'];
}

export function createSchema(turn: SchemasTurn, given: NewSchema): SchemaDoc {
  const { registryName, name, description, tags, discovered } = given;
  const doc: SchemaDoc = {
    ...{ registryName, registryKey: registryKey(turn.scope, registryName), name, description, tags },
    lastModifiedMs: turn.nowMs,
    ...{ latestVersion: 1, lastVersion: 1, versionCount: 1 },
    event: given.event,
    discovered,
  };
  putVersion(turn, doc, given);
  tell(turn, doc, 'Schema Created', given.type);
  tell(turn, doc, 'Schema Version Created', given.type);
  return doc;
}

/** `changed` are other members of the document that change with it. */
export function addVersion(
  turn: SchemasTurn,
  schema: SchemaDoc,
  { version, changed = {} }: { readonly version: NewVersion; readonly changed?: Partial<SchemaDoc> },
): SchemaDoc {
  const number = schema.lastVersion + 1;
  const doc: SchemaDoc = {
    ...schema,
    ...changed,
    lastModifiedMs: turn.nowMs,
    ...{ latestVersion: number, lastVersion: number, versionCount: schema.versionCount + 1 },
    event: version.event,
  };
  putVersion(turn, doc, version);
  tell(turn, doc, 'Schema Version Created', version.type);
  return doc;
}

function putVersion(turn: SchemasTurn, doc: SchemaDoc, { type, content }: NewVersion): void {
  const key = schemaKey(turn.scope, doc.registryName, doc.name);
  turn.put(turn.state.schemas, key, doc);
  const version = doc.latestVersion;
  turn.put(turn.state.versions, versionKey(key, version), { version, type, content, createdAtMs: turn.nowMs });
}

export function putSchema(turn: SchemasTurn, doc: SchemaDoc): void {
  turn.put(turn.state.schemas, schemaKey(turn.scope, doc.registryName, doc.name), doc);
}

/** With its code bindings. */
export function dropVersion(turn: SchemasTurn, schema: SchemaDoc, { version }: VersionDoc): void {
  const key = versionKey(schemaKey(turn.scope, schema.registryName, schema.name), version);
  for (const { language } of turn.state.bindings.list(`${key}/`)) {
    turn.drop(turn.state.bindings, bindingKey(key, language));
  }
  turn.drop(turn.state.versions, key);
}

export function countOf(turn: SchemasTurn, registryName: string): number {
  return turn.state.schemas.list(`${scopePrefix(turn.scope)}${registryName}/`).length;
}

/** The event as it was recorded of AWS: the version is a text. */
function tell(turn: SchemasTurn, schema: SchemaDoc, detailType: string, type: SchemaType): void {
  const { registryName, name } = schema;
  const detail = {
    SchemaName: name,
    SchemaType: type,
    RegistryName: registryName,
    CreationDate: new Date(turn.nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    Version: String(schema.latestVersion),
  };
  turn.doors.events?.emit(turn, {
    scope: turn.scope,
    source: 'aws.schemas',
    detailType,
    resources: [schemaArn(turn.scope, registryName, name)],
    detail: JSON.stringify(detail),
  });
}
