import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { md5Words } from './md5.ts';

it('gives the same digest as the platform, for texts of all lengths and alphabets', () => {
  const words = new Uint32Array(4);
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.integer({ min: 0, max: 5_000 }).map((length) => 'k'.repeat(length)),
  );
  fc.assert(
    fc.property(text, (key) => {
      md5Words(key, words);
      const hex = [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
      expect(hex).toBe(createHash('md5').update(key, 'utf8').digest('hex'));
    }),
    { numRuns: 500 },
  );
});
