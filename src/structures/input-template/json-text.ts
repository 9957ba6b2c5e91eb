// JSON as text, without parsing it into values: where a value ends, the members of an object, the elements of an array. Numbers keep their digits,
// and a document of any depth takes no stack. The text is valid JSON already; of what is not, nothing is promised but that reading it ends.

/** A value's place in the text: from its first character to behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  return i;
}

/** The value that begins at or behind `at`. */
export function valueAt(text: string, at: number): Span {
  const start = skipSpace(text, at);
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first !== '{' && first !== '[') return { start, end: wordEnd(text, start) };
  let depth = 0;
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = stringEnd(text, i);
      continue;
    }
    i += 1;
    if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) break;
    }
  }
  return { start, end: i };
}

/** Of an object's member with this key; the last one of several, as JSON parsers take it. */
export function memberOf(text: string, object: Span, key: string): Span | undefined {
  let found: Span | undefined;
  for (const { name, value } of membersOf(text, object)) {
    if (name === key) found = value;
  }
  return found;
}

export function* membersOf(text: string, object: Span): Generator<{ readonly name: string; readonly value: Span }> {
  if (text[object.start] !== '{') return;
  let at = skipSpace(text, object.start + 1);
  while (at < object.end && text[at] === '"') {
    const nameEnd = stringEnd(text, at);
    const value = valueAt(text, skipSpace(text, nameEnd) + 1);
    yield { name: stringValue(text.slice(at, nameEnd)), value };
    at = skipSpace(text, value.end);
    if (text[at] !== ',') return;
    at = skipSpace(text, at + 1);
  }
}

export function* elementsOf(text: string, array: Span): Generator<Span> {
  if (text[array.start] !== '[') return;
  let at = skipSpace(text, array.start + 1);
  while (at < array.end && text[at] !== ']') {
    const value = valueAt(text, at);
    if (value.end === value.start) return;
    yield value;
    at = skipSpace(text, value.end);
    if (text[at] !== ',') return;
    at = skipSpace(text, at + 1);
  }
}

/** Without the space between tokens. */
export function minified(text: string): string {
  let result = '';
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = stringEnd(text, i);
    } else if (isSpace(code)) {
      result += text.slice(from, i);
      i = skipSpace(text, i);
      from = i;
    } else i += 1;
  }
  return from === 0 ? text : result + text.slice(from);
}

/** What a JSON string says; the text itself when it is not one. */
export function stringValue(json: string): string {
  if (!json.includes('\\')) return json.slice(1, -1);
  try {
    return JSON.parse(json) as string;
  } catch {
    return json;
  }
}

function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    i += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function wordEnd(text: string, start: number): number {
  let i = start;
  while (i < text.length && !isSpace(text.charCodeAt(i)) && !',]}:'.includes(text[i] as string)) i += 1;
  return i;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
