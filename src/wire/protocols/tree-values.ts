// Parsed JSON or CBOR <-> values of a shape. Decoding checks the tree against the shape and builds an object of the known members only;
// encoding returns its argument wherever the tree can carry it as it is, so that most replies are one JSON.stringify. What differs
// between JSON and CBOR is in the leaves (`json-values.ts`, `cbor-values.ts`). Texts of wrong types are AWS's own.
// Source: replies of Kinesis, Athena and SES recorded by their emulators' test suites against AWS ("X_VALUE can not be converted to …").

import { type Compile, compiler, membersOf, type Shape } from '../compile.ts';
import type { Problems } from '../problems.ts';
import type { MemberSchema, StructureSchema, TimestampFormat } from '../schema.ts';

export type TreeDecoder = (value: unknown, problems: Problems) => unknown;
/** Undefined when the tree holds the value as it is. */
export type TreeEncoder = ((value: unknown) => unknown) | undefined;

const LIST_START = 'Start of list found where not expected';
const MAP_START = 'Start of structure or map found where not expected.';

/** How AWS's parser calls a token. */
function tokenOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  if (typeof value === 'bigint') return 'NUMBER_VALUE';
  return value === true ? 'TRUE_VALUE' : 'FALSE_VALUE';
}

export function noteWrongScalar(value: unknown, wanted: string, problems: Problems): undefined {
  if (value === null) return problems.note(undefined);
  if (Array.isArray(value)) return problems.note(LIST_START);
  if (typeof value === 'object') return problems.note(MAP_START);
  return problems.note(`${tokenOf(value)} can not be converted to ${wanted}`);
}

const decodeString: TreeDecoder = (value, problems) =>
  typeof value === 'string' ? value : noteWrongScalar(value, 'a String', problems);

const decodeInteger: TreeDecoder = (value, problems) =>
  Number.isInteger(value) ? value : noteWrongScalar(value, 'an Integer', problems);

const NUMBER_NAMES: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

const decodeDouble: TreeDecoder = (value, problems) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && Object.hasOwn(NUMBER_NAMES, value)) return NUMBER_NAMES[value];
  return noteWrongScalar(value, 'a Double', problems);
};

const BOOLEAN_NAMES = new Map([
  ...['true', 'yes', 'y', 't', '1'].map((name) => [name, true] as const),
  ...['false', 'no', 'n', 'f', '0'].map((name) => [name, false] as const),
]);

const decodeBoolean: TreeDecoder = (value, problems) => {
  if (typeof value === 'boolean') return value;
  // AWS reads the names of a boolean, and has this article in its text.
  if (typeof value === 'string') {
    return BOOLEAN_NAMES.get(value.toLowerCase()) ?? noteWrongScalar(value, 'an Boolean', problems);
  }
  return noteWrongScalar(value, 'a Boolean', problems);
};

/** Values of any form, nested no deeper than the limit: later code may recurse over them. */
const decodeDocument: TreeDecoder = (value, problems) => {
  if (typeof value !== 'object' || value === null) return value;
  if (problems.enter()) for (const inner of Object.values(value)) decodeDocument(inner, problems);
  problems.leave();
  return value;
};

function listDecoder(element: TreeDecoder): TreeDecoder {
  return (value, problems) => {
    if (!Array.isArray(value)) {
      return problems.note(typeof value === 'object' && value !== null ? MAP_START : 'Expected list or null');
    }
    const list: unknown[] = new Array(value.length);
    if (problems.enter()) {
      for (let i = 0; i < value.length && problems.isEmpty; i += 1) list[i] = element(value[i], problems);
    }
    problems.leave();
    return list;
  };
}

/** A map of the tree and not one of its leaves: the bytes and instants of CBOR are objects, too. */
function isTreeMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function mapDecoder(element: TreeDecoder): TreeDecoder {
  return (value, problems) => {
    if (Array.isArray(value)) return problems.note(LIST_START);
    if (!isTreeMap(value)) return problems.note('Expected map or null');
    // Without a prototype, so that `__proto__` and `constructor` are keys like others.
    const map: Record<string, unknown> = Object.create(null);
    if (problems.enter()) {
      for (const key of Object.keys(value)) map[key] = element(value[key], problems);
    }
    problems.leave();
    return map;
  };
}

