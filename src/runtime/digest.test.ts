import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodeDigest } from './digest.ts';

test('HMACs by prepared keys equal those of node:crypto, for keys and texts of any length', () => {
  for (const keyBytes of [0, 1, 32, 63, 64, 65, 200]) {
    const key = randomBytes(keyBytes);
    for (const text of ['', 'a', 'ü€😀', 'x'.repeat(341), 'x'.repeat(342), 'x'.repeat(5000)]) {
      const expected = createHmac('sha256', key).update(text).digest('hex');
      // Twice: the second time the prepared key is found, with the last text still in its block.
      expect(nodeDigest.hmacSha256Hex(key, text)).toBe(expected);
      expect(nodeDigest.hmacSha256Hex(key, text)).toBe(expected);
    }
  }
});

test('texts and bytes are compared whole', () => {
  expect(nodeDigest.timingSafeEqual('abc', 'abc')).toBe(true);
  expect(nodeDigest.timingSafeEqual('abc', 'abd')).toBe(false);
  expect(nodeDigest.timingSafeEqual('abc', 'abcd')).toBe(false);
  expect(nodeDigest.timingSafeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(nodeDigest.timingSafeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(nodeDigest.timingSafeEqual('\u0001', Uint8Array.of(1))).toBe(true);
});
