// Event patterns: which fields an event must have, with which values. Used for EventBridge's rules, Lambda's filter
// criteria and (with fewer operators) SNS filter policies. A pattern becomes a list of alternatives (from `$or`), each a
// list of fields that must all hold; that form is also what an automaton over many rules would be built from.
// Matching is match.ts, explaining a miss is explain.ts.

import { explain, type PatternExplanation } from './explain.ts';
import { JsonTokens, PatternSyntaxError } from './json-tokens.ts';
import { matches } from './match.ts';
import { type Dialect, parseTest } from './parse-test.ts';
import type { ValueTest } from './value-test.ts';

export type { Dialect } from './parse-test.ts';

export interface FieldTest {
  /** Path with dots. A dot in a key and a step into an object are the same, as with AWS. */
  readonly path: string;
  /** How many keys of the pattern lead to it: SNS counts nested fields as more complex. */
  readonly level: number;
  /** One of them is enough. */
  readonly tests: readonly ValueTest[];
}

/** All fields must hold, and together: for fields inside one array, in the same element. */
export type Alternative = readonly FieldTest[];

export interface EventPattern {
  readonly alternatives: readonly Alternative[];
  /** `event` is parsed JSON. */
  matches(event: unknown): boolean;
  explain(event: unknown): PatternExplanation;
}

export type CompiledPattern = { readonly pattern: EventPattern } | { readonly problem: string };

/** AWS: EventBridge user guide: `$or` may lead to at most 1,000 combinations. */
const ALTERNATIVES_MAX = 1000;
const DEPTH_MAX = 100;
const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

export const EVENTS_DIALECT: Dialect = {
  operators: new Set([
    'exactly',
    'prefix',
    'suffix',
    'equals-ignore-case',
    'wildcard',
    'cidr',
    'exists',
    'numeric',
    'anything-but',
  ]),
  anythingBut: new Set(['equals-ignore-case', 'prefix', 'suffix', 'wildcard']),
  hasNestedForms: true,
};

/** The problem's text is AWS's, without a service's own beginning ("Event pattern is not valid. Reason: "). */
export function compileEventPattern(text: string, dialect: Dialect = EVENTS_DIALECT): CompiledPattern {
  try {
    const tokens = new JsonTokens(text);
    if (tokens.next() !== '{') tokens.fail('Filter is not an object');
    const reader = new PatternReader(tokens, dialect);
    const alternatives = reader.readObject([], { prefix: '', level: 1, depth: 1, isInOr: false });
    tokens.next();
    const fields = alternatives.map((alternative) => [...alternative.values()]);
    return {
      pattern: {
        alternatives: fields,
        matches: (event) => fields.some((alternative) => matches(alternative, event)),
        explain: (event) => explain(fields, event),
      },
    };
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { problem: error.message };
    throw error;
  }
}

type OpenAlternative = ReadonlyMap<string, FieldTest>;

interface Place {
  /** Path of the enclosing object, with a dot at the end. */
  readonly prefix: string;
  /** Keys on the way, without `$or`. */
  readonly level: number;
  /** Objects on the way, with those of `$or`. */
  readonly depth: number;
  readonly isInOr: boolean;
}

/** Names that mean an operator; inside `$or` they would be ambiguous. AWS: event-ruler, Constants. */
const RESERVED = new Set(['exactly', 'prefix', 'suffix', 'numeric', 'anything-but', 'exists', 'cidr', 'wildcard']);

class PatternReader {
  constructor(
    private readonly tokens: JsonTokens,
    private readonly dialect: Dialect,
  ) {}

  /** Reads behind `{` to behind `}`; every alternative so far gets the object's fields. */
  readObject(before: readonly OpenAlternative[], place: Place): readonly OpenAlternative[] {
    const { tokens } = this;
    if (place.depth > DEPTH_MAX) throw new PatternSyntaxError(TOO_COMPLEX);
    let alternatives = before;
    let isEmpty = true;
    while (tokens.next() !== '}') {
      isEmpty = false;
      const { name } = tokens;
      if (name === '$or') {
        alternatives = this.readOr(alternatives, place);
        continue;
      }
      if (place.isInOr && RESERVED.has(name)) {
        tokens.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
      }
      const token = tokens.next();
      if (token === '{') {
        const prefix = `${place.prefix}${name}.`;
        alternatives = this.readObject(alternatives, {
          ...place,
          prefix,
          level: place.level + 1,
          depth: place.depth + 1,
        });
      } else if (token === '[') {
        alternatives = this.readField(alternatives, { path: `${place.prefix}${name}`, level: place.level });
      } else tokens.fail(`"${name}" must be an object or an array`);
    }
    if (isEmpty) tokens.fail('Empty objects are not allowed');
    return alternatives;
  }

  private readOr(before: readonly OpenAlternative[], place: Place): readonly OpenAlternative[] {
    const { tokens } = this;
    if (tokens.next() !== '[') tokens.fail('It must be an Array followed with $or.');
    const after: OpenAlternative[] = [];
    let count = 0;
    for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
      if (token !== '{') tokens.fail('Only JSON object is allowed in array of $or relationship.');
      after.push(...this.readObject(before, { ...place, depth: place.depth + 1, isInOr: true }));
      count += 1;
      if (after.length > ALTERNATIVES_MAX) throw new PatternSyntaxError(TOO_COMPLEX);
    }
    if (count < 2) tokens.fail('There must have at least 2 Objects in $or relationship.');
    return after;
  }

  private readField(
    before: readonly OpenAlternative[],
    place: Pick<FieldTest, 'path' | 'level'>,
  ): readonly OpenAlternative[] {
    const { tokens } = this;
    const tests: ValueTest[] = [];
    for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
      tests.push(parseTest(tokens, token, this.dialect));
    }
    if (tests.length === 0) tokens.fail('Empty arrays are not allowed');
    const field: FieldTest = { ...place, tests };
    if (before.length === 0) return [new Map([[field.path, field]])];
    return before.map((alternative) => new Map(alternative).set(field.path, field));
  }
}
