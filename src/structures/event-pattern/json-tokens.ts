// Reads JSON token by token and always knows where it is. AWS reports errors of patterns with the position that its
// parser (Jackson) had reached, and clients show that text; so positions here follow Jackson's: after a field's name
// the beginning of its value has been read too, of a string only the opening quote, of a number or literal all of it.

export type Token = '{' | '}' | '[' | ']' | 'name' | 'string' | 'number' | 'literal' | 'end';

/** Thrown while reading and caught by the compiler at the top: the text of the problem, as AWS gives it. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
}

/** Jackson shows this much of the source in an error. */
const SOURCE_SHOWN_MAX = 500;
const EXPECTED_VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

export class JsonTokens {
  private at = 0;
  private readonly open: ('{' | '[')[] = [];
  private current: Token | undefined;
  /** The value behind a name, already begun. */
  private pending: Token | undefined;
  private isFirst = true;
  /** Where the text of the current name, string, number or literal begins. */
  private textStart = 0;
  private nameText = '';
  private stringText: string | undefined;

  constructor(private readonly source: string) {}

  next(): Token {
    if (this.current === 'string' && this.stringText === undefined) this.finishString();
    const { pending } = this;
    this.pending = undefined;
    this.current = pending ?? this.read();
    return this.current;
  }

  /** Of the last `name`. */
  get name(): string {
    return this.nameText;
  }

  /** Of a string (unescaped), number or literal; of a bracket itself. Reads a string to its end. */
  get text(): string {
    if (this.current === 'string') return this.stringText ?? this.finishString();
    if (this.current === 'number' || this.current === 'literal') return this.source.slice(this.textStart, this.at);
    return this.current === 'name' ? this.nameText : (this.current ?? '');
  }

  /** `message`, and where the reader is, as Jackson writes it. */
  located(message: string, at = this.at): string {
    const before = this.source.slice(0, at);
    const line = before.split('\n').length;
    const column = at - (before.lastIndexOf('\n') + 1) + 1;
    const shown = this.source.slice(0, SOURCE_SHOWN_MAX);
    const rest = this.source.length - shown.length;
    const truncated = rest > 0 ? `[truncated ${rest} chars]` : '';
    return `${message}\n at [Source: (String)"${shown}"${truncated}; line: ${line}, column: ${column}]`;
  }

  fail(message: string): never {
    throw new PatternSyntaxError(this.located(message));
  }

  private read(): Token {
    this.skipSpace();
    const container = this.open[this.open.length - 1];
    if (container === undefined) return this.current === undefined ? this.beginValue() : this.readEnd();
    const character = this.source[this.at];
    const isClose = character === (container === '{' ? '}' : ']');
    if (isClose) {
      this.at += 1;
      this.open.pop();
      this.isFirst = false;
      return container === '{' ? '}' : ']';
    }
    if (!this.isFirst) {
      if (character !== ',')
        this.unexpected(`was expecting comma to separate ${container === '{' ? 'Object' : 'Array'} entries`);
      this.at += 1;
      this.skipSpace();
    }
    return container === '{' ? this.readName() : this.beginValue();
  }

  private readName(): Token {
    if (this.source[this.at] !== '"') this.unexpected('was expecting double-quote to start field name');
    this.at += 1;
    this.nameText = this.readString();
    this.skipSpace();
    if (this.source[this.at] !== ':') this.unexpected('was expecting a colon to separate field name and value');
    this.at += 1;
    this.skipSpace();
    this.pending = this.beginValue();
    return 'name';
  }

  private beginValue(): Token {
    const character = this.source[this.at] ?? '';
    if (character === '{' || character === '[') {
      this.at += 1;
      this.open.push(character);
      this.isFirst = true;
      return character;
    }
    this.isFirst = false;
    this.textStart = this.at;
    if (character === '"') {
      this.at += 1;
      this.stringText = undefined;
      return 'string';
    }
    const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/.exec(this.source.slice(this.at, this.at + 64));
    if (number !== null) {
      this.at += number[0].length;
      return 'number';
    }
    const word = /^[A-Za-z0-9_$]+/.exec(this.source.slice(this.at, this.at + 64))?.[0] ?? '';
    this.at += word.length;
    if (word === 'true' || word === 'false' || word === 'null') return 'literal';
    if (word !== '') this.fail(`Unrecognized token '${word}': was expecting ${EXPECTED_VALUE}`);
    return this.unexpected(`expected a valid value ${EXPECTED_VALUE}`);
  }

  private readEnd(): Token {
    if (this.at < this.source.length) this.unexpected('was expecting the end of the input');
    return 'end';
  }

  private finishString(): string {
    this.at = this.textStart + 1;
    this.stringText = this.readString();
    return this.stringText;
  }

  /** From behind the opening quote to behind the closing one. */
  private readString(): string {
    const start = this.at - 1;
    for (;;) {
      const character = this.source[this.at];
      if (character === undefined) this.fail('Unexpected end-of-input in VALUE_STRING');
      this.at += character === '\\' ? 2 : 1;
      if (character === '"') break;
    }
    try {
      return JSON.parse(this.source.slice(start, this.at)) as string;
    } catch {
      return this.fail('Illegal unquoted character or escape in a string');
    }
  }

  private unexpected(expectation: string): never {
    const character = this.source[this.at];
    if (character === undefined) this.fail('Unexpected end-of-input: expected close marker');
    return this.fail(`Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${expectation}`);
  }

  private skipSpace(): void {
    while (this.at < this.source.length && ' \t\r\n'.includes(this.source[this.at] as string)) this.at += 1;
  }
}
