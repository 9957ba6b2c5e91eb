// JSON pointers (RFC 6901): from keys to text and back, and to what lies there.

export type PointerKey = string | number;

/** `['detail', 'lines', 0]` is `/detail/lines/0`; the whole document is the empty text. */
export function formatPointer(keys: readonly PointerKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys of a fragment (`#/definitions/Order`); undefined when it is none into the same document. */
export function parseFragment(reference: string): readonly string[] | undefined {
  if (reference === '#') return [];
  if (!reference.startsWith('#/')) return undefined;
  let text: string;
  try {
    text = decodeURIComponent(reference.slice(2));
  } catch {
    // Not percent-encoded as a fragment is: it points nowhere.
    return undefined;
  }
  return text.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What the keys lead to; undefined when there is nothing. */
export function valueAt(document: unknown, keys: readonly string[]): unknown {
  let value = document;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** A JSON object; arrays are none. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member itself, never what every object inherits. */
export function memberOf(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
