// What the automaton is held against: every rule asked by itself, of the parsed event, with AWS's definition taken word
// for word (all ways to pick a leaf for each field, in order of the fields' paths). Slow, and short enough to be seen to
// be right. And generators: rules and events made for each other, and all the ways to write one event.

import fc from 'fast-check';
import type { FieldTest } from '#structures/event-pattern/alternative.ts';
import { compileEventPattern, type EventPattern } from '#structures/event-pattern/event-pattern.ts';
import type { Leaf } from '#structures/event-pattern/leaf.ts';
import { wantsAbsence } from '#structures/event-pattern/value-test.ts';

/** Array to index of the element. */
type Membership = ReadonlyMap<readonly unknown[], number>;

interface FlatLeaf {
  readonly path: string;
  readonly value: Leaf;
  readonly membership: Membership;
}

export function matchOneByOne(rules: ReadonlyMap<number, EventPattern>, text: string): number[] {
  const leaves = flatten(JSON.parse(text), [], new Map());
  return [...rules]
    .filter(([, pattern]) =>
      pattern.alternatives.some((fields) => {
        const inOrder = [...fields].sort((a, b) => (a.path < b.path ? -1 : 1));
        return canPick(inOrder, leaves, new Map());
      }),
    )
    .map(([rule]) => rule)
    .sort((a, b) => a - b);
}

function flatten(value: unknown, steps: readonly string[], membership: Membership): FlatLeaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => {
      const isPlain = typeof element !== 'object' || element === null;
      return flatten(element, steps, isPlain ? membership : new Map([...membership, [value, index]]));
    });
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]) => flatten(child, [...steps, key], membership));
  }
  return [{ path: steps.join('.'), value: value as Leaf, membership }];
}

function canPick(fields: readonly FieldTest[], leaves: readonly FlatLeaf[], chosen: Membership): boolean {
  const [field, ...later] = fields;
  if (field === undefined) return true;
  const consistent = leaves.filter(({ path, membership }) => {
    return path === field.path && [...membership].every(([array, index]) => (chosen.get(array) ?? index) === index);
  });
  if (consistent.length === 0 && field.tests.some(wantsAbsence)) return canPick(later, leaves, chosen);
  return consistent.some(({ value, membership }) => {
    const isSatisfied = field.tests.some((test) => test.matches(value));
    return isSatisfied && canPick(later, leaves, new Map([...chosen, ...membership]));
  });
}

const KEYS = ['a', 'b', 'c', 'é', 'a.b', 'b.c', '', '__proto__'];
const TEXTS = [
  'x',
  'X',
  'xy',
  'XYZ',
  'yx',
  'xyxy',
  '',
  'é',
  'É',
  'ΣΑΣ',
  'σας',
  '😀',
  'x"y\\',
  '5',
  '10.0.0.1',
  '10.0.1.1',
  '::1',
  '0:0::1',
];
const NUMBERS = [
  0,
  1,
  -1,
  2,
  3.5,
  3.500001,
  3.5000001,
  100,
  1e9,
  5e9,
  5e9 + 1,
  -5e9,
  123456789012,
  0.1,
  0.30000000000000004,
];

const key = fc.constantFrom(...KEYS);
const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: fc.constantFrom('x', 'y', 'X', 'é'), maxLength: 6 }),
);
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer({ min: -3, max: 5 }));
const leaf: fc.Arbitrary<unknown> = fc.oneof(text, number, fc.constantFrom(true, false, null));

const wildcard = fc
  .array(fc.constantFrom('x', 'y', 'xy', 'X', 'é', '*', '\\*', '\\\\'), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.join('').replace(/\*{2,}/g, '*'));
const smallNumber = fc.oneof(
  fc.constantFrom(...NUMBERS.filter((value) => Math.abs(value) <= 5e9)),
  fc.integer({ min: -3, max: 5 }),
);
const oneOrSome = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const filledText = text.filter((value) => value !== '');

