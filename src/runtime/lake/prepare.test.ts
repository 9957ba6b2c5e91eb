import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PREPARE_RECORDS, type Preparation, type Prepared } from '#services/firehose/performing.ts';
import { decodePack, type FirehoseRecord } from '#services/firehose/record-pack.ts';
import { ARRIVED_AT_MS, type TestRecord, testLake } from './testing.ts';
import { splitJson } from './work/json-values.ts';

const NOTHING: Preparation = { blocks: [], decompression: false, messageExtraction: false };

async function prepare(input: Partial<Preparation>, records: readonly TestRecord[]) {
  const prepared = await testLake().perform<Prepared>(PREPARE_RECORDS, { ...NOTHING, ...input }, records);
  const made = prepared.packs.flatMap(({ pack }) => decodePack(pack));
  return { ...prepared, made, texts: made.map(({ data }) => Buffer.from(data).toString()) };
}

const logData = (...messages: readonly string[]): Buffer =>
  gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: messages.map((message) => ({ message })) }));
const LOGS = { decompression: true, messageExtraction: true };

describe('CloudWatch Logs', () => {
  test('every message becomes a record; control messages are dropped', async () => {
    const control = gzipSync(JSON.stringify({ messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'hello' }] }));
    const { texts, failed, packs } = await prepare(LOGS, [logData('a', '{"b":1}'), control, logData('c')]);
    expect(texts).toEqual(['a', '{"b":1}', 'c']);
    expect(failed).toEqual([]);
    expect(packs).toMatchObject([{ count: 3, bytes: 9 }]);
  });

  test('without extraction the document is the record', async () => {
    const { texts } = await prepare({ decompression: true }, [gzipSync('{"messageType":"DATA_MESSAGE"}'), 'plain']);
    expect(texts).toEqual(['{"messageType":"DATA_MESSAGE"}', 'plain']);
  });

  test.each([
    ['damaged gzip', logData('a').subarray(0, 30), 'Decompression.Failed'],
    [
      'a small record that inflates to more than any log',
      gzipSync(Buffer.alloc(64 * 1024 * 1024)),
      'Decompression.Failed',
    ],
    ['no JSON', gzipSync('abc'), 'CloudWatchLogProcessing.Failed'],
    ['not gzip, not JSON', Buffer.from('abc'), 'CloudWatchLogProcessing.Failed'],
    ['another document', gzipSync('{"messageType":"X"}'), 'CloudWatchLogProcessing.Failed'],
    ['null', gzipSync('null'), 'CloudWatchLogProcessing.Failed'],
  ])('%s fails alone', async (_case, record, code) => {
    const { texts, failed } = await prepare(LOGS, [logData('a'), record, logData('b')]);
    expect(texts).toEqual(['a', 'b']);
    expect(failed).toMatchObject([{ index: 1, code }]);
  });

  test('log events that are none are left out', async () => {
    const odd = gzipSync('{"messageType":"DATA_MESSAGE","logEvents":[null,5,{"message":7},{"message":"a"}]}');
    expect((await prepare(LOGS, [odd])).texts).toEqual(['a']);
  });
});

describe('splitting', () => {
  const json = { splitting: { by: 'json' } } as const;
  const lines = { splitting: { by: 'delimited', delimiterBase64: Buffer.from('##').toString('base64') } } as const;

  test('JSON values one behind the other', async () => {
    const records = ['{"a":1}{"a":"}{"}\n [2]', '{"b":1}'];
    expect((await prepare(json, records)).texts).toEqual(['{"a":1}', '{"a":"}{"}', '[2]', '{"b":1}']);
  });

  test('at a delimiter', async () => {
    expect((await prepare(lines, ['a##b####c##', 'd'])).texts).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each(['{"a":1}{"a"', 'abc', '{"a":1},{"a":2}', '', '  ', '}'])(
    'what cannot be split stays whole: %s',
    async (record) => {
      expect((await prepare(json, [record])).texts).toEqual([record]);
    },
  );

  test('a record with more than 500 parts stays whole, as AWS passes it on', async () => {
    const part = '{"a":1}';
    expect((await prepare(json, [part.repeat(500)])).texts).toHaveLength(500);
    expect((await prepare(json, [part.repeat(501)])).texts).toEqual([part.repeat(501)]);
    expect((await prepare(lines, ['x##'.repeat(501)])).texts).toHaveLength(1);
  });

  test('parts have the arrival, the keys and the source of their record', async () => {
    const source = { shardId: 's', sequenceNumber: '1', partitionKey: 'p', subSequenceNumber: 0 };
    const record: FirehoseRecord = { arrivedAtMs: 7, data: Buffer.from('{}{}'), partitionKeys: { k: 'v' }, source };
    const { made } = await prepare(json, [record]);
    expect(made).toMatchObject([
      { arrivedAtMs: 7, partitionKeys: { k: 'v' }, source },
      { arrivedAtMs: 7, partitionKeys: { k: 'v' }, source },
    ]);
  });

  test('extracted messages are split, too', async () => {
    expect((await prepare({ ...LOGS, ...json }, [logData('{"a":1}{"a":2}')])).texts).toEqual(['{"a":1}', '{"a":2}']);
  });

  test('any JSON documents come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))),
        (documents) => {
          const texts = documents.map((one) => JSON.stringify(one));
          const parts = splitJson(Buffer.from(texts.join(' '))) ?? [];
          expect(parts.map((part) => Buffer.from(part).toString())).toEqual(texts);
        },
      ),
    );
  });
});

test('large batches come back in several packs', async () => {
  const records = Array.from({ length: 10 }, () => 'x'.repeat(1_000_000));
  const { packs, made } = await prepare({}, records);
  expect(packs.length).toBeGreaterThan(1);
  expect(made).toHaveLength(10);
  expect(made.every(({ arrivedAtMs }) => arrivedAtMs === ARRIVED_AT_MS)).toBe(true);
});
