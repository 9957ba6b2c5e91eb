// Shapes as an OpenAPI 3 document, laid out as AWS lays out what it discovers: the envelope under `AWSEvent`, the detail under the event type's name,
// nested objects as components named after their property. AWS: user guide, "Creating a schema from event JSON"; a discovered schema's required
// names of the envelope are in this order. Deterministic: the same shape is the same text.

import { canonicalText } from '#structures/json-schema/canonical.ts';
import type { Shape, ShapeProperty } from '#structures/json-schema/shape.ts';
import { EVENT_COMPONENT, type JsonObject } from './content.ts';
import { pascalCase } from './names.ts';
import type { EventKind } from './state.ts';

const ENVELOPE_REQUIRED = [
  'detail-type',
  'resources',
  'detail',
  'id',
  'source',
  'time',
  'region',
  'version',
  'account',
];
const TEXT = { type: 'string' };

/** A whole event with this detail. */
export function renderEvent({ source, detailType }: EventKind, detail: Shape): JsonObject {
  const title = titleOf(detailType);
  const components = new Components([EVENT_COMPONENT, title]);
  const schema = components.render(detail, title);
  const envelope = {
    type: 'object',
    required: ENVELOPE_REQUIRED,
    'x-amazon-events-detail-type': detailType,
    'x-amazon-events-source': source,
    properties: {
      detail: { $ref: reference(title) },
      account: TEXT,
      'detail-type': TEXT,
      id: TEXT,
      region: TEXT,
      resources: { type: 'array', items: TEXT },
      source: TEXT,
      time: { type: 'string', format: 'date-time' },
      version: TEXT,
    },
  };
  return openApi(title, { [EVENT_COMPONENT]: envelope, [title]: components.own(schema), ...components.others });
}

/** Any JSON value. AWS names it `Event`: AWS CLI examples, get-discovered-schema. */
export function renderValue(shape: Shape): JsonObject {
  const components = new Components(['Event']);
  const schema = components.render(shape, 'Event');
  return openApi('Event', { Event: components.own(schema), ...components.others });
}

export function titleOf(detailType: string): string {
  const title = pascalCase(detailType);
  if (title === '') return 'Event';
  return title === EVENT_COMPONENT ? `${title}_1` : title;
}

function openApi(title: string, schemas: JsonObject): JsonObject {
  return { openapi: '3.0.0', info: { version: '1.0.0', title }, paths: {}, components: { schemas } };
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The components of one document: nested objects, each under a name of its own; equal ones of the same name are one. */
class Components {
  private readonly byName = new Map<string, JsonObject>();

  constructor(private readonly reserved: readonly string[]) {}

  /** In the order of their names. */
  get others(): JsonObject {
    return Object.fromEntries([...this.byName].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** What a reserved name stands for: an object that was rendered as a component is taken back. */
  own(schema: JsonObject): JsonObject {
    const name = String(schema['$ref'] ?? '').slice(reference('').length);
    const component = this.byName.get(name);
    if (component === undefined) return schema;
    this.byName.delete(name);
    return component;
  }

  render(shape: Shape, name: string): JsonObject {
    const kinds: JsonObject[] = [];
    if (shape.isBoolean === true) kinds.push({ type: 'boolean' });
    if (shape.number === 'integer') kinds.push({ type: 'integer', format: 'int64' });
    if (shape.number === 'number') kinds.push({ type: 'number', format: 'double' });
    if (shape.string === 'plain') kinds.push(TEXT);
    if (shape.string === 'date-time') kinds.push({ type: 'string', format: 'date-time' });
    if (shape.elements !== undefined) kinds.push({ type: 'array', items: this.render(shape.elements, `${name} Item`) });
    const { properties } = shape;
    // `nullable` counts only beside a type: OpenAPI 3.0.3, "Schema Object". So a component carries its own.
    const isNullHere = shape.isNull === true && kinds.length > 0;
    if (isNullHere) kinds[0] = { ...kinds[0], nullable: true };
    if (properties !== undefined) kinds.push(this.object(properties, name, shape.isNull === true && !isNullHere));
    const [first] = kinds;
    if (first === undefined) return {};
    return kinds.length === 1 ? first : { anyOf: kinds };
  }

  private object(properties: readonly ShapeProperty[], name: string, isNullable: boolean): JsonObject {
    const rendered = properties.map(({ name: own, shape }) => [own, this.render(shape, own)] as const);
    const required = properties.filter(({ isRequired }) => isRequired).map((property) => property.name);
    const component = {
      type: 'object',
      ...(isNullable ? { nullable: true } : {}),
      ...(required.length === 0 ? {} : { required }),
      ...(rendered.length === 0 ? {} : { properties: Object.fromEntries(rendered) }),
    };
    return { $ref: reference(this.place(component, pascalCase(name))) };
  }

  private place(component: JsonObject, wanted: string): string {
    const base = wanted === '' ? 'Item' : wanted;
    const text = canonicalText(component);
    for (let i = 0; ; i += 1) {
      const name = i === 0 ? base : `${base}_${i}`;
      if (this.reserved.includes(name)) continue;
      const there = this.byName.get(name);
      if (there === undefined) this.byName.set(name, component);
      if (there === undefined || canonicalText(there) === text) return name;
    }
  }
}
