import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOfTexts } from './text-lanes.ts';

const alone = (text: string): string => createHash('md5').update(text).digest('hex');
const digestsOf = (texts: readonly string[]): string[] => factsOfTexts(texts, alone).map(({ md5Hex }) => md5Hex);
/** Of one text beside another, since one alone is not looked at. */
const isPlain = (text: string): boolean | undefined => factsOfTexts(['', text], alone)[1]?.isPlain;

/** What XML has no characters for. */
const FORBIDDEN = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

describe('several texts at once', () => {
  it('have the digests that each has alone, whatever their lengths are', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 0, max: 400 }).map((length) => 'x'.repeat(length)),
      fc.integer({ min: 21_000, max: 22_500 }).map((length) => '€'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 11 }), (texts) => {
        expect(digestsOf(texts)).toEqual(texts.map(alone));
      }),
    );
  });

  it('are padded at any length around the ends of blocks', () => {
    const texts = Array.from({ length: 200 }, (_, length) => 'a'.repeat(length));
    expect(factsOfTexts(texts, () => 'unused').map(({ md5Hex }) => md5Hex)).toEqual(texts.map(alone));
  });

  it('are never called plain when one has a character that XML has not', () => {
    const character = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0xd000, max: 0xffff }));
    const odd = character.map((code) => String.fromCharCode(code));
    const text = fc
      .tuple(fc.string({ maxLength: 40 }), odd, fc.string({ maxLength: 40 }))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        if (FORBIDDEN.test(given)) expect(isPlain(given)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', 'plain', 'tab\tline\nreturn\r', 'ünïcödé 漢字 🌍', 'x'.repeat(15), '\u007f\u0080'])(
    '%j is plain',
    (text) => {
      expect(isPlain(text)).toBe(true);
    },
  );

  it('are found out by their last character, and not by what was there before them', () => {
    for (let length = 0; length < 40; length += 1) {
      expect(isPlain(`${'x'.repeat(length)}\u0000`)).toBe(false);
      expect(isPlain('x'.repeat(length))).toBe(true);
    }
  });

  it('leave long ones, and one alone, to the digest for one', () => {
    const one = { md5Hex: 'alone', isPlain: false };
    expect(factsOfTexts(['a'], () => 'alone')).toEqual([one]);
    expect(factsOfTexts(['a', 'b'.repeat(30_000)], () => 'alone')).toEqual([one, one]);
  });
});
