// Pages from the stored bytes to the answer's, beside a plain reading of the same bytes and the general writers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, utf8Decode } from '#base/bytes.ts';
import type { StoredBatch } from '#structures/append-log/batch-block.ts';
import { decodeCbor, encodeCbor } from '#wire/cbor.ts';
import { service } from '#wire/generated/kinesis.ts';
import type { BodyPieces } from '#wire/http-message.ts';
import { millisecondCborEncoder } from '#wire/protocols/cbor-values.ts';
import { jsonEncoder } from '#wire/protocols/json-values.ts';
import { WireService } from '#wire/services.ts';
import { BatchWriter } from '../record-batch.ts';
import { cutPage, lastOf, type PageRange, recordsOf } from '../record-page.ts';
import { sequenceNumber } from '../sequence-number.ts';
import type { Shard } from '../shard.ts';
import { RecordsAnswer } from './records-answer.ts';
import { WrittenBatches } from './written-batches.ts';

const wire = new WireService(service);
const target = 'GetRecordsOutput';
const shard = { subject: '1/3', doc: { index: 3, epochSeconds: 1_763_900_000 } } as Shard;
const REST = { NextShardIterator: 'AAAA', MillisBehindLatest: 1_000 };

interface Plain {
  readonly key: string;
  readonly data: Uint8Array;
}

/** Batches one behind the other, in memory that begins somewhere. */
function batchesOf(groups: readonly { readonly records: readonly Plain[]; readonly waitMs: number }[]): StoredBatch[] {
  let firstPlace = 8_271;
  let atMs = 1_763_900_000_000;
  return groups.map(({ records, waitMs }) => {
    const writer = new BatchWriter();
    for (const { key, data } of records) writer.add(key, data);
    const memory = new Uint8Array(writer.bytes.length + 3);
    memory.set(writer.bytes, 1);
    atMs += waitMs;
    const batch = { firstPlace, count: records.length, atMs, bytes: memory.subarray(1, 1 + writer.bytes.length) };
    firstPlace += records.length;
    return batch;
  });
}

/** What a page is, record by record. */
function readPlainly(batches: readonly StoredBatch[], range: PageRange): { records: object[]; next: number } {
  const records: object[] = [];
  let bytes = 0;
  let next = range.from;
  for (const { firstPlace, count, atMs, bytes: stored } of batches) {
    const reader = new ByteReader(stored);
    for (let place = firstPlace; place < firstPlace + count; place += 1) {
      const PartitionKey = reader.text();
      const Data = reader.blob();
      if (place < range.from) continue;
      if (atMs >= range.sinceMs) {
        const size = new TextEncoder().encode(PartitionKey).length + Data.length;
        if (records.length === range.countMax || (records.length > 0 && bytes + size > range.bytesMax)) {
          return { records, next };
        }
        bytes += size;
        const SequenceNumber = String(sequenceNumber(shard.doc, place, atMs));
        records.push({ SequenceNumber, ApproximateArrivalTimestamp: atMs, Data, PartitionKey });
      }
      next = place + 1;
    }
  }
  return { records, next };
}

function inPieces(pieces: BodyPieces, memoryBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const memory = new Uint8Array(memoryBytes);
  for (let piece = pieces.next(memory); piece !== undefined; piece = pieces.next(memory)) parts.push(piece.slice());
  const whole = Buffer.concat(parts);
  expect(whole.length).toBe(pieces.byteCount);
  return new Uint8Array(whole);
}

const key = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\u0001', '\u007f', 'a', 'ü', '🌍'),
    minLength: 1,
    maxLength: 256,
  }),
);
const record = fc.record({ key, data: fc.uint8Array({ maxLength: 400 }) });
const group = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 20 }),
  waitMs: fc.constantFrom(0, 1, 10, 120, 999, 1_000, 61_001, 400_000_000),
});
const groups = fc.array(group, { maxLength: 8 });

