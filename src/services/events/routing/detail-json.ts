// Is a text the JSON of an object (RFC 8259)? Asked on the way of every event; long texts are read without making anything of them.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
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

export function isJsonObject(text: string, levelsMax: number): boolean {
  if (text.length >= levelsMax * LENGTH_OF_LEVEL_MIN) return new Reader(text, levelsMax).isObject();
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

class Reader {
  private at = 0;
  /** Which container is open on each level. */
  private readonly open: number[] = [];

  constructor(
    private readonly text: string,
    private readonly levelsMax: number,
  ) {}

  isObject(): boolean {
    this.skipSpace();
    if (this.peek() !== OPEN_OBJECT || !this.enter(OPEN_OBJECT)) return false;
    while (this.open.length > 0) if (!this.step()) return false;
    this.skipSpace();
    return this.at === this.text.length;
  }

  private peek(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Behind an opening bracket or a value: the next value, or the end of the container. */
  private step(): boolean {
    const container = this.open[this.open.length - 1] as number;
    const close = container === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
    this.skipSpace();
    if (this.peek() === close) return this.leave();
    if (this.peek() !== COMMA) return false;
    this.at += 1;
    this.skipSpace();
    return this.member(container);
  }

  /** What follows an opening bracket: nothing, or the first member. */
  private enter(bracket: number): boolean {
    if (this.open.length === this.levelsMax) return false;
    this.open.push(bracket);
    this.at += 1;
    this.skipSpace();
    const code = this.peek();
    if (code === (bracket === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.leave();
    return this.member(bracket);
  }

  private leave(): boolean {
    this.open.pop();
    this.at += 1;
    return true;
  }

  /** A value with, in an object, its name before it. Of a container only the beginning: `step` goes on in it. */
  private member(container: number): boolean {
    if (container === OPEN_OBJECT && !this.name()) return false;
    const code = this.peek();
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) return this.enter(code);
    if (code === QUOTE) return this.string();
    if (code === MINUS || isDigit(code)) return this.number();
    return this.word('true') || this.word('false') || this.word('null');
  }

  private name(): boolean {
    if (this.peek() !== QUOTE || !this.string()) return false;
    this.skipSpace();
    if (this.peek() !== COLON) return false;
    this.at += 1;
    this.skipSpace();
    return true;
  }

  private string(): boolean {
    const { text } = this;
    for (let at = this.plainEnd(this.at + 1); ; at = this.plainEnd(at)) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (code !== BACKSLASH) return false;
      ESCAPE.lastIndex = at + 1;
      if (!ESCAPE.test(text)) return false;
      at = ESCAPE.lastIndex;
    }
  }

  /** Where what needs no escape ends. Names are short; for the rest the engine's own search is quicker than a loop. */
  private plainEnd(start: number): number {
    const { text } = this;
    for (let at = start; at < start + SHORT_LENGTH; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH || !(code >= SPACE)) return at;
    }
    PLAIN.lastIndex = start + SHORT_LENGTH;
    PLAIN.test(text);
    return PLAIN.lastIndex;
  }

  private number(): boolean {
    const { text } = this;
    let at = this.at;
    if (text.charCodeAt(at) > ZERO) {
      do at += 1;
      while (isDigit(text.charCodeAt(at)));
    }
    if (at === this.at || isInNumber(text.charCodeAt(at))) {
      NUMBER.lastIndex = this.at;
      if (!NUMBER.test(text)) return false;
      at = NUMBER.lastIndex;
    }
    this.at = at;
    return true;
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.peek();
      if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB) return;
      this.at += 1;
    }
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** A whole number goes on as another one: `.`, `e`, `E`. */
function isInNumber(code: number): boolean {
  return code === 0x2e || code === 0x65 || code === 0x45;
}
