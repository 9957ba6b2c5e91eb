// Terraform's language, cut into tokens: as much of it as this example's files use.

export type Token =
  | { readonly kind: 'name' | 'symbol'; readonly text: string; readonly line: number }
  | { readonly kind: 'number'; readonly value: number; readonly line: number }
  | { readonly kind: 'string'; readonly parts: readonly (string | readonly Token[])[]; readonly line: number }
  | { readonly kind: 'newline'; readonly line: number };

const SYMBOLS = new Set(['{', '}', '[', ']', '(', ')', '=', ',', '.', ':']);

class Cursor {
  at = 0;
  line = 1;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {}

  fail(what: string): never {
    throw new Error(`${this.file}:${this.line}: ${what}`);
  }
}

export function tokensOf(text: string, file: string): readonly Token[] {
  return readTokens(new Cursor(text, file), undefined);
}

/** Until the end, or until the brace that closes a `${`. */
function readTokens(cursor: Cursor, closing: '}' | undefined): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (; cursor.at < cursor.text.length; ) {
    const { line } = cursor;
    const char = cursor.text[cursor.at] as string;
    if (char === '#' || cursor.text.startsWith('//', cursor.at)) skipLine(cursor);
    else if (char === '\n') {
      tokens.push({ kind: 'newline', line });
      cursor.at += 1;
      cursor.line += 1;
    } else if (/\s/.test(char)) cursor.at += 1;
    else if (char === '"') tokens.push({ kind: 'string', parts: readString(cursor), line });
    else if (closing === char && depth === 0) {
      cursor.at += 1;
      return tokens;
    } else if (SYMBOLS.has(char)) {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      tokens.push({ kind: 'symbol', text: char, line });
      cursor.at += 1;
    } else tokens.push(readWord(cursor));
  }
  if (closing !== undefined) cursor.fail('a template does not end');
  return tokens;
}

function skipLine(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '\n') cursor.at += 1;
}

function readWord(cursor: Cursor): Token {
  const { line } = cursor;
  const word = /^[\w-]+/.exec(cursor.text.slice(cursor.at, cursor.at + 200))?.[0];
  if (word === undefined) cursor.fail(`${JSON.stringify(cursor.text[cursor.at])} is not understood here`);
  cursor.at += word.length;
  return /^\d+$/.test(word) ? { kind: 'number', value: Number(word), line } : { kind: 'name', text: word, line };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

function readString(cursor: Cursor): (string | readonly Token[])[] {
  const parts: (string | readonly Token[])[] = [];
  let text = '';
  for (cursor.at += 1; cursor.text[cursor.at] !== '"'; ) {
    const char = cursor.text[cursor.at];
    if (char === undefined || char === '\n') cursor.fail('a text does not end');
    if (char === '\\') {
      text += ESCAPES[cursor.text[cursor.at + 1] ?? ''] ?? cursor.fail('an escape that is not known');
      cursor.at += 2;
    } else if (cursor.text.startsWith('${', cursor.at)) {
      cursor.at += 2;
      parts.push(text, readTokens(cursor, '}'));
      text = '';
    } else {
      text += char;
      cursor.at += 1;
    }
  }
  cursor.at += 1;
  return [...parts, text];
}
