// Bodies as the JSON of an object. The text stays as it was sent: numbers keep their digits.

import type { Arrival } from './webhook.ts';

export interface JsonBody {
  readonly text: string;
  readonly members: Readonly<Record<string, unknown>>;
}

export function jsonBodyOf(body: Uint8Array): JsonBody | undefined {
  const text = textOf(body);
  return text === undefined ? undefined : jsonOf(text);
}

export function jsonOf(text: string): JsonBody | undefined {
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { text, members: value as JsonBody['members'] } : undefined;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for what is no UTF-8. */
export function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

export function isForm({ headers }: Arrival): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
}

/** A member that is a text; `path` from the outside in. */
export function textAt(members: Readonly<Record<string, unknown>>, path: readonly string[]): string | undefined {
  let value: unknown = members;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}
