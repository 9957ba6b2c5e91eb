// Random requests for fast-check: any operation of a service, with members that fit, and now and then with members that do not.

import fc from 'fast-check';
import type { MemberSchema, ServiceSchema, ShapeRef } from '../../src/wire/schema.ts';
import { ABSURD, ATTRIBUTE_NAMES, pool, TEXTS } from './fuzz-values.ts';
import { ACCOUNT } from './playground.ts';
import { type Asked, claim, jsonAsk, queryAsk } from './raw-ask.ts';

const FROM = { account: ACCOUNT };
const DEPTH_MAX = 4;

type Document = Record<string, unknown>;

interface Walk {
  readonly schema: ServiceSchema;
  readonly base: string;
  readonly depth: number;
  /** Whether every value is of its type and pool. */
  readonly isTame: boolean;
}

/** Operations that destroy come seldom, or nothing would be left to play with. */
const DESTRUCTIVE = /^(Delete|Purge|Unsubscribe|Retire)/;

export function fuzzedAsk(schema: ServiceSchema, operations: readonly string[], base: string): fc.Arbitrary<Asked> {
  const each = operations.map((operation) => {
    const target = schema.operations[operation]?.input ?? 'unit';
    const tame = documentOf(target, { schema, base, depth: 0, isTame: true });
    const wild = documentOf(target, { schema, base, depth: 0, isTame: false });
    const isMessage = /Message/.test(operation);
    return {
      weight: DESTRUCTIVE.test(operation) && !isMessage ? 1 : 8,
      arbitrary: fc
        .tuple(fc.oneof({ weight: 3, arbitrary: tame }, { weight: 1, arbitrary: wild }), fc.boolean())
        .map(([document, isForm]) => encoded(schema, operation, { document, isForm })),
    };
  });
  return fc.oneof(...each);
}

/** Required members are there, except for a few of the wild; others now and then. */
function documentOf(target: ShapeRef, walk: Walk): fc.Arbitrary<Document> {
  const shape = walk.schema.shapes[target];
  if (shape?.type !== 'structure') return fc.constant({});
  const isAvailable = (name: string) => pool(walk.schema.endpointPrefix, name, walk.base)?.length !== 0;
  const members = Object.entries(shape.members).filter(([name]) => !walk.isTame || isAvailable(name));
  const parts = members.map(([name, member]) => {
    const given = memberValue(name, targetOf(member), walk).map((each): Document => ({ [name]: each }));
    const isRequired = shape.required?.includes(name) === true;
    const absent = isRequired ? (walk.isTame ? 0 : 1) : 15;
    return fc.oneof({ weight: isRequired ? 20 : 4, arbitrary: given }, { weight: absent, arbitrary: fc.constant({}) });
  });
  return fc.tuple(...parts).map((documents): Document => Object.assign({}, ...documents));
}

function memberValue(name: string, target: ShapeRef, walk: Walk): fc.Arbitrary<unknown> {
  const fitting = fittingValue(name, target, walk);
  if (walk.isTame) return fitting;
  return fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: fc.constantFrom(...ABSURD) });
}

function fittingValue(name: string, target: ShapeRef, walk: Walk): fc.Arbitrary<unknown> {
  const deeper = { ...walk, depth: walk.depth + 1 };
  const shape = shapeAt(walk.schema, target);
  if (shape === undefined) return scalar(name, target, walk);
  if (walk.depth > DEPTH_MAX) return fc.constant({});
  if (shape.type === 'structure') return documentOf(target, deeper);
  if (shape.type === 'list') {
    const element = memberValue(name.replace(/s$/, ''), targetOf(shape.member), deeper);
    return fc.array(element, { minLength: walk.isTame ? 1 : 0, maxLength: walk.isTame ? 3 : 11 });
  }
  const key = walk.isTame ? fc.constantFrom(...ATTRIBUTE_NAMES) : fc.constantFrom(...ATTRIBUTE_NAMES, '__proto__', '');
  return fc.dictionary(key, memberValue('Value', targetOf(shape.value), deeper), { maxKeys: 2, noNullPrototype: true });
}

function scalar(name: string, target: ShapeRef, { schema, base }: Walk): fc.Arbitrary<unknown> {
  const known = pool(schema.endpointPrefix, name, base);
  if (known !== undefined && known.length > 0) return fc.constantFrom(...known);
  switch (target) {
    case 'integer':
    case 'double':
      return fc.constantFrom(0, 1, 2, 5, 10, 60);
    case 'timestamp':
      return fc.constantFrom(0, 1.5, Date.UTC(2026, 0, 1) / 1000);
    case 'boolean':
      return fc.boolean();
    case 'blob':
    case 'stream':
      return fc.base64String();
    default:
      return fc.oneof(fc.constantFrom(...TEXTS), fc.string());
  }
}

