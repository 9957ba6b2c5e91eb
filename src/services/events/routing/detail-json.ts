// Is a text the JSON of an object (RFC 8259)? Asked on the way of every event; long texts are read without making anything of them.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;

const OPEN_ARRAY = 0x5b;

const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;

/** What is looked at in a loop. */
const SHORT_LENGTH = 24;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a string may not have.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

/** Shorter texts have fewer levels than any limit, and the engine parses them more quickly than they are read here. */
const LENGTH_OF_LEVEL_MIN = 2;

/** Stands for the end of the text; no character. */
const END = -1;
/** Returned instead of a position where this is not JSON. */
const BROKEN = -1;
/** From a bracket to the one that closes it. */
const TO_CLOSE = 2;

export function isJsonObject(text: string, levelsMax: number): boolean {
  if (text.length >= levelsMax * LENGTH_OF_LEVEL_MIN) {
    const start = skipSpace(text, 0);
    if (codeAt(text, start) !== OPEN_OBJECT) return false;
    const end = endOfContainer(text, start, levelsMax);
    return end !== BROKEN && skipSpace(text, end) === text.length;
  }
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

/** From an opening bracket to behind the one that closes it. */
function endOfContainer(text: string, start: number, levelsMax: number): number {
  const open = new Uint8Array(levelsMax);
  let level = 0;
  let at = start;
  for (;;) {
    const code = codeAt(text, at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (level === levelsMax) return BROKEN;
      open[level] = code;
      level += 1;
      at = skipSpace(text, at + 1);
      if (codeAt(text, at) !== code + TO_CLOSE) {
        if (code === OPEN_OBJECT) at = endOfName(text, at);
        if (at === BROKEN) return BROKEN;
        continue;
      }
    } else {
      at = endOfPlainValue(text, at, code);
      if (at === BROKEN) return BROKEN;
      at = skipSpace(text, at);
    }
    for (; codeAt(text, at) === (open[level - 1] as number) + TO_CLOSE; at = skipSpace(text, at + 1)) {
      level -= 1;
      if (level === 0) return at + 1;
    }
    if (codeAt(text, at) !== COMMA) return BROKEN;
    at = skipSpace(text, at + 1);
    if (open[level - 1] === OPEN_OBJECT) at = endOfName(text, at);
    if (at === BROKEN) return BROKEN;
  }
}

/** From a member's name to its value. */
function endOfName(text: string, from: number): number {
  if (codeAt(text, from) !== QUOTE) return BROKEN;
  let at = endOfString(text, from);
  if (at === BROKEN) return BROKEN;
  at = skipSpace(text, at);
  return codeAt(text, at) === COLON ? skipSpace(text, at + 1) : BROKEN;
}

function endOfPlainValue(text: string, at: number, code: number): number {
  if (code === QUOTE) return endOfString(text, at);
  if (code === MINUS || isDigit(code)) return endOfNumber(text, at);
  if (text.startsWith('true', at) || text.startsWith('null', at)) return at + 4;
  return text.startsWith('false', at) ? at + 5 : BROKEN;
}

/** From a quote to behind the other one. */
function endOfString(text: string, from: number): number {
  for (let at = endOfPlainText(text, from + 1); ; at = endOfPlainText(text, at)) {
    const code = codeAt(text, at);
    if (code === QUOTE) return at + 1;
    if (code !== BACKSLASH) return BROKEN;
    ESCAPE.lastIndex = at + 1;
    if (!ESCAPE.test(text)) return BROKEN;
    at = ESCAPE.lastIndex;
  }
}

/** Where what needs no escape ends. Names are short; for the rest the engine's own search is quicker than a loop. */
function endOfPlainText(text: string, start: number): number {
  for (let at = start; at < start + SHORT_LENGTH; at += 1) {
    const code = codeAt(text, at);
    if (code === QUOTE || code === BACKSLASH || code < SPACE) return at;
  }
  PLAIN.lastIndex = start + SHORT_LENGTH;
  PLAIN.test(text);
  return PLAIN.lastIndex;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  if (codeAt(text, at) > ZERO) {
    do at += 1;
    while (isDigit(codeAt(text, at)));
  }
  if (at > from && !isInNumber(codeAt(text, at))) return at;
  NUMBER.lastIndex = from;
  return NUMBER.test(text) ? NUMBER.lastIndex : BROKEN;
}

function skipSpace(text: string, from: number): number {
  for (let at = from; ; at += 1) {
    const code = codeAt(text, at);
    if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB) return at;
  }
}

/** V8 leaves its quick way for good when it is asked for a place behind the end. */
function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : END;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** A whole number goes on as another one: `.`, `e`, `E`. */
function isInNumber(code: number): boolean {
  return code === 0x2e || code === 0x65 || code === 0x45;
}
