// Input templates: text with `<placeholders>`, in EventBridge and in Pipes. What a placeholder becomes depends on where it stands: as a value of
// its own it is JSON (a string gets its quotes), between the quotes of a string it is bare text. AWS: EventBridge user guide, "Input transformation".

import { skipSpace, stringValue } from './json-text.ts';

export interface Placeholder {
  /** What is between `<` and `>`. */
  readonly name: string;
  /** Between the quotes of a string. */
  readonly isQuoted: boolean;
  /** Part of an object's key. */
  readonly isInKey: boolean;
}

export interface Template {
  readonly parts: readonly (string | Placeholder)[];
  readonly placeholders: readonly Placeholder[];
  /** An object or an array; otherwise text in quotes, line by line, or a placeholder alone. */
  readonly isJson: boolean;
}

/** What a placeholder stands for: JSON text without space; undefined when the path leads to nothing. */
export type ValueOf = (name: string) => string | undefined;

const PLACEHOLDER = /<([^<>]+)>/g;

export function parseTemplate(text: string): Template {
  const parts: (string | Placeholder)[] = [];
  let isQuoted = false;
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const before = text.slice(from, match.index);
    isQuoted = isQuotedAfter(before, isQuoted);
    from = match.index + match[0].length;
    if (before !== '') parts.push(before);
    parts.push({ name: match[1] as string, isQuoted, isInKey: isQuoted && isKeyEnd(text, from) });
  }
  if (from < text.length) parts.push(text.slice(from));
  const placeholders = parts.filter((part): part is Placeholder => typeof part !== 'string');
  return { parts, placeholders, isJson: /^\s*[[{]/.test(text) };
}

export type Rendered =
  | { readonly text: string }
  /** The values made something else than JSON of a JSON template: AWS does not deliver it. */
  | { readonly brokenBy: readonly string[] };

/**
 * Values between quotes are not escaped (AWS: the same page, "Common issues": "EventBridge doesn't escape values extracted by Input Path"), so a
 * quote or an object inside a string of a JSON template breaks it. In a template that is only text, containers lose their quotes there.
 */
export function renderTemplate(template: Template, lookUp: ValueOf): Rendered {
  const suspects: string[] = [];
  let text = '';
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = lookUp(part.name);
    const shown = part.isQuoted ? quotedValue(value, template.isJson) : (value ?? '""');
    if (part.isQuoted && template.isJson && BREAKING.test(shown)) suspects.push(part.name);
    text += shown;
  }
  return suspects.length === 0 || isJson(text) ? { text } : { brokenBy: [...new Set(suspects)] };
}

/** What cannot stand between quotes as it is. */
const BREAKING = /["\\\p{Cc}]/u;

function quotedValue(value: string | undefined, isJsonTemplate: boolean): string {
  if (value === undefined) return '';
  if (value.startsWith('"')) return stringValue(value);
  return isJsonTemplate ? value : value.replaceAll('"', '');
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isQuotedAfter(text: string, isQuotedBefore: boolean): boolean {
  let isQuoted = isQuotedBefore;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) i += 1;
  }
  return isQuoted;
}

/** Whether the string that goes on at `at` is followed by a colon. */
function isKeyEnd(text: string, at: number): boolean {
  let i = at;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return text[skipSpace(text, i + 1)] === ':';
}
