// Types of columns as Glue and Hive write them: `bigint`, `decimal(10,2)`, `array<struct<sku:string,count:int>>`. Names of fields are as given;
// everything else in any case. Source: Apache Hive, "LanguageManual Types"; AWS: Glue API, Column.Type.

export type HiveType =
  | { readonly kind: HivePrimitive }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly HiveField[] };

export interface HiveField {
  readonly name: string;
  readonly type: HiveType;
}

/** `char(n)` and `varchar(n)` are strings; `binary` and `uniontype` are not known here. */
export type HivePrimitive =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'date'
  | 'timestamp';

const PRIMITIVES: Readonly<Record<string, HivePrimitive>> = {
  boolean: 'boolean',
  tinyint: 'tinyint',
  smallint: 'smallint',
  int: 'int',
  integer: 'int',
  bigint: 'bigint',
  float: 'float',
  double: 'double',
  string: 'string',
  date: 'date',
  timestamp: 'timestamp',
};

const DECIMAL_PRECISION_MAX = 38;
const CHAR_MAX = 255;
const VARCHAR_MAX = 65_535;
const DEPTH_MAX = 32;
const FIELDS_MAX = 5_000;

/** Undefined when there is no such type. */
export function parseHiveType(text: string): HiveType | undefined {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  return type !== undefined && reader.isAtEnd ? type : undefined;
}

class TypeReader {
  private at = 0;
  private fieldCount = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    this.skipSpace();
    return this.at === this.text.length;
  }

  type(depth: number): HiveType | undefined {
    if (depth > DEPTH_MAX) return undefined;
    const name = this.word().toLowerCase();
    if (name === 'array') return this.array(depth);
    if (name === 'map') return this.map(depth);
    if (name === 'struct') return this.struct(depth);
    if (name === 'decimal' || name === 'numeric') return this.decimal();
    if (name === 'char' || name === 'varchar') return this.sizedText(name === 'char' ? CHAR_MAX : VARCHAR_MAX);
    const kind = Object.hasOwn(PRIMITIVES, name) ? PRIMITIVES[name] : undefined;
    return kind === undefined ? undefined : { kind };
  }

  private array(depth: number): HiveType | undefined {
    if (!this.eats('<')) return undefined;
    const element = this.type(depth + 1);
    return element !== undefined && this.eats('>') ? { kind: 'array', element } : undefined;
  }

  private map(depth: number): HiveType | undefined {
    if (!this.eats('<')) return undefined;
    const key = this.type(depth + 1);
    if (key === undefined || isNested(key) || !this.eats(',')) return undefined;
    const value = this.type(depth + 1);
    return value !== undefined && this.eats('>') ? { kind: 'map', key, value } : undefined;
  }

  private struct(depth: number): HiveType | undefined {
    if (!this.eats('<')) return undefined;
    const fields: HiveField[] = [];
    do {
      const name = this.fieldName();
      const type = name === undefined ? undefined : this.type(depth + 1);
      this.fieldCount += 1;
      if (name === undefined || type === undefined || this.fieldCount > FIELDS_MAX) return undefined;
      fields.push({ name, type });
    } while (this.eats(','));
    const names = new Set(fields.map(({ name }) => name.toLowerCase()));
    return names.size === fields.length && this.eats('>') ? { kind: 'struct', fields } : undefined;
  }

  /** Without numbers 10 digits, none behind the point. */
  private decimal(): HiveType | undefined {
    if (!this.eats('(')) return { kind: 'decimal', precision: 10, scale: 0 };
    const precision = this.number();
    const scale = this.eats(',') ? this.number() : 0;
    if (precision === undefined || scale === undefined || !this.eats(')')) return undefined;
    const isPossible = precision >= 1 && precision <= DECIMAL_PRECISION_MAX && scale <= precision;
    return isPossible ? { kind: 'decimal', precision, scale } : undefined;
  }

  private sizedText(lengthMax: number): HiveType | undefined {
    if (!this.eats('(')) return undefined;
    const length = this.number();
    if (length === undefined || length < 1 || length > lengthMax || !this.eats(')')) return undefined;
    return { kind: 'string' };
  }

  private fieldName(): string | undefined {
    const end = this.text.indexOf(':', this.at);
    if (end < 0) return undefined;
    const name = this.text
      .slice(this.at, end)
      .trim()
      .replace(/^`(.*)`$/, '$1');
    this.at = end + 1;
    return name === '' || /[<>,]/.test(name) ? undefined : name;
  }

  private word(): string {
    this.skipSpace();
    const from = this.at;
    while (/[a-z_]/i.test(this.text[this.at] ?? '')) this.at += 1;
    return this.text.slice(from, this.at);
  }

  private number(): number | undefined {
    this.skipSpace();
    const from = this.at;
    while (/[0-9]/.test(this.text[this.at] ?? '') && this.at - from < 6) this.at += 1;
    return this.at === from ? undefined : Number(this.text.slice(from, this.at));
  }

  private eats(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }
}

function isNested({ kind }: HiveType): boolean {
  return kind === 'array' || kind === 'map' || kind === 'struct';
}
