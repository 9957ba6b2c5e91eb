// The body of a request: the event's text, with the connection's body parameters in it.

import type { NamedValue } from '../../connections/http-parameters.ts';

/** Undefined when there is something to add and the text is no JSON object that it could be added to. */
export function bodyOf(text: string, added: readonly NamedValue[]): string | undefined {
  if (added.length === 0) return text;
  const document = objectOf(text);
  if (document === undefined) return undefined;
  const fields = Object.fromEntries(added.map(({ key, value }) => [key, value]));
  const isNew = added.every(({ key }) => !Object.hasOwn(document, key));
  if (!isNew) return JSON.stringify(Object.assign(Object.create(null), document, fields));
  // Written behind the rest: numbers keep all their digits, which reading and writing again would cost some of them.
  const open = text.slice(0, text.lastIndexOf('}')).trimEnd();
  const separator = Object.keys(document).length === 0 ? '' : ',';
  return `${open}${separator}${JSON.stringify(fields).slice(1)}`;
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
