// Whether an event is what the registry says of its kind. The newest version counts. A schema that cannot be used for checking lets nothing pass: its
// owner asked for enforcement, and silence would be none.

import { isObject, memberOf } from '#structures/json-schema/pointer.ts';
import type { Violation } from '#structures/json-schema/validate.ts';
import { compileContent, parseContent } from '../content.ts';
import type { SchemaDoc, VersionDoc } from '../documents.ts';
import { lookUpRegistry, lookUpSchema, lookUpVersion } from '../find.ts';
import { SCHEMA_NAME_MAX } from '../limits.ts';
import { eventSchemaName, registryKey, versionKey } from '../names.ts';
import { eventIndex, type ReadySchema, type SchemasTurn } from '../state.ts';
import type { Enforcement } from './bus-tags.ts';

export interface FoundViolation extends Violation {
  readonly schema: string;
  readonly version: string;
}

/** `turn` is in the bus's scope. */
export function findViolation(
  turn: SchemasTurn,
  { registry, forbidsUnknown }: Enforcement,
  event: Readonly<Record<string, unknown>>,
): FoundViolation | undefined {
  if (lookUpRegistry(turn, registry) === undefined) {
    return { schema: registry, version: '-', path: '', message: `cannot be checked: there is no registry ${registry}` };
  }
  const schema = schemaOf(turn, registry, event);
  const version = schema === undefined ? undefined : lookUpVersion(turn, schema, schema.latestVersion);
  if (schema === undefined || version === undefined) {
    if (!forbidsUnknown) return undefined;
    return {
      schema: registry,
      version: '-',
      path: '',
      message: `is described by no schema of the registry ${registry}`,
    };
  }
  const found = validate(ready(turn, schema, version), event);
  return found === undefined
    ? undefined
    : { schema: `${registry}/${schema.name}`, version: String(version.version), ...found };
}

/** The schema that says it is for this kind of event, else the one with the name that such a schema has. */
function schemaOf(
  turn: SchemasTurn,
  registry: string,
  event: Readonly<Record<string, unknown>>,
): SchemaDoc | undefined {
  const [source, detailType] = [String(memberOf(event, 'source')), String(memberOf(event, 'detail-type'))];
  const index = eventIndex(registryKey(turn.scope, registry), { source, detailType });
  const [declared] = turn.state.schemas.by('byEvent', index);
  if (declared !== undefined) return declared;
  const named = lookUpSchema(turn, registry, eventSchemaName(source, detailType, SCHEMA_NAME_MAX));
  const isForAnother =
    named?.event !== undefined && (named.event.source !== source || named.event.detailType !== detailType);
  return isForAnother ? undefined : named;
}

function ready(turn: SchemasTurn, schema: SchemaDoc, version: VersionDoc): ReadySchema {
  const { compiled } = turn.state.remembered;
  const key = versionKey(`${schema.registryKey}/${schema.name}`, version.version);
  let found = compiled.get(key);
  if (found === undefined) {
    found = compile(version);
    compiled.set(key, found);
  }
  return found;
}

function compile({ content, type }: VersionDoc): ReadySchema {
  const parsed = parseContent(content, type);
  if ('problem' in parsed) return parsed;
  const compiled = compileContent(parsed.content);
  return 'problem' in compiled ? compiled : { schema: compiled.schema, describes: parsed.content.describes };
}

function validate(schema: ReadySchema, event: Readonly<Record<string, unknown>>): Violation | undefined {
  if ('problem' in schema) return { path: '', message: `cannot be checked: ${schema.problem}` };
  if (schema.describes === 'event') return schema.schema.validate(event);
  const detail = memberOf(event, 'detail');
  const found = schema.schema.validate(isObject(detail) ? detail : {});
  return found === undefined ? undefined : { ...found, path: `/detail${found.path}` };
}
