// The Terraform files as blocks and expressions: the one description of what is deployed. `npm run demo` deploys from it through the AWS SDK
// where there is no Terraform, so that the two deployments cannot drift apart. What this reader does not know it refuses with file and line.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Token, tokensOf } from './hcl-tokens.ts';

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string | Expression, Expression])[] }
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
}

/** Every block of the folder's `.tf` files. */
export function readModule(folder: string): readonly Block[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  return files.flatMap((name) => new Reader(readFileSync(join(folder, name), 'utf8'), name).blocks());
}

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

class Reader {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(
    source: string | readonly Token[],
    private readonly file: string,
  ) {
    this.tokens = typeof source === 'string' ? tokensOf(source, file) : source;
  }

  blocks(): Block[] {
    const found: Block[] = [];
    for (this.skipNewlines(); this.at < this.tokens.length; this.skipNewlines()) found.push(this.block());
    return found;
  }

  /** The tokens of a template, as one expression. */
  whole(): Expression {
    return this.expression();
  }

  private block(): Block {
    const type = this.name();
    const labels: string[] = [];
    while (!this.isSymbol('{')) labels.push(this.label());
    return { type, labels, ...this.body() };
  }

  private body(): Pick<Block, 'attributes' | 'blocks'> {
    const attributes = new Map<string, Expression>();
    const blocks: Block[] = [];
    this.take('{');
    for (this.skipNewlines(); !this.isSymbol('}'); this.skipNewlines()) {
      const next = this.tokens[this.at + 1];
      if (next?.kind === 'symbol' && next.text === '=') {
        const name = this.name();
        this.take('=');
        attributes.set(name, this.expression());
      } else blocks.push(this.block());
    }
    this.take('}');
    return { attributes, blocks };
  }

  private expression(): Expression {
    this.skipNewlines();
    const token = this.tokens[this.at];
    if (token === undefined) return this.fail('an expression is missing');
    if (token.kind === 'number') return this.passing({ kind: 'value', value: token.value });
    if (token.kind === 'string') return this.passing(this.template(token.parts));
    if (token.kind === 'name') return this.named();
    if (this.isSymbol('[')) return { kind: 'list', items: this.listed('[', ']') };
    if (this.isSymbol('{')) return this.object();
    return this.fail('an expression is missing');
  }

  private passing(expression: Expression): Expression {
    this.at += 1;
    return expression;
  }

  private template(parts: Extract<Token, { kind: 'string' }>['parts']): Expression {
    const read = parts.map((part) => (typeof part === 'string' ? part : new Reader(part, this.file).whole()));
    const [first] = read;
    return read.length === 1 && typeof first === 'string'
      ? { kind: 'value', value: first }
      : { kind: 'template', parts: read };
  }

  /** A word, a reference or a call. */
  private named(): Expression {
    const name = this.name();
    const word = WORDS[name];
    if (word !== undefined) return { kind: 'value', value: word };
    if (this.isSymbol('(')) return { kind: 'call', name, args: this.listed('(', ')') };
    const path = [name];
    while (this.isSymbol('.')) {
      this.take('.');
      path.push(this.name());
    }
    return { kind: 'reference', path };
  }

  private listed(opening: string, closing: string): Expression[] {
    const items: Expression[] = [];
    this.take(opening);
    for (this.skipNewlines(); !this.isSymbol(closing); this.skipNewlines()) {
      items.push(this.expression());
      this.skipNewlines();
      if (this.isSymbol(',')) this.take(',');
    }
    this.take(closing);
    return items;
  }

  private object(): Expression {
    const entries: [string | Expression, Expression][] = [];
    this.take('{');
    for (this.skipNewlines(); !this.isSymbol('}'); this.skipNewlines()) {
      const key = this.tokens[this.at]?.kind === 'name' ? this.name() : this.expression();
      this.take(this.isSymbol(':') ? ':' : '=');
      entries.push([key, this.expression()]);
      if (this.isSymbol(',')) this.take(',');
    }
    this.take('}');
    return { kind: 'object', entries };
  }

  private name(): string {
    const token = this.tokens[this.at];
    if (token?.kind !== 'name') return this.fail('a name is missing');
    this.at += 1;
    return token.text;
  }

  private label(): string {
    const token = this.tokens[this.at];
    if (token?.kind !== 'string' || typeof token.parts[0] !== 'string') return this.fail('a label is missing');
    this.at += 1;
    return token.parts[0];
  }

  private isSymbol(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'symbol' && token.text === text;
  }

  private take(text: string): void {
    if (!this.isSymbol(text)) this.fail(`${text} is missing`);
    this.at += 1;
  }

  private skipNewlines(): void {
    while (this.tokens[this.at]?.kind === 'newline') this.at += 1;
  }

  private fail(what: string): never {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    throw new Error(`${this.file}:${token?.line ?? 0}: ${what}`);
  }
}
