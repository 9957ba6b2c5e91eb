// The head of a REST message <-> members of a shape: labels of the path, query parameters, headers, status code; and which member, if
// any, is the whole body. Shared by REST-JSON and REST-XML.

import { membersOf, type Shape, shapeOf } from '../compile.ts';
import type { WireRequest } from '../http-message.ts';
import type { Identification } from '../identify.ts';
import { type Pair, parsePairs } from '../percent.ts';
import type { Problems } from '../problems.ts';
import type { MemberSchema, TimestampFormat } from '../schema.ts';
import type { WireService } from '../services.ts';
import { scalarReader, scalarWriter } from './scalars.ts';
import { isBoundToHttp } from './xml-values.ts';

const QUERY_PAIRS_MAX = 1_000;

export interface Bound {
  readonly name: string;
  readonly member: MemberSchema;
  readonly shape: Shape;
}

/** Members of one message by where they travel. */
export interface Bindings {
  readonly head: readonly Bound[];
  readonly payload: Bound | undefined;
  /** There are members that make a document in the body. */
  readonly hasDocument: boolean;
}

const NONE: Bindings = { head: [], payload: undefined, hasDocument: false };
const bindingsByService = new WeakMap<WireService, Map<string, Bindings>>();

export function bindingsOf(service: WireService, target: string): Bindings {
  const table = bindingsByService.get(service) ?? new Map<string, Bindings>();
  bindingsByService.set(service, table);
  const bindings = table.get(target) ?? bind(service, target);
  table.set(target, bindings);
  return bindings;
}

function bind(service: WireService, target: string): Bindings {
  const shape = target === 'unit' ? undefined : service.shape(target);
  if (shape?.type !== 'structure') return NONE;
  const members = membersOf(shape).map(([name, member]): Bound => ({ name, member, shape: shapeOf(service, member) }));
  const payload = members.find(({ member }) => member.httpPayload);
  return {
    head: members.filter(({ member }) => isBoundToHttp(member)),
    payload,
    hasDocument: payload === undefined && members.some(({ member }) => !isBoundToHttp(member)),
  };
}

interface Head {
  readonly request: WireRequest;
  readonly pairs: readonly Pair[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Adds to the input what stands in the head of the request. */
export function readHead(
  { service, operation, labels = {} }: Identification,
  request: WireRequest,
  into: Record<string, unknown>,
  problems: Problems,
): void {
  const { head } = bindingsOf(service, operation.schema.input);
  if (head.length === 0) return;
  const pairs = parsePairs(request.query, QUERY_PAIRS_MAX);
  if (pairs === undefined) {
    problems.note('The query string is not readable');
    return;
  }
  for (const bound of head) {
    const value = readBound(bound, { request, pairs, labels }, problems);
    if (value !== undefined) into[bound.name] = value;
    if (!problems.isEmpty) notePlace(bound, { request, pairs, labels }, problems);
  }
}

function notePlace({ name, member }: Bound, { request, pairs }: Head, problems: Problems): void {
  if (problems.place !== undefined) return;
  const { httpQuery, httpHeader } = member;
  problems.place = httpQuery ?? httpHeader ?? name;
  problems.text =
    httpQuery === undefined ? request.headers[httpHeader?.toLowerCase() ?? ''] : valuesOf(pairs, httpQuery)[0];
}

function readBound({ name, member, shape }: Bound, { request, pairs, labels }: Head, problems: Problems): unknown {
  if (member.httpLabel) return readScalar(shape, labels[name] ?? '', { problems, format: 'date-time' });
  if (member.httpQuery !== undefined) return readQuery(shape, valuesOf(pairs, member.httpQuery), problems);
  if (member.httpQueryParams) return readQueryParams(pairs);
  if (member.httpPrefixHeaders !== undefined) return readPrefixHeaders(request, member.httpPrefixHeaders);
  const text = member.httpHeader === undefined ? undefined : request.headers[member.httpHeader.toLowerCase()];
  if (text === undefined) return undefined;
  // RFC 9110, 13.1.3: "A recipient MUST ignore the If-Modified-Since header field if the field value is not a valid HTTP-date".
  if (shape.type === 'timestamp') return scalarReader(shape, 'http-date')(text);
  if (shape.type !== 'list') return readScalar(shape, text, { problems, format: 'http-date' });
  return text.split(',').map((part) => part.trim());
}

interface Reading {
  readonly problems: Problems;
  readonly format: TimestampFormat;
}

/** Names of the targets as AWS's texts have them. */
const TARGET_NAMES: Readonly<Record<string, string>> = {
  integer: 'an Integer',
  double: 'a Double',
  boolean: 'a Boolean',
  timestamp: 'a Timestamp',
  blob: 'a Blob',
};

function readScalar(shape: Shape, text: string, { problems, format }: Reading): unknown {
  const value = scalarReader(shape, format)(text);
  if (value !== undefined) return value;
  return problems.note(`STRING_VALUE can not be converted to ${TARGET_NAMES[shape.type] ?? 'a String'}`);
}

function valuesOf(pairs: readonly Pair[], name: string): readonly string[] {
  return pairs.filter((pair) => pair.name === name).map(({ value }) => value);
}

function readQuery(shape: Shape, values: readonly string[], problems: Problems): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  return shape.type === 'list' ? values : readScalar(shape, first, { problems, format: 'date-time' });
}

function readQueryParams(pairs: readonly Pair[]): unknown {
  const map: Record<string, string> = Object.create(null);
  for (const { name, value } of pairs) map[name] ??= value;
  return map;
}

function readPrefixHeaders({ headers }: WireRequest, prefix: string): unknown {
  const wanted = prefix.toLowerCase();
  const map: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(wanted) && value !== undefined) map[name.slice(wanted.length)] = value;
  }
  return Object.keys(map).length === 0 ? undefined : map;
}

export interface WrittenHead {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
}

/** Headers and status of a reply from the members of the output. */
export function writeHead(
  { service, operation }: Identification,
  output: Readonly<Record<string, unknown>>,
): WrittenHead {
  const headers: (readonly [string, string])[] = [];
  let status = operation.schema.http?.code ?? 200;
  for (const { name, member, shape } of bindingsOf(service, operation.schema.output).head) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (member.httpResponseCode) status = value as number;
    else if (member.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value as object))
        headers.push([member.httpPrefixHeaders + key, singleLine(String(text))]);
    } else if (member.httpHeader !== undefined) headers.push([member.httpHeader, singleLine(headerText(shape, value))]);
  }
  return { status, headers };
}

function headerText(shape: Shape, value: unknown): string {
  const write = scalarWriter(shape, 'http-date');
  return shape.type === 'list' ? (value as unknown[]).map(String).join(', ') : write(value);
}

/** A line break in a header would begin another one. */
function singleLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ');
}
