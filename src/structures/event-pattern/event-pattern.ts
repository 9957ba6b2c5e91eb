// Event patterns: which fields an event must have, with which values. Used for EventBridge's rules, Lambda's filter
// criteria and (with fewer operators) SNS filter policies. A pattern becomes a list of alternatives (from `$or`), each a
// list of fields that must all hold; that form is also what the automaton over many rules (rule-matcher) is built from.
// Matching is match.ts, explaining a miss is explain.ts.

import type { Alternative, FieldTest } from './alternative.ts';
import { explain, type PatternExplanation } from './explain.ts';
import { JsonTokens, PatternSyntaxError } from './json-tokens.ts';
import { matches } from './match.ts';
import { type Dialect, parseTest } from './parse-test.ts';
import { ParsedEvent, PathStep } from './parsed-event.ts';
import type { ValueTest } from './value-test.ts';
import { isTooComplex } from './wildcard-complexity.ts';

export type { Dialect } from './parse-test.ts';

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
    const alternatives = reader.readObject([undefined], { prefix: '', level: 1, depth: 1, isInOr: false });
    tokens.next();
    return { pattern: new CompiledEventPattern(alternatives.map(fieldsOf)) };
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { problem: error.message };
    throw error;
  }
}

class CompiledEventPattern implements EventPattern {
  private root: PathStep | undefined;

  constructor(readonly alternatives: readonly Alternative[]) {}

  matches(event: unknown): boolean {
    const parsed = this.parsed(event);
    return this.alternatives.some((alternative) => matches(alternative, parsed));
  }

  explain(event: unknown): PatternExplanation {
    return explain(this.alternatives, event, this.parsed(event));
  }

  private parsed(event: unknown): ParsedEvent {
    if (this.root === undefined) {
      this.root = new PathStep();
      for (const alternative of this.alternatives) for (const { path } of alternative) this.root.add(path);
    }
    return new ParsedEvent(event, this.root);
  }
}

/** Fields read so far, the latest first. Alternatives of `$or` share what they have in common. */
interface OpenFields {
  readonly field: FieldTest;
  readonly before: OpenFields | undefined;
}

type OpenAlternative = OpenFields | undefined;

/** Of a path that is there twice the later tests count. AWS: event-ruler, JsonRuleCompiler.writeRules. */
function fieldsOf(open: OpenAlternative): Alternative {
  const byPath = new Map<string, FieldTest>();
  for (let at = open; at !== undefined; at = at.before)
    if (!byPath.has(at.field.path)) byPath.set(at.field.path, at.field);
  return [...byPath.values()].reverse();
}

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
const RESERVED = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard ' +
    'not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ' +
    'ip-address-in-range ip-address-not-in-range'
  ).split(' '),
);

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
      for (const read of this.readObject(before, { ...place, depth: place.depth + 1, isInOr: true })) after.push(read);
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
    if (isTooComplex(tests)) throw new PatternSyntaxError(TOO_COMPLEX);
    const field: FieldTest = { ...place, tests };
    return before.map((alternative) => ({ field, before: alternative }));
  }
}
