import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { F64Column, U32Column } from './columns.ts';

const COUNT = 20_000;

function filled(): U32Column {
  const column = new U32Column();
  column.ensure(COUNT);
  for (let slot = 0; slot < COUNT; slot += 1) column.set(slot, slot);
  return column;
}

function isSame(pieces: Iterable<Uint8Array>, expected: Uint32Array): boolean {
  return Buffer.compare(Buffer.concat([...pieces]), Buffer.from(expected.buffer)) === 0;
}

const change = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), slot: fc.nat(COUNT - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), slot: fc.nat(COUNT - 1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'grow' as const, slot: 0 }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const, slot: 0 }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'encode' as const, slot: 0 }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'release' as const, slot: 0 }) },
);

describe('a column that is lent to a snapshot', () => {
  it('stays for the snapshot what it was, and becomes for everybody else what is set', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60, size: 'max' }), (changes) => {
        const column = filled();
        const model = Uint32Array.from({ length: COUNT }, (_, slot) => slot);
        const taken: { writer: ByteWriter; expected: Uint32Array }[] = [];
        const check = (): void => {
          const first = taken.shift();
          if (first === undefined) return;
          expect(isSame(first.writer.pieces(), first.expected)).toBe(true);
          first.writer.release();
        };
        for (const [i, { kind, slot }] of changes.entries()) {
          if (kind === 'encode') {
            const writer = ByteWriter.gathering();
            column.encode(writer, COUNT);
            taken.push({ writer, expected: model.slice() });
          } else if (kind === 'release') check();
          else if (kind === 'grow') column.ensure(COUNT + i * 1000);
          else if (kind === 'clear') {
            column.clear();
            column.ensure(COUNT);
            model.fill(0);
          } else if (kind === 'add') model[slot] = column.add(slot, i);
          else {
            column.set(slot, 7_000_000 + i);
            model[slot] = 7_000_000 + i;
          }
        }
        while (taken.length > 0) check();
        expect(model.every((value, slot) => column.get(slot) === value)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is changed where it is when nobody holds it any more', () => {
    const column = filled();
    const writer = ByteWriter.gathering();
    column.encode(writer, COUNT);
    const [first] = writer.pieces();
    column.set(0, 1);
    const own = ByteWriter.gathering();
    writer.release();
    column.encode(own, COUNT);
    own.release();
    const [second] = own.pieces();
    column.set(0, 2);
    // A view of the page itself sees the change; the one that was lent before does not.
    expect(new DataView(second?.buffer as ArrayBuffer).getUint32(0, true)).toBe(2);
    expect(new DataView(first?.buffer as ArrayBuffer).getUint32(0, true)).toBe(0);
  });

  it('is copied by a plain writer, page after page, and read back', () => {
    const column = new F64Column();
    column.ensure(COUNT);
    for (let slot = 0; slot < COUNT; slot += 1) column.set(slot, slot / 3);
    const writer = new ByteWriter();
    column.encode(writer, COUNT);
    column.set(0, 99);
    const again = new F64Column();
    again.restore(new ByteReader(writer.bytes), COUNT);
    expect([0, 1, 8191, 8192, COUNT - 1].map((slot) => again.get(slot) * 3)).toEqual([0, 1, 8191, 8192, COUNT - 1]);
  });
});