const operator: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ prefix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ suffix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ wildcard }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ cidr: fc.constantFrom('10.0.0.0/24', '10.0.0.0/8', '0.0.0.0/0', '::/64', '::1/127') }),
  fc.record({ 'anything-but': oneOrSome(text) }),
  fc.record({ 'anything-but': oneOrSome(smallNumber) }),
  fc.record({ 'anything-but': fc.record({ prefix: oneOrSome(filledText) }) }),
  fc.record({ 'anything-but': fc.record({ suffix: oneOrSome(filledText) }) }),
  fc.record({ 'anything-but': fc.record({ 'equals-ignore-case': oneOrSome(text) }) }),
  fc.record({ 'anything-but': fc.record({ wildcard: oneOrSome(wildcard) }) }),
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), smallNumber).map((numeric) => ({ numeric })),
  fc
    .tuple(fc.constantFrom('>', '>='), smallNumber, fc.constantFrom('<', '<='), smallNumber)
    .map((numeric) => ({ numeric })),
);

const tests = fc.array(fc.oneof(leaf, operator), { minLength: 1, maxLength: 3 });

const { pattern: patternJson } = fc.letrec<{ pattern: unknown; node: unknown }>((tie) => ({
  pattern: fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 3 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.array(fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 2 }), { minLength: 2, maxLength: 3 }),
          fc.dictionary(key, tie('node'), { maxKeys: 2 }),
        )
        .map(([branches, others]) => ({ $or: branches, ...others })),
    },
  ),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tests, tie('pattern')),
}));

/** A pattern, and its text. */
export const compiledPattern: fc.Arbitrary<EventPattern> = patternJson
  .map((json) => compileEventPattern(JSON.stringify(json)))
  .filter((compiled) => 'pattern' in compiled)
  .map((compiled) => (compiled as { pattern: EventPattern }).pattern);

export const { event: eventJson } = fc.letrec<{ event: unknown; value: unknown }>((tie) => ({
  event: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('event'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(tie('event'), { maxLength: 3 }),
  ),
}));

/** One way to write it; `choices` are consumed one by one: white space, escapes, spellings of numbers, keys twice. */
export function spell(value: unknown, choices: readonly number[]): string {
  let used = 0;
  const choose = (count: number): number => {
    const choice = choices[used % choices.length] as number;
    used += 1;
    return choice % count;
  };
  const space = (): string => ['', '', '', ' ', '\n\t', '\r  '][choose(6)] as string;
  const write = (json: unknown): string => {
    if (typeof json === 'string') return writeText(json, choose);
    if (typeof json === 'number') return writeNumber(json, choose);
    if (Array.isArray(json)) return `[${space()}${json.map((item) => space() + write(item) + space()).join(',')}]`;
    if (typeof json !== 'object' || json === null) return String(json);
    const members = Object.entries(json).flatMap(([name, member]) => {
      const earlier = [write('x'), '{"a":"x","b":["x",{"c":1}]}', '[{"b":"x"}]'][choose(3)];
      const written = `${space()}${writeText(name, choose)}${space()}:${space()}${write(member)}${space()}`;
      return choose(8) === 0 ? [`${writeText(name, choose)}:${earlier}`, written] : [written];
    });
    return `{${members.length === 0 ? space() : members.join(',')}}`;
  };
  return space() + write(value) + space();
}

function writeText(value: string, choose: (count: number) => number): string {
  let written = '';
  for (let i = 0; i < value.length; i += 1) {
    const unit = value[i] as string;
    if (choose(5) === 0)
      written += `\\u${unit
        .charCodeAt(0)
        .toString(16)
        .padStart(4, choose(2) === 0 ? '0' : '0')}`;
    else written += JSON.stringify(unit).slice(1, -1).replace(/^\\ud/, '\\ud');
  }
  // A pair of surrogates is one character unless both are escaped.
  const quoted = `"${written}"`;
  return JSON.parse(quoted) === value ? quoted : JSON.stringify(value);
}

function writeNumber(value: number, choose: (count: number) => number): string {
  const spellings = [String(value), value.toExponential(), value.toExponential().replace('e', 'E'), `${value}e0`];
  if (Number.isInteger(value)) spellings.push(`${value}.0`, `${value}.000000000000000000`, `${value * 10}e-1`);
  const spelled = spellings[choose(spellings.length)] as string;
  return Number(spelled) === value ? spelled : String(value);
}
