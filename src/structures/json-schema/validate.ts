// Validation by JSON Schema draft 4 and OpenAPI 3.0's dialect of it: compiled once, run against many events, pure, bounded, and with the first place
// that is wrong. A schema that could not be checked as it is meant (a reference that leads out of the document, a keyword of a later draft, a
// pattern that is no linear one) is refused when it is compiled, not ignored.

import { type Check, Run, TOO_MUCH, type Violation } from './checks.ts';
import { type Compiler, type Dialect, SchemaProblem } from './keyword.ts';
import { KEYWORDS, LATER_KEYWORDS } from './keywords.ts';
import { isObject, memberOf, parseFragment, valueAt } from './pointer.ts';

export type { Violation } from './checks.ts';
export type { Dialect } from './keyword.ts';

export interface CompiledSchema {
  /** Undefined when the value fits. */
  validate(value: unknown): Violation | undefined;
}

export interface SchemaSource {
  readonly dialect: Dialect;
  /** What references lead into. */
  readonly document: unknown;
  /** The schema that is meant; the document itself without it. */
  readonly root?: unknown;
}

const NESTING_MAX = 255;
/** Bounds one validation to a few milliseconds; an event of 256 KiB takes 130,000 at most where its schema is plain. */
const STEPS_MAX = 400_000;

export function compileSchema(
  source: SchemaSource,
): { readonly schema: CompiledSchema } | { readonly problem: string } {
  try {
    const compiler = new SchemaCompiler(source);
    const checks = compiler.checksOf(source.root ?? source.document, '#', 0);
    compiler.finish();
    return { schema: { validate: (value) => validate(checks, value) } };
  } catch (error) {
    if (error instanceof SchemaProblem) return { problem: error.message };
    throw error;
  }
}

function validate(checks: readonly Check[], value: unknown): Violation | undefined {
  const run = new Run(STEPS_MAX);
  const found = run.apply(checks, value, undefined);
  return run.isExhausted ? TOO_MUCH : found;
}

/** Turns schemas into checks; each place that is referred to is compiled once, also when it refers to itself. */
class SchemaCompiler implements Compiler {
  private readonly byReference = new Map<string, Check[]>();
  private readonly open: string[] = [];

  constructor(private readonly source: SchemaSource) {}

  get dialect(): Dialect {
    return this.source.dialect;
  }

  checksOf(schema: unknown, where: string, depth: number): readonly Check[] {
    if (!isObject(schema)) throw new SchemaProblem(`${where} is no schema`);
    if (depth > NESTING_MAX) throw new SchemaProblem(`${where} is nested too deeply`);
    const reference = memberOf(schema, '$ref');
    // Beside a reference nothing counts: draft 4, "JSON Reference", section 3, and OpenAPI 3.0, "Reference Object".
    if (typeof reference === 'string') return this.referred(reference, where);
    const checks: Check[] = [];
    for (const name of Object.keys(schema)) {
      if (LATER_KEYWORDS.has(name)) throw new SchemaProblem(`${where} has ${name}, a keyword of a later draft`);
      const keyword = KEYWORDS.get(name);
      if (keyword === undefined) continue;
      const given = { value: schema[name], schema, where: `${where}/${name}`, depth: depth + 1, compiler: this };
      const check = keyword(given);
      if (check !== undefined) checks.push(check);
    }
    return checks;
  }

  /** Compiles what was referred to in the meantime. */
  finish(): void {
    for (let reference = this.open.pop(); reference !== undefined; reference = this.open.pop()) {
      const keys = parseFragment(reference);
      const target = keys === undefined ? undefined : valueAt(this.source.document, keys);
      if (target === undefined) throw new SchemaProblem(`${reference} leads nowhere in this document`);
      const checks = this.byReference.get(reference) as Check[];
      checks.push(...this.checksOf(target, reference, 0));
    }
  }

  /** A list that is filled later: a schema may refer to one that is being compiled. */
  private referred(reference: string, where: string): readonly Check[] {
    if (!reference.startsWith('#')) {
      throw new SchemaProblem(`${where} refers to ${reference}, which is outside of this document`);
    }
    let checks = this.byReference.get(reference);
    if (checks === undefined) {
      checks = [];
      this.byReference.set(reference, checks);
      this.open.push(reference);
    }
    const known = checks;
    return [(value, at, run) => run.apply(known, value, at)];
  }
}
