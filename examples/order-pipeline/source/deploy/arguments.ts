// Reading the arguments of a resource: with a clear word where one is missing or of another kind.

import type { Arguments, Value } from './evaluate.ts';

export function text({ values }: Arguments, name: string): string {
  const value = values[name];
  if (typeof value !== 'string') throw new Error(`the argument ${name} is missing`);
  return value;
}

export function optionalText({ values }: Arguments, name: string): string | undefined {
  const value = values[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function optionalNumber({ values }: Arguments, name: string): number | undefined {
  const value = values[name];
  return value === undefined || value === null ? undefined : Number(value);
}

export function list({ values }: Arguments, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function texts(value: Value | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, one]) => [name, String(one)]));
}

/** The nested block that there is at most once. */
export function block({ blocks }: Arguments, name: string): Arguments | undefined {
  return blocks[name]?.[0];
}

/** Without members that are undefined, as the SDK wants them with exact optional types. */
export function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}
