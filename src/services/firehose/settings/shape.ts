// AWS's front-end validation of nested members, from tables: every broken constraint of a request in one text. Paths are as AWS writes them:
// `extendedS3DestinationConfiguration.processingConfiguration.processors.1.member.type`.

import { Validation } from '#model/validation.ts';

export type Shape = TextShape | NumberShape | ListShape | StructureShape | { readonly kind: 'any' };

interface TextShape {
  readonly kind: 'text';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: { readonly test: RegExp; readonly shown: string };
  readonly oneOf?: readonly string[];
  /** The value is left out of texts. */
  readonly isSecret?: boolean;
}

interface NumberShape {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
}

interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min?: number;
  readonly max?: number;
}

interface StructureShape {
  readonly kind: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

export const text = (rule: Omit<TextShape, 'kind'>): Shape => ({ kind: 'text', ...rule });
export const oneOf = (...values: readonly string[]): Shape => ({ kind: 'text', oneOf: values });
export const number = (min: number, max: number): Shape => ({ kind: 'number', min, max });
export const list = (of: Shape, bounds: { readonly min?: number; readonly max?: number } = {}): Shape => ({
  kind: 'list',
  of,
  ...bounds,
});
export const any: Shape = { kind: 'any' };

export function structure(members: Readonly<Record<string, Shape>>, ...required: readonly string[]): StructureShape {
  return { kind: 'structure', members, required };
}

/** The whole text, or undefined. `path` is of `value`, empty for an operation's input. */
export function violation(value: unknown, shape: Shape, path = ''): string | undefined {
  const validation = new Validation();
  check(validation, { value, shape, path });
  return validation.text;
}

interface Checked {
  readonly value: unknown;
  readonly shape: Shape;
  readonly path: string;
}

function check(validation: Validation, { value, shape, path }: Checked): void {
  if (value === undefined || value === null) return;
  if (shape.kind === 'text') checkText(validation, { value: String(value), shape, path });
  else if (shape.kind === 'number') validation.range(path, value as number, shape);
  else if (shape.kind === 'list') {
    const items = value as readonly unknown[];
    // What lies in a list is not shown: a batch holds bytes, and five hundred times the same.
    validation.size(path, items.length, bounds(shape));
    for (const [i, item] of items.entries())
      check(validation, { value: item, shape: shape.of, path: `${path}.${i + 1}.member` });
  } else if (shape.kind === 'structure') {
    for (const [name, member] of Object.entries(shape.members)) {
      const below = `${path === '' ? '' : `${path}.`}${lowerFirst(name)}`;
      const found = (value as Readonly<Record<string, unknown>>)[name];
      if (shape.required.includes(name)) validation.required(below, found);
      check(validation, { value: found, shape: member, path: below });
    }
  }
}

function checkText(
  validation: Validation,
  { value, shape, path }: { value: string; shape: TextShape; path: string },
): void {
  const { pattern, oneOf: allowed, isSecret } = shape;
  if (isSecret === true) {
    validation.secret(path, value, { ...bounds(shape), ...(pattern === undefined ? {} : { pattern }) });
    return;
  }
  if (pattern !== undefined) validation.pattern(path, value, pattern);
  validation.length(path, value, bounds(shape));
  if (allowed !== undefined) validation.oneOf(path, value, allowed);
}

function bounds({ min, max }: { readonly min?: number; readonly max?: number }): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
