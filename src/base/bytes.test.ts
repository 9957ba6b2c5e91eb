import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, utf8Decode, utf8Encode, utf8Length } from './bytes.ts';

/** Short and long, ASCII and not, well-formed. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'binary-ascii', maxLength: 4000, size: 'max' }),
  fc
    .tuple(
      fc.string({ unit: 'binary-ascii', minLength: 40, maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    )
    .map((parts) => parts.join('')),
);

describe('bytes', () => {
  it('reads back every sequence of what was written', () => {
    const item = fc.oneof(
      anyText.map((value) => ({ kind: 'text' as const, value })),
      fc.maxSafeNat().map((value) => ({ kind: 'varint' as const, value })),
      fc.double({ noNaN: true }).map((value) => ({ kind: 'f64' as const, value })),
      fc.nat({ max: 2 ** 32 - 1 }).map((value) => ({ kind: 'u32' as const, value })),
      fc.uint8Array({ maxLength: 300 }).map((value) => ({ kind: 'blob' as const, value })),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        const writer = new ByteWriter(1);
        for (const { kind, value } of items) (writer[kind] as (value: unknown) => void).call(writer, value);
        const reader = new ByteReader(writer.take());
        for (const { kind, value } of items) expect(reader[kind]()).toEqual(value);
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it('puts the length before a blob that was begun, whatever the length takes', () => {
    for (const length of [0, 1, 127, 128, 129, 16_383, 16_384, 70_000]) {
      const writer = new ByteWriter(4);
      writer.u8(7);
      const mark = writer.beginBlob();
      writer.raw(new Uint8Array(length).fill(9));
      writer.endBlob(mark);
      writer.u8(8);
      const reader = new ByteReader(writer.bytes);
      expect([reader.u8(), reader.blob().length, reader.u8(), reader.remaining]).toEqual([7, length, 8, 0]);
    }
  });

  it('counts the bytes that text takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(utf8Length(text)).toBe(utf8Encode(text).length);
      }),
    );
    expect(utf8Length('\ud800')).toBe(3);
    expect(utf8Decode(utf8Encode('ü€😀'))).toBe('ü€😀');
  });

  it('does not read past the end', () => {
    expect(() => new ByteReader(Uint8Array.of(5, 1)).blob()).toThrow('read inside the bytes');
    expect(() => new ByteReader(new Uint8Array(0)).u8()).toThrow('read inside the bytes');
  });
});
