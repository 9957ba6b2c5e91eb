import { expect, it } from 'vitest';
import { sipHash128 } from './sip-hash.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);
const count = (length: number) => Uint8Array.from({ length }, (_, i) => i);

// Vectors of the reference implementation (vectors_sip128): key 00…0f, data 00, 01, … of growing length.
it.each([
  [0, 'a3817f04ba25a8e66df67214c7550293'],
  [1, 'da87c1d86b99af44347659119b22fc45'],
  [2, '8177228da4a45dc7fca38bdef60affe4'],
])('SipHash-2-4-128 of %i bytes is the reference’s', (length, hex) => {
  expect(Buffer.from(sipHash128(KEY, count(length))).toString('hex')).toBe(hex);
});

it('every byte of key and data, and the length, count', () => {
  const seen = new Set<string>();
  const add = (key: Uint8Array, data: Uint8Array) => void seen.add(Buffer.from(sipHash128(key, data)).toString('hex'));
  const data = new Uint8Array(40);
  for (let length = 0; length <= 40; length += 1) add(KEY, data.subarray(0, length));
  for (let at = 0; at < 40; at += 1)
    add(
      KEY,
      data.map((byte, i) => (i === at ? 1 : byte)),
    );
  for (let at = 0; at < 16; at += 1)
    add(
      KEY.map((byte, i) => (i === at ? byte ^ 0x80 : byte)),
      data,
    );
  expect(seen.size).toBe(41 + 40 + 16);
});