function shapeAt(schema: ServiceSchema, target: ShapeRef) {
  if (target.startsWith('[')) return { type: 'list', member: target.slice(1, -1) } as const;
  if (target.startsWith('{')) return { type: 'map', key: 'string', value: target.slice(1, -1) } as const;
  return schema.shapes[target];
}

function targetOf(member: ShapeRef | MemberSchema): ShapeRef {
  return typeof member === 'string' ? member : member.target;
}

function encoded(
  schema: ServiceSchema,
  operation: string,
  { document, isForm }: { readonly document: Document; readonly isForm: boolean },
): Asked {
  if (schema.protocols.includes('rest-json') || schema.protocols.includes('rest-xml')) {
    return restEncoded(schema, operation, document);
  }
  const hasJson = schema.protocols.some((protocol) => protocol.startsWith('json'));
  if (hasJson && !(isForm && schema.protocols.includes('query'))) {
    return jsonAsk(schema.endpointPrefix, operation, document, FROM);
  }
  const form = [...flattened(document, '', !hasJson)].map(([name, value]) => `${safe(name)}=${safe(value)}`).join('&');
  return queryAsk(schema.endpointPrefix, operation, form, FROM);
}

/** Half a character cannot be percent-encoded. */
function safe(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''));
}

function* flattened(value: unknown, name: string, hasMember: boolean): Generator<[string, string]> {
  if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) {
      yield* flattened(each, `${name}${hasMember ? '.member' : ''}.${i + 1}`, hasMember);
    }
  } else if (typeof value === 'object' && value !== null) {
    const isMap = name.endsWith('Attributes') || name.endsWith('Tags');
    for (const [i, [key, each]] of Object.entries(value).entries()) {
      if (isMap) yield [`${name}.entry.${i + 1}.key`, key];
      yield* flattened(each, isMap ? `${name}.entry.${i + 1}.value` : name === '' ? key : `${name}.${key}`, hasMember);
    }
  } else if (value !== null && value !== undefined) {
    yield [name, String(value)];
  }
}

function restEncoded(schema: ServiceSchema, operation: string, document: Document): Asked {
  const { http, input } = schema.operations[operation]!;
  const { method = 'POST', uri = '/' } = http ?? {};
  const shape = schema.shapes[input];
  const rest = { ...document };
  const query: string[] = [];
  const headers: Record<string, string> = { authorization: claim(schema.signingName, FROM) };
  const isXml = schema.protocols.includes('rest-xml');
  // S3's bucket stands before the path of the operation, whose own parameters are already there.
  let path = isXml && document['Bucket'] !== undefined ? `/${safe(String(document['Bucket']))}${uri}` : uri;
  let payload: unknown = rest;
  let root = input;
  for (const [name, short] of Object.entries(shape?.type === 'structure' ? shape.members : {})) {
    const member: MemberSchema = typeof short === 'string' ? { target: short } : short;
    const value = rest[name];
    if (member.httpLabel) path = path.replace(new RegExp(`\\{${name}\\+?\\}`), safe(String(value ?? 'f')));
    else if (value === undefined) continue;
    else if (member.httpQuery !== undefined) query.push(`${member.httpQuery}=${safe(String(value))}`);
    else if (member.httpHeader !== undefined) headers[member.httpHeader] = safe(String(value));
    else if (member.httpPayload) [payload, root] = [value, member.xmlName ?? name];
    else continue;
    delete rest[name];
  }
  const hasBody = method !== 'GET' && method !== 'DELETE' && method !== 'HEAD';
  const body = !hasBody ? '' : isXml ? xmlOf(root, payload) : JSON.stringify(payload);
  const mark = path.includes('?') ? '&' : '?';
  return { method, path: query.length === 0 ? path : `${path}${mark}${query.join('&')}`, headers, body };
}

/** Lists as S3 has them: the element again and again. A value that is no document is the body itself. */
function xmlOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => xmlOf(name, each)).join('');
  if (typeof value !== 'object' || value === null) {
    return `<${name}>${String(value).replace(/[<&]/g, (char) => (char === '<' ? '&lt;' : '&amp;'))}</${name}>`;
  }
  const content = Object.entries(value).map(([key, each]) => xmlOf(key, each));
  return `<${name}>${content.join('')}</${name}>`;
}
