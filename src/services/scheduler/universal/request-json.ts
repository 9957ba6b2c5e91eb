// The Input of a universal target as the input of its operation. Members are written in Pascal case, also where the API itself writes them
// otherwise (`LogGroupName`); blobs are text, instants are text (ISO 8601) or seconds. Checked when the schedule is made, with AWS's
// "Invalid RequestJson provided", and read again at each run.

import { utf8Encode } from '#base/bytes.ts';
import { membersOf, type Shape, shapeOf } from '#wire/compile.ts';
import type { MemberSchema } from '#wire/schema.ts';
import type { WireService } from '#wire/services.ts';
import { isInstant, parseDateTime } from '#wire/timestamps.ts';
import { capitalized, type UniversalOperation } from './sdk-services.ts';

export type RequestInput = { readonly input: Readonly<Record<string, unknown>> } | { readonly reason: string };

export function readRequestJson({ service, operation }: UniversalOperation, text: string | undefined): RequestInput {
  let json: unknown = {};
  try {
    if (text !== undefined) json = JSON.parse(text);
  } catch {
    // Whoever wrote it is told.
    return { reason: 'The request payload is not well-formed JSON.' };
  }
  const reader = new Reader(service);
  const input = reader.read({ target: operation.schema.input }, json, '');
  if (reader.missing.length > 0) {
    return { reason: `Request payload is missing the following field(s): ${reader.missing.join(', ')}.` };
  }
  if (reader.problem !== undefined) return { reason: reader.problem };
  return { input: (input ?? {}) as Readonly<Record<string, unknown>> };
}

class Reader {
  problem: string | undefined;
  readonly missing: string[] = [];

  constructor(private readonly service: WireService) {}

  /** The value as operations get it; undefined with a problem noted. */
  read(member: MemberSchema, value: unknown, path: string): unknown {
    const shape = shapeOf(this.service, member);
    switch (shape.type) {
      case 'structure':
        return this.structure(shape, value, path);
      case 'list':
        if (!Array.isArray(value)) return this.wrong(path, 'a list');
        return value.map((item, index) => this.read(shape.member, item, `${path}[${index}]`));
      case 'map':
        return this.map(shape, value, path);
      default:
        return this.leaf(shape.type, value, path);
    }
  }

  private structure({ schema }: Extract<Shape, { type: 'structure' }>, value: unknown, path: string): unknown {
    if (!isObject(value)) return this.wrong(path, 'an object');
    const members = new Map(membersOf(schema).map(([name, member]) => [capitalized(name), { name, member }]));
    const read: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const known = members.get(key);
      if (known === undefined) {
        this.problem ??= `The field ${path}${key} is not known.`;
        continue;
      }
      if (inner !== null) read[known.name] = this.read(known.member, inner, `${path}${key}.`);
    }
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(read, name)) this.missing.push(`${path}${capitalized(name)}`);
    }
    return read;
  }

  private map({ value: member }: Extract<Shape, { type: 'map' }>, value: unknown, path: string): unknown {
    if (!isObject(value)) return this.wrong(path, 'an object');
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.read(member, inner, `${path}${key}.`)]));
  }

  private leaf(type: Exclude<Shape['type'], 'structure' | 'list' | 'map'>, value: unknown, path: string): unknown {
    switch (type) {
      case 'string':
        return typeof value === 'string' ? value : this.wrong(path, 'text');
      case 'boolean':
        return typeof value === 'boolean' ? value : this.wrong(path, 'true or false');
      case 'integer':
        return Number.isSafeInteger(value) ? value : this.wrong(path, 'a whole number');
      case 'double':
        return typeof value === 'number' ? value : this.wrong(path, 'a number');
      case 'timestamp':
        return instantOf(value) ?? this.wrong(path, 'an instant');
      case 'blob':
      case 'stream':
        return typeof value === 'string' ? utf8Encode(value) : this.wrong(path, 'text');
      case 'document':
        return value;
      case 'unit':
        return {};
    }
  }

  private wrong(path: string, expected: string): undefined {
    const field = path === '' ? 'The request payload' : `The field ${path.replace(/\.$/, '')}`;
    this.problem ??= `${field} must be ${expected}.`;
    return undefined;
  }
}

function instantOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseDateTime(value);
  return typeof value === 'number' && isInstant(value * 1_000) ? Math.round(value * 1_000) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
