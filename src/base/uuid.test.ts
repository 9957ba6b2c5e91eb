import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUuid, markVersion4, parseUuid } from './uuid.ts';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('sixteen bytes and their text say the same', () => {
  fc.assert(
    fc.property(sixteen, (bytes) => {
      const text = formatUuid(bytes);
      expect(text.replaceAll('-', '')).toBe(Buffer.from(bytes).toString('hex'));
      expect(parseUuid(text)).toEqual(bytes);
      // Another text was made since: this one is read, not remembered.
      formatUuid(bytes.map((byte) => byte ^ 1));
      expect(parseUuid(text)).toEqual(bytes);
      expect(parseUuid(text.toUpperCase())).toEqual(bytes);
    }),
  );
});

test('the text of bytes in the middle of others', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => i);
  expect(formatUuid(bytes, 3)).toBe('03040506-0708-090a-0b0c-0d0e0f101112');
});

test('marked bytes are a random UUID as others make them', () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(randomUUID()).toMatch(form);
  fc.assert(
    fc.property(sixteen, (bytes) => {
      markVersion4(bytes);
      expect(formatUuid(bytes)).toMatch(form);
    }),
  );
});

test.each([
  '',
  'x',
  '03040506-0708-090a-0b0c-0d0e0f1011120',
  '0304050600708-090a-0b0c-0d0e0f101112',
  '03040506-0708-090a-0b0c-0d0e0f10111g',
])('%j is no UUID', (text) => {
  expect(parseUuid(text)).toBeUndefined();
});
