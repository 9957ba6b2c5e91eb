import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRegex } from './linear-regex.ts';

function regexOf(pattern: string) {
  const compiled = compileRegex(pattern);
  if ('problem' in compiled) throw new Error(`${pattern}: ${compiled.problem}`);
  return compiled.regex;
}

const atom = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '-',
    '.',
    '\\d',
    '\\w',
    '\\s',
    '\\.',
    '[ab]',
    '[^a]',
    '[a-c1-3_]',
    '[\\d-]',
    '\\b',
    '\\B',
    '\\x61',
    '{',
  ),
);
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '*?'))
      .map(([one, times]) => `(${one})${times}`),
    tie('pattern').map((one) => `^${one}`),
    tie('pattern').map((one) => `${one}$`),
  ),
}));

describe('regular expressions in linear time', () => {
  test('match what JavaScript matches', () => {
    const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '-', '_', ' ', '\n', '{'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, subject, (source, tested) => {
        expect([source, tested, regexOf(source).matches(tested)]).toEqual([
          source,
          tested,
          new RegExp(source).test(tested),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('cannot be kept busy', () => {
    let steps = 0;
    const isMatching = regexOf('^(a+)+$').matches(`${'a'.repeat(20_000)}b`, (spent) => {
      steps += spent;
    });
    expect(isMatching).toBe(false);
    expect(steps).toBeLessThan(20_000 * 10);
  });

  test.each([
    ['(a)\\1', 'back references are not available'],
    ['(?=a)', 'looking ahead or behind is not available'],
    ['(?<!a)b', 'looking ahead or behind is not available'],
    ['(a{1,1000}){1,1000}', 'it repeats too much to be checked quickly'],
    ['a{3,2}', 'a quantifier ends before it begins'],
    ['(a', 'a parenthesis is not closed'],
    ['a)', 'a parenthesis is closed that was never opened'],
    ['[a', 'a class is not closed'],
    ['*a', 'a quantifier has nothing to repeat'],
    ['\\q', 'the escape \\q is unknown'],
    ['\\', 'it ends too early'],
    ['('.repeat(200), 'groups are nested too deeply'],
    ['a'.repeat(2_001), 'it is longer than 2000 characters'],
  ])('%s is refused by name', (source, problem) => {
    expect(compileRegex(source)).toEqual({ problem });
  });

  test('nothing that a stranger writes makes it throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab()[]{}?*+|^$\\-:<>=!,12.dkbucx'), maxLength: 20 }),
        (source) => {
          const compiled = compileRegex(source);
          if ('regex' in compiled) compiled.regex.matches('aab12');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
