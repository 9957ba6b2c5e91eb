// A schema's document, read once: what it is, which events it says it describes, and where in it their schema is.

import { isObject, memberOf, parseFragment, valueAt } from '#structures/json-schema/pointer.ts';
import { isDeeperThan } from '#structures/json-schema/shape.ts';
import { type CompiledSchema, compileSchema, type Dialect } from '#structures/json-schema/validate.ts';
import type { SchemaType } from './documents.ts';
import { CONTENT_LEVELS_MAX } from './limits.ts';
import type { EventKind } from './state.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface SchemaContent {
  readonly type: SchemaType;
  readonly document: JsonObject;
  readonly title: string | undefined;
  /** `components.schemas` or `definitions`. */
  readonly definitions: JsonObject;
  /** `x-amazon-events-source` and `x-amazon-events-detail-type`, where the document has them. */
  readonly event: EventKind | undefined;
  /** The schema of a whole event or of its detail; undefined when the document has several and does not say which. */
  readonly root: JsonObject | undefined;
  /** The key of the root among the definitions; undefined when the document itself is the root. */
  readonly rootName: string | undefined;
  readonly describes: 'event' | 'detail';
}

/** AWS: user guide, "Creating a schema from event JSON": the component that stands for the whole event. */
export const EVENT_COMPONENT = 'AWSEvent';

export function parseContent(
  text: string,
  type: SchemaType,
): { readonly content: SchemaContent } | { readonly problem: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isObject(document)) return { problem: 'it is not a JSON object' };
  if (isDeeperThan(document, CONTENT_LEVELS_MAX)) return { problem: 'it is nested too deeply' };
  return type === 'OpenApi3' ? readOpenApi(document) : { content: readDraft4(document) };
}

/** OpenAPI 3.0.3, "OpenAPI Object": what must be there. */
function readOpenApi(document: JsonObject): { readonly content: SchemaContent } | { readonly problem: string } {
  const version = memberOf(document, 'openapi');
  if (typeof version !== 'string' || !/^3\.\d+(\.\d+)?/.test(version))
    return { problem: 'attribute openapi is missing' };
  const info = memberOf(document, 'info');
  if (!isObject(info)) return { problem: 'attribute info is missing' };
  const title = memberOf(info, 'title');
  if (typeof title !== 'string') return { problem: 'attribute info.title is missing' };
  if (typeof memberOf(info, 'version') !== 'string') return { problem: 'attribute info.version is missing' };
  if (!isObject(memberOf(document, 'paths'))) return { problem: 'attribute paths is missing' };
  const components = valueAt(document, ['components', 'schemas']) ?? {};
  if (!isObject(components)) return { problem: 'attribute components.schemas is not of type object' };
  const rootName = rootNameOf(components, title);
  const root = rootName === undefined ? undefined : memberOf(components, rootName);
  const found = isObject(root) ? root : undefined;
  return {
    content: {
      ...{ type: 'OpenApi3', document, title, definitions: components, rootName: found && rootName, root: found },
      event: found && eventOf(found),
      describes: rootName === EVENT_COMPONENT ? 'event' : 'detail',
    },
  };
}

function rootNameOf(components: JsonObject, title: string): string | undefined {
  const names = Object.keys(components);
  return [EVENT_COMPONENT, title].find((name) => names.includes(name)) ?? (names.length === 1 ? names[0] : undefined);
}

function readDraft4(document: JsonObject): SchemaContent {
  const definitions = memberOf(document, 'definitions');
  const title = memberOf(document, 'title');
  const properties = memberOf(document, 'properties');
  const isEnvelope =
    isObject(properties) && Object.hasOwn(properties, 'detail') && Object.hasOwn(properties, 'detail-type');
  const event = eventOf(document);
  return {
    type: 'JSONSchemaDraft4',
    document,
    title: typeof title === 'string' ? title : undefined,
    definitions: isObject(definitions) ? definitions : {},
    event,
    root: document,
    rootName: undefined,
    describes: isEnvelope ? 'event' : 'detail',
  };
}

function eventOf(schema: JsonObject): EventKind | undefined {
  const source = memberOf(schema, 'x-amazon-events-source');
  const detailType = memberOf(schema, 'x-amazon-events-detail-type');
  return typeof source === 'string' && typeof detailType === 'string' ? { source, detailType } : undefined;
}

/** The schema behind references, at most this many; undefined when they lead nowhere or in a circle. */
const REFERENCES_MAX = 32;

export function resolved(content: Pick<SchemaContent, 'document'>, schema: unknown): JsonObject | undefined {
  let found = schema;
  for (let i = 0; i < REFERENCES_MAX && isObject(found); i += 1) {
    const reference = memberOf(found, '$ref');
    if (typeof reference !== 'string') return found;
    const keys = parseFragment(reference);
    found = keys === undefined ? undefined : valueAt(content.document, keys);
  }
  return undefined;
}

export function dialectOf(type: SchemaType): Dialect {
  return type === 'OpenApi3' ? 'openapi-3' : 'draft-4';
}

/** For checking events; a document that cannot be used for it says why. */
export function compileContent(
  content: SchemaContent,
): { readonly schema: CompiledSchema } | { readonly problem: string } {
  const { document, root, type } = content;
  if (root === undefined)
    return { problem: 'it has several schemas and none of them is AWSEvent or named as its title' };
  if (type === 'OpenApi3' && !String(memberOf(document, 'openapi')).startsWith('3.0')) {
    return { problem: 'it is written in OpenAPI 3.1 or later' };
  }
  return compileSchema({ dialect: dialectOf(type), document, root });
}
