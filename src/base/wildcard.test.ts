import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wildcardMatches, wildcardOf, wildcardTokens } from './wildcard.ts';

const matches = (pattern: string, text: string): boolean => wildcardOf(wildcardTokens(pattern)).matches(text);

/** The definition itself, exponential: only for short texts. */
function obviously(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return obviously(pattern.slice(1), text) || (text !== '' && obviously(pattern, text.slice(1)));
  if (text === '') return false;
  return (pattern[0] === '?' || pattern[0] === text[0]) && obviously(pattern.slice(1), text.slice(1));
}

test.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['arn:aws:sqs:*:*:orders', 'arn:aws:sqs:us-east-1:000000000000:orders', true],
  ['arn:aws:sqs:*:*:orders', 'arn:aws:sqs:us-east-1:000000000000:orders-dlq', false],
  ['a*b*c', 'abbc', true],
  ['a*a', 'a', false],
  ['q?eue*', 'queue-1', true],
  ['?', '', false],
])('pattern %j against %j is %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('it agrees with the definition for random patterns and texts', () => {
  const letters = (chars: string, maxLength: number) =>
    fc.array(fc.constantFrom(...chars), { maxLength }).map((list) => list.join(''));
  fc.assert(
    fc.property(letters('ab*?', 8), letters('ab', 10), (pattern, text) => {
      expect(matches(pattern, text)).toBe(obviously(pattern, text));
    }),
    { numRuns: 2000 },
  );
});

test('a long piece is found with borders, also where a shorter match must be given up', () => {
  const piece = `${'ab'.repeat(30)}c`;
  expect(matches(`*${piece}*`, `${'ab'.repeat(100)}c!`)).toBe(true);
  expect(matches(`*${piece}*`, 'ab'.repeat(200))).toBe(false);
  expect(matches(`*${piece}`, `x${piece}`)).toBe(true);
});

test('hostile patterns of 10 KiB against 256 KiB take a number of steps that is linear', () => {
  // Without the linear search these take minutes; the test's own time limit is the assertion.
  const text = 'a'.repeat(256 * 1024);
  expect(matches(`*${'a'.repeat(5000)}b${'a'.repeat(5000)}*`, text)).toBe(false);
  expect(matches(`${'*a'.repeat(5000)}*b`, text)).toBe(false);
});

test('the quick form knows stars only', () => {
  expect(wildcardMatches('a*?', 'abc?')).toBe(true);
  expect(wildcardMatches('a*?', 'abc')).toBe(false);
  expect(wildcardMatches('*', '')).toBe(true);
  expect(wildcardMatches('abc', 'abc')).toBe(true);
});
