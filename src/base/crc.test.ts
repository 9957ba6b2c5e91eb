import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineCrc, crc32OfPieces, crcOf } from './crc.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const zlib = (bytes: Uint8Array): Uint8Array => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
};

test('CRC-32 of parts is that of the whole, whatever their lengths', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
      const whole = combineCrc('CRC32', zlib(one), { crc: zlib(other), bytes: other.length });
      expect(hex(whole)).toBe(hex(zlib(Buffer.concat([one, other]))));
      expect(hex(crcOf('CRC32', one))).toBe(hex(zlib(one)));
    }),
  );
});

// Check values of the catalogue of parametrised CRC algorithms (reveng): the CRC of "123456789"; parts by a table-free computation.
test('check values hold, also put together of two parts', () => {
  const text = new TextEncoder().encode('123456789');
  expect(hex(crcOf('CRC32C', text))).toBe('e3069283');
  const parts = [crcOf('CRC32C', text.slice(0, 4)), crcOf('CRC32C', text.slice(4))] as const;
  expect(hex(combineCrc('CRC32C', parts[0], { crc: parts[1], bytes: 5 }))).toBe('e3069283');
  const halves = [crc64(text.slice(0, 4)), crc64(text.slice(4))] as const;
  expect(hex(crc64(text))).toBe('ae8b14860a799888');
  expect(hex(combineCrc('CRC64NVME', halves[0], { crc: halves[1], bytes: 5 }))).toBe('ae8b14860a799888');
});

function crc64(bytes: Uint8Array): Uint8Array {
  let sum = 0xffffffffffffffffn;
  for (const byte of bytes) {
    sum ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1n ? (sum >> 1n) ^ 0x9a6c9329ac4bc9b5n : sum >> 1n;
  }
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(sum ^ 0xffffffffffffffffn);
  return out;
}

test('CRC-32 of a whole is put together from those of its pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.integer({ min: 1, max: 700 }), (whole, pieceBytes) => {
      const checksums: number[] = [];
      for (let at = 0; at < whole.length; at += pieceBytes) checksums.push(crc32(whole.subarray(at, at + pieceBytes)));
      expect(crc32OfPieces(checksums, { pieceBytes, bytes: whole.length })).toBe(crc32(whole));
    }),
  );
});
