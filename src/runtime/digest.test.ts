import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
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

describe('sealing', () => {
  const secret = new Uint8Array(32).fill(3);
  const key = nodeDigest.deriveKey(secret, 'a purpose');
  const nonce = new Uint8Array(12).fill(9);
  const plain = Buffer.from('the password');

  test('what was sealed is opened with the same key and label only', () => {
    const sealed = nodeDigest.seal(key, plain, { nonce, label: 'mine' });
    expect(Buffer.from(sealed).includes('password')).toBe(false);
    expect(nodeDigest.open(key, sealed, 'mine')).toEqual(plain);
    expect(nodeDigest.open(key, sealed, 'yours')).toBeUndefined();
    expect(nodeDigest.open(nodeDigest.deriveKey(secret, 'another'), sealed, 'mine')).toBeUndefined();
  });

  test('a change anywhere, or an end too early, is noticed', () => {
    const sealed = nodeDigest.seal(key, plain, { nonce, label: 'mine' });
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = sealed.map((byte, at) => (at === i ? byte ^ 1 : byte));
      expect(nodeDigest.open(key, changed, 'mine')).toBeUndefined();
      expect(nodeDigest.open(key, sealed.subarray(0, i), 'mine')).toBeUndefined();
    }
  });

  test('keys are those of RFC 5869', () => {
    // Test case 3 of RFC 5869: no salt, no purpose; its first 32 bytes.
    const expected = '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d';
    expect(Buffer.from(nodeDigest.deriveKey(new Uint8Array(22).fill(0x0b), '')).toString('hex')).toBe(expected);
  });
});