describe('a page of records', () => {
  it('has the records that are asked for, and ends where it is full', () => {
    const range = fc.record({
      from: fc.integer({ min: 8_271, max: 8_340 }),
      countMax: fc.integer({ min: 1, max: 60 }),
      bytesMax: fc.integer({ min: 1, max: 8_000 }),
      sinceMs: fc.constantFrom(0, 1_763_900_000_500, 1_763_900_070_000),
    });
    fc.assert(
      fc.property(groups, range, (given, asked) => {
        const batches = batchesOf(given);
        const { records, next } = readPlainly(batches, asked);
        const page = cutPage(batches, asked);
        expect(page.count).toBe(records.length);
        expect(page.next).toBe(next);
        expect(recordsOf(page)).toHaveLength(records.length);
        expect(page.bytes).toBe(
          recordsOf(page).reduce((sum, part) => sum + part.keyEnd - part.keyStart + part.dataEnd - part.dataStart, 0),
        );
        const last = recordsOf(page).at(-1);
        expect(lastOf(page)).toEqual(last && { place: last.place, atMs: last.atMs });
        expect(new RecordsAnswer({ shard, page, written: new WrittenBatches() }, REST).Records).toEqual(records);
      }),
    );
  });

  it('is written as the general writers would, whole and in pieces of any size, for the first reader and those who follow', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 64, max: 3_000 }), (given, memoryBytes) => {
        const batches = batchesOf(given);
        const range = { from: 8_273, countMax: 50, bytesMax: 1e6, sinceMs: 0 };
        const plain = { Records: readPlainly(batches, range).records, ...REST };
        const written = new WrittenBatches();
        const answer = new RecordsAnswer({ shard, page: cutPage(batches, range), written }, REST);
        const json = JSON.stringify(jsonEncoder(wire, { target })?.(plain));
        for (let reader = 1; reader < 4; reader += 1) {
          expect(utf8Decode(inPieces(answer.jsonPieces(), memoryBytes))).toBe(json);
        }
        expect(utf8Decode(answer.writeJson())).toBe(json);
        const cbor = answer.writeCbor();
        expect(decodeCbor(cbor)).toEqual(decodeCbor(encodeCbor(millisecondCborEncoder(wire, { target })?.(plain))));
        expect(inPieces(answer.cborPieces(), memoryBytes)).toEqual(cbor);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same with records that are longer than what is written at once, and with kept texts that are sent from where they lie', () => {
    const filled = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => i * 37 + (i >> 8));
    const lengths = [0, 700_000, 1, 262_143, 196_608, 5, ...Array.from({ length: 300 }, (_, i) => 150 + i)];
    const given = [
      { records: lengths.map((bytes, i) => ({ key: `key "${i}"`, data: filled(bytes) })), waitMs: 5 },
      { records: lengths.slice(6).map((bytes) => ({ key: 'ü'.repeat(20), data: filled(bytes) })), waitMs: 7 },
    ];
    const batches = batchesOf(given);
    const range = { from: 0, countMax: 10_000, bytesMax: 1e7, sinceMs: 0 };
    const plain = { Records: readPlainly(batches, range).records, ...REST };
    const json = JSON.stringify(jsonEncoder(wire, { target })?.(plain));
    const written = new WrittenBatches();
    const answer = new RecordsAnswer({ shard, page: cutPage(batches, range), written }, REST);
    for (const memoryBytes of [1_000, 100_000, 262_144]) {
      expect(utf8Decode(inPieces(answer.jsonPieces(), memoryBytes)) === json).toBe(true);
    }
    expect(utf8Decode(answer.writeJson()) === json).toBe(true);
    expect(Buffer.compare(inPieces(answer.cborPieces(), 100_000), answer.writeCbor())).toBe(0);
  });

  it('gives back what it was read from when its answer is closed, and not before', () => {
    const batches = batchesOf([{ records: [{ key: 'k', data: new Uint8Array(10) }], waitMs: 0 }]);
    let returns = 0;
    const giveBack = (): void => {
      returns += 1;
    };
    const page = { ...cutPage(batches, { from: 0, countMax: 1, bytesMax: 100, sinceMs: 0 }), giveBack };
    const answer = new RecordsAnswer({ shard, page, written: new WrittenBatches() }, REST);
    for (const pieces of [answer.jsonPieces(), answer.cborPieces()]) {
      const before = returns;
      inPieces(pieces, 64);
      expect(returns).toBe(before);
      pieces.close?.();
      expect(returns).toBe(before + 1);
    }
  });

  it('says what cannot be in a batch instead of reading on behind it', () => {
    const [batch] = batchesOf([{ records: [{ key: 'k', data: new Uint8Array(10) }], waitMs: 0 }]);
    const { bytes } = batch as StoredBatch;
    const cut = { ...(batch as StoredBatch), bytes: bytes.subarray(0, 8) };
    expect(() => cutPage([cut], { from: 0, countMax: 1, bytesMax: 100, sinceMs: 0 })).toThrow('inside its batch');
  });
});
