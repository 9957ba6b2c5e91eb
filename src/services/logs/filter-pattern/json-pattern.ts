// JSON conditions: `{ $.user.id = 1 && ($.level = "warn*" || $.tags[0] IS NULL) }`. An event that is no JSON object or
// array does not match, nor does a comparison with a field that is not there.

import { COMPARISONS, type PatternText, readComparison } from './pattern-text.ts';

type Json = unknown;
type Condition = (event: Json) => boolean;
/** Every element of an array, every field of an object. */
const ANY = Symbol('*');
type Step = string | number | typeof ANY;
type Selector = readonly Step[];

/** Parentheses nest no deeper in patterns that people write; a limit keeps the stack safe. */
const DEPTH_MAX = 50;

export function compileJsonPattern(text: PatternText): (message: string) => boolean {
  text.expect('{');
  const condition = readEither(text, 0);
  text.skipSpace();
  text.expect('}');
  text.skipSpace();
  if (!text.isAtEnd) text.fail('nothing may follow the closing brace');
  return (message) => {
    const event = parse(message);
    return event !== undefined && condition(event);
  };
}

function parse(message: string): Json {
  const first = message.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(message);
  } catch {
    // Not JSON: it cannot match.
    return undefined;
  }
}

function readEither(text: PatternText, depth: number): Condition {
  if (depth > DEPTH_MAX) text.fail('too many parentheses');
  const conditions = [readAll(text, depth)];
  for (text.skipSpace(); text.take('||'); text.skipSpace()) conditions.push(readAll(text, depth));
  return conditions.length === 1 ? (conditions[0] as Condition) : (event) => conditions.some((holds) => holds(event));
}

function readAll(text: PatternText, depth: number): Condition {
  const conditions = [readOne(text, depth)];
  for (text.skipSpace(); text.take('&&'); text.skipSpace()) conditions.push(readOne(text, depth));
  return conditions.length === 1 ? (conditions[0] as Condition) : (event) => conditions.every((holds) => holds(event));
}

function readOne(text: PatternText, depth: number): Condition {
  text.skipSpace();
  if (text.take('(')) {
    const inner = readEither(text, depth + 1);
    text.skipSpace();
    text.expect(')');
    return inner;
  }
  const selector = readSelector(text);
  text.skipSpace();
  if (text.takeWord('IS')) return readState(text, selector);
  if (text.takeWord('NOT')) {
    text.skipSpace();
    if (!text.takeWord('EXISTS')) text.fail('expected EXISTS');
    return (event) => select(event, selector).length === 0;
  }
  return readTest(text, selector);
}

/** `IS TRUE`, `IS FALSE`, `IS NULL`. */
function readState(text: PatternText, selector: Selector): Condition {
  text.skipSpace();
  for (const [word, value] of [
    ['TRUE', true],
    ['FALSE', false],
    ['NULL', null],
  ] as const) {
    if (text.takeWord(word)) return (event) => select(event, selector).includes(value);
  }
  return text.fail('expected TRUE, FALSE or NULL');
}

function readTest(text: PatternText, selector: Selector): Condition {
  const comparison = COMPARISONS.find((candidate) => text.take(candidate)) ?? text.fail('expected a comparison');
  const test = readComparison(text, comparison, /[\s)}&|]/);
  return (event) =>
    select(event, selector).some((found) => {
      if (typeof found === 'boolean') return test(String(found));
      return (typeof found === 'string' || typeof found === 'number') && test(found);
    });
}

/** `$.a.b[0]['c d']`, `$.a[*].b`. */
function readSelector(text: PatternText): Selector {
  text.skipSpace();
  text.expect('$');
  const steps: Step[] = [];
  for (;;) {
    if (text.take('.')) {
      if (text.peek() === '[') continue;
      const name = text.takeUntil(/[\s.[\]=!<>()&|}]/);
      if (name === '') text.fail('expected the name of a field');
      steps.push(name === '*' ? ANY : name);
    } else if (text.take('[')) steps.push(readIndex(text));
    else break;
  }
  if (steps.length === 0) text.fail('expected the name of a field');
  // AWS: one in a selector.
  if (steps.filter((step) => step === ANY).length > 1 && !text.isStored)
    text.fail('more than one asterisk in a selector');
  return steps;
}

function readIndex(text: PatternText): Step {
  const quote = ['"', "'"].find((candidate) => text.take(candidate));
  const inner = quote === undefined ? text.takeUntil(/\]/) : text.takeQuoted(quote);
  text.expect(']');
  if (quote !== undefined) return inner;
  if (inner === '*') return ANY;
  if (!/^\d+$/.test(inner)) text.fail(`${inner} is no position in an array`);
  return Number(inner);
}

/** What the selector leads to: nothing, one value, or several behind an asterisk. */
function select(event: Json, selector: Selector): readonly Json[] {
  let values: readonly Json[] = [event];
  for (const step of selector) values = values.flatMap((value) => stepInto(value, step));
  return values;
}

function stepInto(value: Json, step: Step): readonly Json[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === ANY) return Object.values(value);
  if (typeof step === 'number' ? !Array.isArray(value) || step >= value.length : !Object.hasOwn(value, step)) return [];
  return [(value as Record<string | number, Json>)[step]];
}
