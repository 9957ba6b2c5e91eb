// Random values of a shape, for fast-check: what a caller could put into an operation's input, or a service into its output.
// `forSdk` turns such a value into what the AWS SDK takes and gives (instants as Date), `fromSdk` back.
import fc from 'fast-check';
import type { MemberSchema, ServiceSchema, ShapeRef } from '../../../src/wire/schema.ts';

export interface ValueRules {
  /** Text that the protocol can carry: JSON anything, XML no control characters. */
  readonly text: fc.Arbitrary<string>;
  /** The query protocol cannot tell an empty structure or map from none. */
  readonly isEmptyAllowed: boolean;
}

const DEPTH_MAX = 3;
const token = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,15}$/);
/** Whole seconds, since HTTP dates have no more; between 1970 and 2100. */
const wholeSeconds = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000);
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });

/** S3 has no milliseconds in documents either. */
function instantOf({ endpointPrefix }: ServiceSchema): fc.Arbitrary<number> {
  return endpointPrefix === 's3' ? wholeSeconds : instant;
}

export function inputValue(
  service: ServiceSchema,
  target: ShapeRef,
  rules: ValueRules,
): fc.Arbitrary<Record<string, unknown>> {
  if (target === 'unit') return fc.constant({});
  return structureValue(service, target, { rules, depth: 0 });
}

/** Arbitraries cost more to make than to run: each shape is made once for each depth. */
const made = new WeakMap<ServiceSchema, Map<string, fc.Arbitrary<Record<string, unknown>>>>();

function structureValue(service: ServiceSchema, name: string, context: Context): fc.Arbitrary<Record<string, unknown>> {
  const table = made.get(service) ?? new Map<string, fc.Arbitrary<Record<string, unknown>>>();
  made.set(service, table);
  const key = `${name} ${context.depth} ${context.rules.isEmptyAllowed}`;
  const arbitrary = table.get(key) ?? buildStructure(service, name, context);
  table.set(key, arbitrary);
  return arbitrary;
}

interface Context {
  readonly rules: ValueRules;
  readonly depth: number;
}

function buildStructure(service: ServiceSchema, name: string, context: Context): fc.Arbitrary<Record<string, unknown>> {
  const shape = service.shapes[name];
  if (shape?.type !== 'structure') throw new Error(`${name} is no structure`);
  const members = Object.entries(shape.members).map(([member, schema]) => {
    return [member, typeof schema === 'string' ? { target: schema } : schema] as const;
  });
  if (shape.isUnion)
    return fc.oneof(
      ...members.map(([member, schema]) => memberValue(service, schema, context).map((value) => ({ [member]: value }))),
    );
  // A status is always there, and SDKs send an empty document for a payload that is not given.
  const isAlwaysSet = (member: string, schema: MemberSchema) =>
    schema.httpLabel || schema.httpResponseCode || schema.httpPayload || (shape.required ?? []).includes(member);
  const set = members.filter(([, schema]) => context.depth < DEPTH_MAX || isScalar(schema.target));
  const model = Object.fromEntries(set.map(([member, schema]) => [member, memberValue(service, schema, context)]));
  const required = set.filter(([member, schema]) => isAlwaysSet(member, schema)).map(([member]) => member);
  const first = required.length === 0 && !context.rules.isEmptyAllowed && set[0] !== undefined ? [set[0][0]] : required;
  return fc.record(model, { requiredKeys: first as never, noNullPrototype: true });
}

function isScalar(target: ShapeRef): boolean {
  return ['string', 'integer', 'double', 'boolean', 'blob', 'timestamp'].includes(target);
}

function memberValue(service: ServiceSchema, member: MemberSchema, context: Context): fc.Arbitrary<unknown> {
  const isInHead = member.httpHeader !== undefined || member.httpQuery !== undefined || member.httpLabel;
  const { target } = member;
  if (target === 'timestamp') {
    return isInHead || member.timestampFormat === 'http-date' ? wholeSeconds : instantOf(service);
  }
  if (isInHead && target === 'string') return token;
  if (member.httpResponseCode)
    return fc.integer({ min: 200, max: 299 }).filter((status) => status !== 204 && status !== 205);
  // An empty body is no payload.
  if (member.httpPayload && (target === 'blob' || target === 'stream'))
    return fc.uint8Array({ minLength: 1, maxLength: 40 });
  if (isInHead && (target.startsWith('[') || service.shapes[target]?.type === 'list'))
    return fc.array(token, { minLength: 1, maxLength: 3 });
  return targetValue(service, target, context);
}

function targetValue(service: ServiceSchema, target: ShapeRef, { rules, depth }: Context): fc.Arbitrary<unknown> {
  const deeper = { rules, depth: depth + 1 };
  const minLength = rules.isEmptyAllowed ? 0 : 1;
  switch (target) {
    case 'string':
      return rules.text;
    case 'integer':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
    case 'boolean':
      return fc.boolean();
    case 'blob':
    case 'stream':
      return fc.uint8Array({ minLength, maxLength: 40 });
    case 'timestamp':
      return instantOf(service);
  }
  if (target.startsWith('['))
    return fc.array(targetValue(service, target.slice(1, -1), deeper), { minLength, maxLength: 3 });
  if (target.startsWith('{'))
    return fc.dictionary(mapKey, targetValue(service, target.slice(1, -1), deeper), {
      minKeys: minLength,
      maxKeys: 3,
      noNullPrototype: true,
    });
  const shape = service.shapes[target];
  if (shape?.type === 'list') {
    return fc.array(memberValue(service, long(shape.member), deeper), { minLength, maxLength: 3 });
  }
  if (shape?.type === 'map') {
    return fc.dictionary(mapKey, memberValue(service, long(shape.value), deeper), {
      minKeys: minLength,
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  return structureValue(service, target, deeper);
}

const mapKey = token.filter((key) => key !== '__proto__');

function long(member: ShapeRef | MemberSchema): MemberSchema {
  return typeof member === 'string' ? { target: member } : member;
}

/** Walks a value along its shape and changes the instants. */
export function forSdk(service: ServiceSchema, target: ShapeRef, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (target === 'timestamp') return new Date(value as number);
  const inner = (member: ShapeRef | MemberSchema, each: unknown) => forSdk(service, long(member).target, each);
  const shape = shapeAt(service, target);
  if (shape === undefined) return value;
  if (shape.type === 'list') return (value as unknown[]).map((each) => inner(shape.member, each));
  const entries = Object.entries(value as object).map(([name, each]) => {
    return [name, inner(shape.type === 'map' ? shape.value : (shape.members[name] ?? 'string'), each)] as const;
  });
  return Object.fromEntries(entries);
}

function shapeAt(service: ServiceSchema, target: ShapeRef) {
  if (target.startsWith('[')) return { type: 'list', member: target.slice(1, -1) } as const;
  if (target.startsWith('{')) return { type: 'map', key: 'string', value: target.slice(1, -1) } as const;
  return service.shapes[target];
}

/** Instants as milliseconds, bytes as plain arrays of bytes, no prototypes, no undefined members: comparable by toEqual. */
export function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return { bytes: [...value] };
  // The SDK's text that holds a JSON document.
  if (value instanceof String) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, each]) => each !== undefined && name !== '$metadata');
  return Object.fromEntries(entries.map(([name, each]) => [name, plain(each)]));
}
