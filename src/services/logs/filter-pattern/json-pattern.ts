// JSON conditions: `{ $.user.id = 1 && ($.level = "warn*" || $.tags[0] IS NULL) }`. An event that is no JSON object or
// array does not match, nor does a comparison with a field that is not there.

import { COMPARISONS, compileComparison, PatternText } from './pattern-text.ts';

type Json = unknown;
type Condition = (event: Json) => boolean;
type Selector = readonly (string | number)[];

/** Parentheses nest no deeper in patterns that people write; a limit keeps the stack safe. */
const DEPTH_MAX = 50;

export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const text = new PatternText(pattern);
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
    return (event) => select(event, selector) === undefined;
  }
  return readComparison(text, selector);
}

/** `IS TRUE`, `IS FALSE`, `IS NULL`. */
function readState(text: PatternText, selector: Selector): Condition {
  text.skipSpace();
  for (const [word, value] of [
    ['TRUE', true],
    ['FALSE', false],
    ['NULL', null],
  ] as const) {
    if (text.takeWord(word)) return (event) => select(event, selector) === value;
  }
  return text.fail('expected TRUE, FALSE or NULL');
}

function readComparison(text: PatternText, selector: Selector): Condition {
  const comparison = COMPARISONS.find((candidate) => text.take(candidate)) ?? text.fail('expected a comparison');
  text.skipSpace();
  if (text.peek() === '%') text.fail('regular expressions are not available here');
  const isQuoted = text.take('"');
  const value = isQuoted ? text.takeQuoted('"') : text.takeUntil(/[\s)}&|]/);
  if (!isQuoted && value === '') text.fail('expected a value');
  const test = compileComparison(comparison, { text: value, isQuoted });
  if (typeof test !== 'function') return text.fail(test.problem);
  return (event) => {
    const found = select(event, selector);
    if (typeof found === 'boolean') return test(String(found));
    return (typeof found === 'string' || typeof found === 'number') && test(found);
  };
}

/** `$.a.b[0]['c d']` */
function readSelector(text: PatternText): Selector {
  text.skipSpace();
  text.expect('$');
  const steps: (string | number)[] = [];
  for (;;) {
    if (text.take('.')) {
      if (text.peek() === '[') continue;
      const name = text.takeUntil(/[\s.[\]=!<>()&|}]/);
      if (name === '') text.fail('expected the name of a field');
      steps.push(name);
    } else if (text.take('[')) steps.push(readIndex(text));
    else break;
  }
  if (steps.length === 0) text.fail('expected the name of a field');
  return steps;
}

function readIndex(text: PatternText): string | number {
  const quote = ['"', "'"].find((candidate) => text.take(candidate));
  const inner = quote === undefined ? text.takeUntil(/\]/) : text.takeQuoted(quote);
  text.expect(']');
  if (quote !== undefined) return inner;
  if (!/^\d+$/.test(inner)) text.fail(`${inner} is no position in an array`);
  return Number(inner);
}

function select(event: Json, selector: Selector): Json {
  let value = event;
  for (const step of selector) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof step === 'number' ? !Array.isArray(value) : !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, Json>)[step];
  }
  return value;
}
