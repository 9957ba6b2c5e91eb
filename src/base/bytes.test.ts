import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, utf8Decode, utf8Encode, utf8Length, written } from './bytes.ts';

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

  it('puts what is lent between its own bytes, copied or gathered', () => {
    const own = fc.record({ kind: fc.constant('own' as const), bytes: fc.uint8Array({ maxLength: 5 }) });
    const lent = fc.record({ kind: fc.constant('lent' as const), bytes: fc.uint8Array({ maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(own, lent), { maxLength: 12 }), (items) => {
        const plain = new ByteWriter(1);
        const gathering = ByteWriter.gathering();
        let doneCount = 0;
        for (const writer of [plain, gathering]) {
          for (const { kind, bytes } of items) {
            if (kind === 'own') writer.raw(bytes);
            else writer.lend([bytes.subarray(0, 2), bytes.subarray(2)], () => (doneCount += 1));
          }
        }
        const lentCount = items.filter(({ kind }) => kind === 'lent').length;
        const expected = items.flatMap(({ bytes }) => [...bytes]);
        expect([...plain.take()]).toEqual(expected);
        expect(doneCount).toBe(lentCount);
        expect([...gathering.pieces()].flatMap((piece) => [...piece])).toEqual(expected);
        gathering.release();
        expect(doneCount).toBe(lentCount * 2);
      }),
    );
  });

  it('makes the bytes of many items in pieces, while they are asked for', () => {
    const items = Array.from({ length: 50_000 }, (_, i) => `item ${i}`);
    let madeCount = 0;
    const pieces = written(items, (writer, item) => {
      madeCount += 1;
      writer.text(item);
    });
    const first = pieces.next().value as Uint8Array;
    expect(madeCount).toBeLessThan(10_000);
    const reader = new ByteReader(Uint8Array.from([first, ...pieces].flatMap((piece) => [...piece])));
    expect(items.map(() => reader.text())).toEqual(items);
    expect([...written([], () => {})]).toEqual([]);
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
