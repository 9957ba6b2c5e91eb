// The automaton finds what asking every rule by itself finds, however an event is written, and while rules come and go.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Encode } from '#base/bytes.ts';
import type { EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from './rule-matcher.ts';
import { compiledPattern, eventJson, matchOneByOne, spell } from './testing.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 200);

const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 40 });

test('rules and events of every kind', () => {
  fc.assert(
    fc.property(
      fc.array(compiledPattern, { minLength: 1, maxLength: 12 }),
      fc.array(fc.tuple(eventJson, choices), { minLength: 1, maxLength: 4 }),
      (patterns, events) => {
        const matcher = new RuleMatcher();
        const rules = new Map(patterns.entries());
        for (const [rule, pattern] of rules) matcher.add(rule, pattern);
        for (const [event, spelling] of events) {
          const text = spell(event, spelling);
          expect(matcher.match(utf8Encode(text)), text).toEqual(matchOneByOne(rules, text));
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('rules are added, replaced and removed between events', () => {
  const step = fc.oneof(
    fc.record({ rule: fc.nat({ max: 15 }), pattern: compiledPattern }),
    fc.record({ rule: fc.nat({ max: 15 }), pattern: fc.constant(undefined) }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(step, { maxLength: 8 }), eventJson, choices), { minLength: 1, maxLength: 12 }),
      (rounds) => {
        const matcher = new RuleMatcher();
        const rules = new Map<number, EventPattern>();
        for (const [steps, event, spelling] of rounds) {
          for (const { rule, pattern } of steps) {
            if (pattern === undefined) {
              rules.delete(rule);
              matcher.remove(rule);
            } else {
              rules.set(rule, pattern);
              matcher.add(rule, pattern);
            }
          }
          const text = spell(event, spelling);
          expect(matcher.count).toBe(rules.size);
          expect(matcher.match(utf8Encode(text)), text).toEqual(matchOneByOne(rules, text));
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('a pattern asked by itself says the same', () => {
  fc.assert(
    fc.property(compiledPattern, eventJson, (pattern, event) => {
      const expected = matchOneByOne(new Map([[0, pattern]]), JSON.stringify(event)).length === 1;
      // Keys like "__proto__" become what JSON makes of them.
      const parsed: unknown = JSON.parse(JSON.stringify(event));
      expect(pattern.matches(parsed)).toBe(expected);
      expect(pattern.explain(parsed).isMatch).toBe(expected);
    }),
    { numRuns: RUNS },
  );
});
