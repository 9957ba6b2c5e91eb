import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileEventPattern, type EventPattern } from '#structures/event-pattern/event-pattern.ts';
import { RuleMatcher } from './rule-matcher.ts';

function compiled(pattern: unknown): EventPattern {
  const result = compileEventPattern(JSON.stringify(pattern));
  if ('problem' in result) throw new Error(result.problem);
  return result.pattern;
}

const bytes = (event: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(event));

describe('rules of a bus', () => {
  test('are found by the texts they ask for', () => {
    const patterns = new Map([
      [3, compiled({ source: ['shop'] })],
      [1, compiled({ source: ['shop', 'bank'], detail: { total: [{ numeric: ['>', 5] }] } })],
      [2, compiled({ detail: { total: [{ exists: true }] } })],
    ]);
    const matcher = new RuleMatcher();
    for (const [rule, pattern] of patterns) matcher.add(rule, pattern);
    expect(matcher.match(bytes({ source: 'shop', detail: { total: 7 } }))).toEqual([1, 2, 3]);
    expect(matcher.match(bytes({ source: 'bank', detail: { total: 7 } }))).toEqual([1, 2]);
    expect(matcher.match(bytes({ source: 'else' }))).toEqual([]);
    patterns.set(3, compiled({ source: ['else'] }));
    matcher.add(3, patterns.get(3)!);
    matcher.remove(2);
    expect(matcher.match(bytes({ source: 'else', detail: { total: 1 } }))).toEqual([3]);
    expect(matcher.count).toBe(2);
  });

  test('an event that is not JSON matches none', () => {
    const matcher = new RuleMatcher();
    matcher.add(0, compiled({ a: [{ exists: false }] }));
    expect(matcher.match(new TextEncoder().encode('{"a":'))).toEqual([]);
    expect(matcher.match(new Uint8Array([0xff, 0xfe]))).toEqual([]);
  });
});

// Few names and values, so that patterns and events meet.
const name = fc.constantFrom('a', 'b', 'c', 'a.b');
const text = fc.constantFrom('x', 'y', 'xy', '', '1', '::1', '0:0:0:0:0:0:0:1');
const leaf = fc.oneof(text, fc.constantFrom(1, 2, 10, true, false, null));
const valueTest = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: leaf },
  { weight: 1, arbitrary: text.map((prefix) => ({ prefix })).filter(({ prefix }) => prefix !== '') },
  { weight: 1, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2).map((bound) => ({ numeric: ['>=', bound] })) },
  { weight: 1, arbitrary: fc.array(text, { minLength: 1, maxLength: 2 }).map((not) => ({ 'anything-but': not })) },
);
const field = fc.array(valueTest, { minLength: 1, maxLength: 3 });
const { pattern } = fc.letrec<{ pattern: Record<string, unknown>; fields: Record<string, unknown> }>((tie) => ({
  fields: fc.dictionary(name, fc.oneof({ depthSize: 'small' }, field, tie('fields')), { minKeys: 1, maxKeys: 2 }),
  pattern: fc.oneof(
    tie('fields'),
    fc.array(tie('fields'), { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })),
    fc
      .tuple(tie('fields'), fc.array(tie('fields'), { minLength: 2, maxLength: 2 }))
      .map(([all, $or]) => ({ ...all, $or })),
  ),
}));
const { event } = fc.letrec<{ event: unknown; object: unknown }>((tie) => ({
  object: fc.dictionary(
    name,
    fc.oneof({ depthSize: 'small' }, leaf, tie('object'), fc.array(fc.oneof(leaf, tie('object')), { maxLength: 3 })),
    { maxKeys: 3 },
  ),
  event: tie('object'),
}));

test('the matcher finds what holding every rule against the event finds, whatever was added and removed', () => {
  const step = fc.record({ rule: fc.nat(5), pattern: fc.option(pattern, { nil: undefined }) });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(event, { minLength: 1, maxLength: 4 }),
      (steps, events) => {
        const rules = new Map<number, EventPattern>();
        const matcher = new RuleMatcher();
        for (const { rule, pattern: given } of steps) {
          if (given === undefined) {
            matcher.remove(rule);
            rules.delete(rule);
          } else {
            rules.set(rule, compiled(given));
            matcher.add(rule, compiled(given));
          }
        }
        for (const each of events) {
          const expected = [...rules].filter(([, own]) => own.matches(each)).map(([rule]) => rule);
          expect(matcher.match(bytes(each))).toEqual(expected.sort((a, b) => a - b));
        }
      },
    ),
    { numRuns: 400 },
  );
});
