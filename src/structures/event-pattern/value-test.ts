// What a pattern asks of one value of an event. Strings, numbers, booleans and null are leaves; arrays were taken apart
// and objects descended into before it comes to this. AWS: EventBridge user guide, "Comparison operators for use in
// event patterns".

import { isInRange, parseIp, parseIpRange } from '#base/ip-range.ts';
import { type WildcardToken, wildcardOf } from '#base/wildcard.ts';

export type Leaf = string | number | boolean | null;

export interface ValueTest {
  /** As in the pattern: `{"prefix":"a"}`. */
  readonly source: string;
  /** True for `{"exists":false}`: it is not asked about a value but satisfied by there being none. */
  readonly wantsAbsence: boolean;
  matches(value: Leaf): boolean;
  /** Why a value that failed nearly matched, in words. */
  hint?(value: Leaf): string | undefined;
}

const test = (source: unknown, matches: (value: Leaf) => boolean, hint?: ValueTest['hint']): ValueTest => ({
  source: JSON.stringify(source),
  wantsAbsence: false,
  matches,
  ...(hint === undefined ? {} : { hint }),
});

const onText =
  (matches: (text: string) => boolean) =>
  (value: Leaf): boolean =>
    typeof value === 'string' && matches(value);

export function equals(expected: Leaf): ValueTest {
  return test(
    expected,
    (value) => value === expected,
    (value) => hintOfEqual(expected, value),
  );
}

export function prefix(text: string): ValueTest {
  return test(
    { prefix: text },
    onText((value) => value.startsWith(text)),
    caseHint(text, 'startsWith'),
  );
}

export function suffix(text: string): ValueTest {
  return test(
    { suffix: text },
    onText((value) => value.endsWith(text)),
    caseHint(text, 'endsWith'),
  );
}

export function prefixIgnoreCase(text: string): ValueTest {
  const folded = text.toLowerCase();
  return test(
    { prefix: { 'equals-ignore-case': text } },
    onText((value) => value.toLowerCase().startsWith(folded)),
  );
}

export function suffixIgnoreCase(text: string): ValueTest {
  const folded = text.toLowerCase();
  return test(
    { suffix: { 'equals-ignore-case': text } },
    onText((value) => value.toLowerCase().endsWith(folded)),
  );
}

export function equalsIgnoreCase(text: string): ValueTest {
  const folded = text.toLowerCase();
  return test(
    { 'equals-ignore-case': text },
    onText((value) => value.toLowerCase() === folded),
  );
}

export function wildcard(text: string, tokens: readonly WildcardToken[]): ValueTest {
  const compiled = wildcardOf(tokens);
  return test(
    { wildcard: text },
    onText((value) => compiled.matches(value)),
  );
}

export function cidr(text: string): ValueTest {
  const range = parseIpRange(text);
  return test(
    { cidr: text },
    onText((value) => {
      const address = parseIp(value);
      return range !== undefined && address !== undefined && isInRange(range, address);
    }),
  );
}

export function exists(isWanted: boolean): ValueTest {
  return { source: JSON.stringify({ exists: isWanted }), wantsAbsence: !isWanted, matches: () => isWanted };
}

/** Matches any value, of any type, that none of the given tests takes. */
export function anythingBut(operand: unknown, refused: readonly ValueTest[]): ValueTest {
  return test({ 'anything-but': operand }, (value) => !refused.some((inner) => inner.matches(value)));
}

export interface NumericRange {
  readonly low?: { readonly value: number; readonly isOpen: boolean };
  readonly high?: { readonly value: number; readonly isOpen: boolean };
}

export function numeric(source: readonly unknown[], { low, high }: NumericRange): ValueTest {
  return test(
    { numeric: source },
    (value) => {
      if (typeof value !== 'number') return false;
      if (low !== undefined && (low.isOpen ? value <= low.value : value < low.value)) return false;
      return high === undefined || (high.isOpen ? value < high.value : value <= high.value);
    },
    (value) =>
      typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? 'the value is a string, the pattern takes numbers'
        : undefined,
  );
}

function hintOfEqual(expected: Leaf, value: Leaf): string | undefined {
  if (typeof expected === 'string' && typeof value === 'string') {
    if (expected.toLowerCase() === value.toLowerCase()) return 'differs only in upper and lower case';
    return expected.trim() === value.trim() ? 'differs only in white space' : undefined;
  }
  if (expected === null || value === null || String(expected) !== String(value)) return undefined;
  return `the value is a ${typeof value}, the pattern asks for a ${typeof expected}`;
}

function caseHint(text: string, method: 'startsWith' | 'endsWith'): NonNullable<ValueTest['hint']> {
  return (value) =>
    typeof value === 'string' && value.toLowerCase()[method](text.toLowerCase())
      ? 'differs only in upper and lower case'
      : undefined;
}
