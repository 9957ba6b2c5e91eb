import { gunzipSync, crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32, gzip } from './gzip.ts';

test('what was compressed is what any reader of GZIP gets', () => {
  const repeated = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 400 }));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    repeated.map(([part, times]) => Uint8Array.from(Array.from({ length: times }, () => [...part]).flat())),
  );
  fc.assert(
    fc.property(bytes, (plain) => {
      expect(new Uint8Array(gunzipSync(gzip(plain)))).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});

test('matches reach back through the whole window and over its end', () => {
  const far = new Uint8Array(200_000);
  for (let i = 0; i < far.length; i += 1) far[i] = (Math.imul(i % 32_768, 2_654_435_761) >>> 13) & 255;
  expect(Buffer.compare(gunzipSync(gzip(far)), far)).toBe(0);
});

test('log lines become much smaller', () => {
  const line = (i: number) => JSON.stringify({ id: i, timestamp: 1_700_000_000_000 + i, message: `order ${i} taken` });
  const plain = new TextEncoder().encode(Array.from({ length: 1_000 }, (_, i) => line(i)).join(','));
  expect(gzip(plain).length).toBeLessThan(plain.length / 3);
});

test.skipIf(nodeCrc32 === undefined)('the checksum is that of everybody', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === nodeCrc32(bytes)));
});
