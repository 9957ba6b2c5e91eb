// Answers that write themselves say what the general writers would.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '#wire/cbor.ts';
import { service } from '#wire/generated/kinesis.ts';
import { millisecondCborEncoder } from '#wire/protocols/cbor-values.ts';
import { jsonEncoder } from '#wire/protocols/json-values.ts';
import { WireService } from '#wire/services.ts';
import type { WrittenOutput } from '#wire/written-output.ts';
import { SequenceDigits } from './sequence-digits.ts';
import { parseSequenceNumber, sequenceNumber } from './sequence-number.ts';
import { KinesisTest } from './testing.ts';

const wire = new WireService(service);

function expectSame(target: string, written: WrittenOutput, plain: object): void {
  const json = JSON.parse(new TextDecoder().decode(written.writeJson()));
  expect(json).toEqual(JSON.parse(JSON.stringify(jsonEncoder(wire, { target })?.(plain) ?? plain)));
  const cbor = millisecondCborEncoder(wire, { target })?.(plain) ?? plain;
  expect(decodeCbor(written.writeCbor())).toEqual(decodeCbor(encodeCbor(cbor)));
}

describe('an answer that writes itself', () => {
  it('has the same records as an object, whatever their keys and data', async () => {
    const record = fc.record({
      PartitionKey: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      Data: fc.uint8Array({ maxLength: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), fc.boolean(), async (Records, isSplit) => {
        const test = await KinesisTest.open();
        await test.create('orders', isSplit ? 2 : 1);
        const put = await test.call('PutRecords', { StreamName: 'orders', Records });
        const { FailedRecordCount, Records: results } = put;
        expectSame('PutRecordsOutput', put as never, { FailedRecordCount, Records: results });
        await test.advance(1_234);
        await test.call('PutRecords', { StreamName: 'orders', Records });
        if (isSplit)
          await test.call('SplitShard', { StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '9' });
        const got = await test.get(await test.iterator());
        const { Records: read, NextShardIterator, MillisBehindLatest, ChildShards } = got;
        const plain = Object.entries({ Records: read, NextShardIterator, MillisBehindLatest, ChildShards });
        const known = Object.fromEntries(plain.filter(([, value]) => value !== undefined));
        expectSame('GetRecordsOutput', got as never, known);
      }),
      { numRuns: 15 },
    );
  });

  it('tells which records a shard had no room for', async () => {
    const test = await KinesisTest.open([], { limits: { mode: 'aws' } });
    await test.create();
    const Records = Array.from({ length: 3 }, () => ({ PartitionKey: 'k', Data: new Uint8Array(600_000) }));
    const put = await test.call('PutRecords', { StreamName: 'orders', Records });
    const { FailedRecordCount, Records: results } = put;
    expect(FailedRecordCount).toBe(2);
    expect(results?.[1]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
    });
    expectSame('PutRecordsOutput', put as never, { FailedRecordCount, Records: results });
  });
});

describe('sequence numbers', () => {
  it('count as digits what they count as numbers, and lead back to the place', () => {
    const shard = { index: 0x1234, epochSeconds: 1_763_900_000 };
    const place = fc.oneof(fc.integer({ min: 0, max: 2 ** 40 }), fc.constantFrom(0, 9, 99_999_999));
    fc.assert(
      fc.property(place, fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 30 }), (start, waits) => {
        const digits = new SequenceDigits();
        let atMs = 1_763_900_000_500;
        let before = 0n;
        for (const [i, wait] of waits.entries()) {
          atMs += wait;
          digits.moveTo(shard, start + i, atMs);
          expect(digits.text).toBe(String(sequenceNumber(shard, start + i, atMs)));
          expect(digits.text).toHaveLength(56);
          expect(BigInt(digits.text) > before).toBe(true);
          before = BigInt(digits.text);
          expect(parseSequenceNumber(digits.text)).toEqual({
            ...shard,
            place: start + i,
            seconds: Math.floor(atMs / 1000),
          });
        }
      }),
    );
  });

  it.each(['0', '1', '49'.padEnd(56, '0'), '9'.repeat(56), 'x'.repeat(56), '4'.repeat(55)])('%s is none', (text) => {
    expect(parseSequenceNumber(text)).toBeUndefined();
  });
});
