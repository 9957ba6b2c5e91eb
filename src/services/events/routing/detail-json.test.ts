import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject } from './detail-json.ts';

const LEVELS = 1_000;

/** Both ways: short texts are parsed by the engine, those with much space behind them are read. */
function isObject(text: string): boolean {
  const isParsed = isJsonObject(text, LEVELS);
  expect(isJsonObject(text + ' '.repeat(2_000), LEVELS)).toBe(isParsed);
  return isParsed;
}

function isObjectByEngine(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

describe('a detail', () => {
  it('is what the engine parses to an object', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n\t '), (json, space) => {
        const text = `${space}${json}${space}`;
        expect(isObject(text)).toBe(isObjectByEngine(text));
      }),
    );
  });

  it('is refused where the engine refuses it, also when one character of it is changed', () => {
    const characters = fc.constantFrom(...'{}[]:,"\\ \n0123456789-+.eEtrufalsn\u0001\u007fé');
    const json = fc
      .object({ maxDepth: 3, key: fc.string({ maxLength: 40 }) })
      .map((value) => JSON.stringify(value, null, 1));
    fc.assert(
      fc.property(json, fc.nat(), characters, fc.boolean(), (text, at, character, isInserted) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + character + text.slice(isInserted ? place : place + 1);
        expect(isObject(changed)).toBe(isObjectByEngine(changed));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', '{', '{}}', '{"a"}', '{"a":01}', '{"a":.5}', '{"a":+1}', '{"a":1,}', '{,}', "{'a':1}", '{"a":NaN}'])(
    'is not %s',
    (text) => expect(isObject(text)).toBe(false),
  );

  it.each(['{"a":"\\u12g4"}', '{"a":"\\x"}', '{"a":"\n"}', '{"a":[1 2]}', '{"a":tru}', '{} {}', '\ufeff{}'])(
    'is not %j',
    (text) => expect(isObject(text)).toBe(false),
  );

  it('has as many levels as AWS processes, and no more', () => {
    const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
    expect(isJsonObject(nested(1_000), LEVELS)).toBe(true);
    expect(isJsonObject(nested(1_001), LEVELS)).toBe(false);
    expect(isJsonObject(`{"a":${'['.repeat(400_000)}`, LEVELS)).toBe(false);
  });
});
