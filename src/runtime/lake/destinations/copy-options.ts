// Options of Redshift's COPY, as far as PostgreSQL's `COPY … FROM STDIN` can do the same. AWS: Redshift database developer guide, "COPY",
// "Data format parameters", "Data conversion parameters". What PostgreSQL cannot do is named.

export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'json';
  readonly delimiter: string;
  /** Of CSV. */
  readonly quote: string;
  /** Backslashes escape the character behind them. */
  readonly isEscaped: boolean;
  readonly nullText: string;
  readonly isGzip: boolean;
  readonly headerLines: number;
  /** Of JSON: members are found in any case. */
  readonly ignoresCase: boolean;
}

export class UnknownCopyOption extends Error {
  override readonly name = 'UnknownCopyOption';
}

type Changes = { -readonly [K in keyof CopyOptions]?: CopyOptions[K] };
type Reader = (words: Words) => Changes;

/** They say how Redshift works, not what is loaded. */
const WITHOUT_MEANING = new Set(['COMPUPDATE', 'STATUPDATE', 'REGION', 'EXPLICIT_IDS', 'COMPROWS']);

const READERS: Readonly<Record<string, Reader>> = {
  FORMAT: () => ({}),
  CSV: () => ({ format: 'csv', delimiter: ',' }),
  JSON: (words) => jsonFormat(words.text('JSON')),
  DELIMITER: (words) => ({ delimiter: unescaped(words.text('DELIMITER')) }),
  QUOTE: (words) => ({ quote: words.text('QUOTE') }),
  ESCAPE: () => ({ isEscaped: true }),
  NULL: (words) => ({ nullText: words.text('NULL').replace('\\0', '\u0000') }),
  GZIP: () => ({ isGzip: true }),
  IGNOREHEADER: (words) => ({ headerLines: words.number('IGNOREHEADER') }),
  TIMEFORMAT: (words) => automatic(words, 'TIMEFORMAT'),
  DATEFORMAT: (words) => automatic(words, 'DATEFORMAT'),
};

/** Throws {@link UnknownCopyOption}. */
export function parseCopyOptions(text: string): CopyOptions {
  const words = new Words(text);
  let found: Changes = {};
  for (let word = words.next(); word !== undefined; word = words.next()) {
    const name = word.toUpperCase();
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (reader !== undefined) found = { ...found, ...withoutDefault(found, reader(words)) };
    else if (WITHOUT_MEANING.has(name)) words.skipValue();
    else throw new UnknownCopyOption(`PostgreSQL cannot do what the COPY option ${word} says; Redshift can`);
  }
  const base = { format: 'text', delimiter: '|', quote: '"', isEscaped: false, nullText: '\\N' } as const;
  return { ...base, isGzip: false, headerLines: 0, ignoresCase: false, ...found };
}

/** CSV brings its delimiter, unless one was said before. */
function withoutDefault(before: Changes, changes: Changes): Changes {
  const { delimiter, ...rest } = changes;
  return changes.format === 'csv' && before.delimiter !== undefined ? rest : changes;
}

function jsonFormat(text: string): Changes {
  const how = text.toLowerCase();
  if (how !== 'auto' && how !== 'auto ignorecase') {
    throw new UnknownCopyOption(`PostgreSQL cannot read the jsonpaths file ${text}; JSON 'auto' is possible`);
  }
  return { format: 'json', ignoresCase: how === 'auto ignorecase' };
}

function automatic(words: Words, name: string): Changes {
  const text = words.text(name);
  if (text.toLowerCase() === 'auto') return {};
  throw new UnknownCopyOption(`PostgreSQL reads times by its own rules: ${name} can be 'auto' only`);
}

function unescaped(text: string): string {
  return text === '\\t' ? '\t' : text;
}

/** Words and texts in single quotes; AS between an option and its value says nothing. */
class Words {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.match(/'(?:[^']|'')*'|[^\s';]+/g) ?? [];
  }

  next(): string | undefined {
    let token = this.tokens[this.at];
    while (token?.toUpperCase() === 'AS') {
      this.at += 1;
      token = this.tokens[this.at];
    }
    this.at += 1;
    return token;
  }

  text(option: string): string {
    const token = this.next();
    if (token?.startsWith("'") !== true) throw new UnknownCopyOption(`${option} needs a text in single quotes`);
    return token.slice(1, -1).replaceAll("''", "'");
  }

  number(option: string): number {
    const value = Number(this.next());
    if (!Number.isInteger(value) || value < 0) throw new UnknownCopyOption(`${option} needs a number`);
    return value;
  }

  /** A value is a text or one of few words; what comes next may be an option. */
  skipValue(): void {
    const token = this.tokens[this.at];
    if (token !== undefined && /^('|ON$|OFF$|TRUE$|FALSE$|PRESET$|\d+$|AS$)/i.test(token)) this.next();
  }
}