function structureDecoder(schema: StructureSchema, of: (member: MemberSchema) => TreeDecoder): TreeDecoder {
  const members = membersOf(schema);
  const names = members.map(([name]) => name);
  const keys = members.map(([name, member]) => member.jsonName ?? name);
  const decoders = members.map(([, member]) => of(member));
  return (value, problems) => {
    if (Array.isArray(value)) return problems.note(LIST_START);
    if (!isTreeMap(value)) return problems.note('Expected null');
    const structure: Record<string, unknown> = {};
    if (problems.enter()) {
      for (let i = 0; i < keys.length; i += 1) {
        const raw = value[keys[i]!];
        // AWS reads null as absent, and ignores members it does not know.
        if (raw !== undefined && raw !== null) structure[names[i]!] = decoders[i]!(raw, problems);
      }
    }
    problems.leave();
    return structure;
  };
}

/** What a blob and an instant look like in the tree. */
export interface Leaves {
  readonly decodeBlob: TreeDecoder;
  decodeTimestamp(format: TimestampFormat | undefined): TreeDecoder;
  readonly encodeBlob: TreeEncoder;
  encodeTimestamp(format: TimestampFormat | undefined): TreeEncoder;
  readonly encodeDouble: TreeEncoder;
}

function buildDecoder(leaves: Leaves, shape: Shape, of: (member: MemberSchema) => TreeDecoder): TreeDecoder {
  switch (shape.type) {
    case 'string':
      return decodeString;
    case 'integer':
      return decodeInteger;
    case 'double':
      return decodeDouble;
    case 'boolean':
      return decodeBoolean;
    case 'blob':
    case 'stream':
      return leaves.decodeBlob;
    case 'timestamp':
      return leaves.decodeTimestamp(shape.format);
    case 'document':
      return decodeDocument;
    case 'unit':
      return () => ({});
    case 'list':
      return listDecoder(of(shape.member));
    case 'map':
      return mapDecoder(of(shape.value));
    case 'structure':
      return structureDecoder(shape.schema, of);
  }
}

export function treeDecoder(leaves: Leaves): Compile<TreeDecoder> {
  return compiler<TreeDecoder>({
    build: (shape, of) => buildDecoder(leaves, shape, of),
    defer: (finished) => (value, problems) => finished()(value, problems),
  });
}

function structureEncoder(schema: StructureSchema, of: (member: MemberSchema) => TreeEncoder): TreeEncoder {
  const members = membersOf(schema).map(([name, member]) => {
    return { name, key: member.jsonName ?? name, encode: of(member) };
  });
  if (members.some(({ name, key }) => name !== key)) return renamingEncoder(members);
  const changing = members.filter(({ encode }) => encode !== undefined);
  if (changing.length === 0) return undefined;
  return (value) => {
    let copy: Record<string, unknown> | undefined;
    for (const { name, encode } of changing) {
      const before = (value as Record<string, unknown>)[name];
      if (before === undefined || before === null) continue;
      const after = encode!(before);
      if (after === before) continue;
      copy ??= { ...(value as Record<string, unknown>) };
      copy[name] = after;
    }
    return copy ?? value;
  };
}

interface RenamedMember {
  readonly name: string;
  readonly key: string;
  readonly encode: TreeEncoder;
}

function renamingEncoder(members: readonly RenamedMember[]): TreeEncoder {
  return (value) => {
    const renamed: Record<string, unknown> = {};
    for (const { name, key, encode } of members) {
      const before = (value as Record<string, unknown>)[name];
      if (before !== undefined && before !== null) renamed[key] = encode === undefined ? before : encode(before);
    }
    return renamed;
  };
}

function mapEncoder(element: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => {
    const map: Record<string, unknown> = Object.create(null);
    for (const key of Object.keys(value as object)) map[key] = element((value as Record<string, unknown>)[key]);
    return map;
  };
}

function buildEncoder(leaves: Leaves, shape: Shape, of: (member: MemberSchema) => TreeEncoder): TreeEncoder {
  switch (shape.type) {
    case 'blob':
    case 'stream':
      return leaves.encodeBlob;
    case 'double':
      return leaves.encodeDouble;
    case 'timestamp':
      return leaves.encodeTimestamp(shape.format);
    case 'list': {
      const element = of(shape.member);
      return element === undefined ? undefined : (value) => (value as unknown[]).map(element);
    }
    case 'map': {
      const element = of(shape.value);
      return element === undefined ? undefined : mapEncoder(element);
    }
    case 'structure':
      return structureEncoder(shape.schema, of);
    default:
      return undefined;
  }
}

export function treeEncoder(leaves: Leaves): Compile<TreeEncoder> {
  return compiler<TreeEncoder>({
    build: (shape, of) => buildEncoder(leaves, shape, of),
    defer: (finished) => (value) => {
      const encode = finished();
      return encode === undefined ? value : encode(value);
    },
  });
}
