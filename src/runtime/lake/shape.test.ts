import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import SnappyJS from 'snappyjs';
import { describe, expect, test } from 'vitest';
import type { StoredBody } from '#cell/objects-door.ts';
import {
  CHECK_QUERY,
  type CheckedQuery,
  SHAPE_RECORDS,
  type Shaped,
  type Shaping,
  WRITE_ERRORS,
  WRITE_TEXT,
} from '#services/firehose/performing.ts';
import { encodePack } from '#services/firehose/record-pack.ts';
import { BlockStore } from '../blocks/block-store.ts';
import { ARRIVED_AT_MS, type TestRecord, testLake } from './testing.ts';
import { compressObject, compressSnappyBlock } from './work/compression.ts';

const PLAIN: Shaping = { blocks: [], compression: 'UNCOMPRESSED', fileName: 'orders-1', partitionsMax: 500 };

function shape(input: Partial<Shaping>, records: readonly TestRecord[]): Promise<Shaped> {
  return testLake().perform<Shaped>(SHAPE_RECORDS, { ...PLAIN, ...input }, records);
}

describe('an object of a buffer', () => {
  test('is the bytes of its records one behind the other, as AWS joins them', async () => {
    const lake = testLake();
    const { objects, failed } = await lake.perform<Shaped>(SHAPE_RECORDS, PLAIN, ['abc', 'def'], ['', '{"g":1}']);
    expect(failed).toEqual([]);
    expect(objects).toHaveLength(1);
    const { body, ...rest } = objects[0]!;
    const bytes = await lake.bytes(body.blob);
    expect(bytes.toString()).toBe('abcdef{"g":1}');
    expect(body).toEqual({
      blob: expect.stringMatching(/^s3\/[0-9a-f-]{36}$/),
      bytes: 13,
      md5: createHash('md5').update(bytes).digest('hex'),
      checksums: {},
    });
    expect(rest).toEqual({ queryKeys: {}, lambdaKeys: {}, count: 4, arrivedAtMs: ARRIVED_AT_MS });
  });

  test('has records of blocks before those of the effect itself', async () => {
    const lake = testLake();
    const bytes = encodePack([{ arrivedAtMs: 5, data: Buffer.from('first ') }]);
    await new BlockStore(lake.blobs).write('log/0-1', [{ sequence: 0, atMs: 5, timeMs: 5, bytes }]);
    const { objects } = await lake.perform<Shaped>(SHAPE_RECORDS, { ...PLAIN, blocks: ['log/0-1'] }, ['second']);
    expect((await lake.bytes(objects[0]!.body.blob)).toString()).toBe('first second');
    expect(objects[0]!.arrivedAtMs).toBe(5);
  });

  test('a block that is not there rejects: the room looks anew', async () => {
    await expect(testLake().perform(SHAPE_RECORDS, { ...PLAIN, blocks: ['log/0-9'] })).rejects.toThrow('log/0-9');
  });

  test('no records are no object', async () => {
    expect(await shape({}, [])).toEqual({ objects: [], failed: [] });
  });

  test('the delimiter stands behind every record', async () => {
    const lake = testLake();
    const { objects } = await lake.perform<Shaped>(SHAPE_RECORDS, { ...PLAIN, delimiter: '\n' }, ['a', 'b']);
    expect((await lake.bytes(objects[0]!.body.blob)).toString()).toBe('a\nb\n');
  });
});

describe('compression', () => {
  const text = '{"order":1,"text":"ä"}\n'.repeat(20_000);

  test.each(['GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] as const)('%s gives the records back', async (compression) => {
    const lake = testLake();
    const { objects } = await lake.perform<Shaped>(SHAPE_RECORDS, { ...PLAIN, compression }, [text]);
    const bytes = await lake.bytes(objects[0]!.body.blob);
    expect(bytes.length).toBeLessThan(Buffer.byteLength(text) / 5);
    expect(decompressed(bytes, compression).toString()).toBe(text);
  });

  test('a ZIP has one file, and is the same every time', () => {
    const request = { compression: 'ZIP', fileName: 'orders-1' } as const;
    const zip = compressObject(Buffer.from('a'), request);
    expect(Object.keys(unzipSync(zip))).toEqual(['orders-1']);
    expect(compressObject(Buffer.from('a'), request)).toEqual(zip);
  });

  test('Snappy, any bytes: what another implementation reads is what was written', () => {
    const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(Buffer.from('abcabcabcabc'))), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 40 }), (parts, times) => {
        const bytes = Buffer.concat(Array.from({ length: times }, () => Buffer.concat(parts)));
        expect(Buffer.from(SnappyJS.uncompress(compressSnappyBlock(bytes))).equals(bytes)).toBe(true);
        for (const compression of ['Snappy', 'HADOOP_SNAPPY'] as const) {
          const object = compressObject(bytes, { compression, fileName: '' });
          expect(decompressed(Buffer.from(object), compression).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('partitions', () => {
  const QUERY = '{customer:.customer, year:(.at|strftime("%Y"))}';
  const order = (customer: unknown, at: unknown = 1_565_382_027): string => JSON.stringify({ customer, at });

  test('one object for each combination of keys, in the order of arrival', async () => {
    const lake = testLake();
    const records = [order('a'), order('b'), order('a'), order('a', 0)];
    const { objects, failed } = await lake.perform<Shaped>(
      SHAPE_RECORDS,
      { ...PLAIN, partitionQuery: QUERY, delimiter: '\n' },
      records,
    );
    expect(failed).toEqual([]);
    expect(objects.map(({ queryKeys, count }) => [queryKeys, count])).toEqual([
      [{ customer: 'a', year: '2019' }, 2],
      [{ customer: 'b', year: '2019' }, 1],
      [{ customer: 'a', year: '1970' }, 1],
    ]);
    expect((await lake.bytes(objects[0]!.body.blob)).toString()).toBe(`${records[0]}\n${records[2]}\n`);
  });

  test('numbers and booleans are keys as text', async () => {
    const { objects } = await shape({ partitionQuery: '{n:.n,b:.b}' }, ['{"n":12,"b":false}']);
    expect(objects[0]?.queryKeys).toEqual({ n: '12', b: 'false' });
  });

  test.each([
    ['no JSON', 'abc', 'Non JSON record provided'],
    ['two values', '{"customer":"a","at":1}{"customer":"a","at":1}', 'Non JSON record provided'],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'Non JSON record provided'],
    ['a key that is not there', '{"at":1}', 'partitionKeys values must not be null or empty'],
    ['an empty key', '{"customer":"","at":1}', 'partitionKeys values must not be null or empty'],
    ['a key that is no scalar', '{"customer":["a"],"at":1}', 'partitionKeys values must not be null or empty'],
    ['what jq cannot do', '{"customer":"a","at":"x"}', 'strftime/1 requires parsed datetime inputs'],
    ['no object', '7', 'Cannot index number with string "customer"'],
  ])('%s fails alone, and says why', async (_case, record, message) => {
    const { objects, failed } = await shape({ partitionQuery: QUERY }, [order('a'), record, order('a')]);
    expect(objects.map(({ count }) => count)).toEqual([2]);
    expect(failed).toEqual([
      { index: 1, step: 'partitioning', code: 'DynamicPartitioning.MetadataExtractionFailed', message },
    ]);
  });

  test('keys of the expression: those that the prefix asks for, and a record without one fails', async () => {
    const partitionQuery = '{customer:.customer, day:.day} + (if .extra then {shop:.extra} else {} end)';
    const { objects, failed } = await shape({ partitionQuery, queryKeys: ['shop', 'customer'] }, [
      '{"customer":"a","day":1,"extra":"eu"}',
      '{"customer":"a","day":2,"extra":"eu"}',
      '{"customer":"a","day":2}',
    ]);
    expect(objects.map(({ queryKeys, count }) => [queryKeys, count])).toEqual([[{ shop: 'eu', customer: 'a' }, 2]]);
    expect(failed).toMatchObject([{ index: 2, message: 'partitionKeys values must not be null or empty' }]);
  });

  test('keys that make the prefix too long fail their records', async () => {
    const parts = [
      { kind: 'query-key', name: 'customer' },
      { kind: 'text', text: '/' },
    ] as const;
    const { objects, failed } = await shape(
      { partitionQuery: '{customer:.customer}', queryKeys: ['customer'], prefix: { parts, timeZone: 'UTC' } },
      [order('a'), order('x'.repeat(511)), order('x'.repeat(512)), order('\u8a9e'.repeat(300))],
    );
    expect(objects.map(({ count }) => count)).toEqual([1, 1]);
    expect(failed.map(({ index, code }) => `${index} ${code}`)).toEqual([
      '2 DynamicPartitioning.PrefixTooLong',
      '3 DynamicPartitioning.PrefixTooLong',
    ]);
  });

  test('keys of the function: those that the prefix asks for, and a record without one fails', async () => {
    const data = Buffer.from('x');
    const { objects, failed } = await shape({ lambdaKeys: ['shop'] }, [
      { data, partitionKeys: { shop: 'eu', other: '1' } },
      { data, partitionKeys: { shop: 'us' } },
      { data, partitionKeys: { other: '1' } },
      { data },
    ]);
    expect(objects.map(({ lambdaKeys }) => lambdaKeys)).toEqual([{ shop: 'eu' }, { shop: 'us' }]);
    expect(failed.map(({ index }) => index)).toEqual([2, 3]);
  });

  test('beyond the largest number of partitions records fail', async () => {
    const records = ['a', 'b', 'c', 'a'].map((customer) => order(customer));
    const { objects, failed } = await shape({ partitionQuery: QUERY, partitionsMax: 2 }, records);
    expect(objects.map(({ count }) => count)).toEqual([2, 1]);
    expect(failed).toMatchObject([{ index: 2, code: 'DynamicPartitioning.ActivePartitionsLimitExceeded' }]);
  });
});

describe('an expression', () => {
  test.each([
    ['{customer: .customer_id, year: .ts|strftime("%Y")}', undefined],
    ['{a', /^jq: error: syntax error/],
    ['{a: .a} | nonsense', /nonsense\/0 is not defined/],
    ['.a) | (.b', /syntax error/],
  ])('%s is compiled before it is used', async (query, problem) => {
    const checked = await testLake().perform<CheckedQuery>(CHECK_QUERY, { query });
    if (problem === undefined) expect(checked).toEqual({});
    else expect(checked.problem).toMatch(problem);
  });
});

describe('error records', () => {
  const members = { EventId: '7' };
  const BASE = { attemptsMade: 2, attemptEndedAtMs: 99, hasSequence: false, members };

  test('one JSON text a line, for the records that failed', async () => {
    const lake = testLake();
    const body = await lake.perform<StoredBody>(
      WRITE_ERRORS,
      {
        ...BASE,
        codeMember: 'errorCode',
        messageMember: 'errorMessage',
        failed: [{ index: 1, code: '400', message: 'no', members: { esDocumentId: 'd' } }],
      },
      ['a', 'b'],
    );
    expect((await lake.bytes(body.blob)).toString()).toBe(
      `{"attemptsMade":2,"arrivalTimestamp":${ARRIVED_AT_MS},"errorCode":"400","errorMessage":"no","attemptEndingTimestamp":99,` +
        '"rawData":"Yg==","EventId":"7","esDocumentId":"d"}\n',
    );
  });

  test('all records, with where they came from', async () => {
    const lake = testLake();
    const source = { shardId: 's', sequenceNumber: '42', partitionKey: 'p', subSequenceNumber: 3 };
    const body = await lake.perform<StoredBody>(
      WRITE_ERRORS,
      {
        ...BASE,
        hasSequence: true,
        codeMember: 'lastErrorCode',
        messageMember: 'lastErrorMessage',
        everyRecord: { code: 'C', message: 'M' },
      },
      [{ data: Buffer.from('a'), source }, 'b'],
    );
    const lines = (await lake.bytes(body.blob)).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { lastErrorCode: 'C', sequenceNumber: '42', subSequenceNumber: 3 },
      { lastErrorMessage: 'M', sequenceNumber: null, subSequenceNumber: null },
    ]);
  });

  test('packs that are in no journal count, too, behind the others', async () => {
    const lake = testLake();
    const packs = [encodePack([{ arrivedAtMs: 1, data: Buffer.from('made') }])];
    const names = { codeMember: 'errorCode', messageMember: 'errorMessage' };
    const failed = [{ index: 1, code: 'C', message: 'M' }];
    const body = await lake.perform<StoredBody>(WRITE_ERRORS, { ...BASE, ...names, failed, packs }, ['first']);
    expect(JSON.parse((await lake.bytes(body.blob)).toString())).toMatchObject({ rawData: 'bWFkZQ==' });
  });

  test('a text becomes a blob', async () => {
    const lake = testLake();
    const { blob, bytes } = await lake.perform<StoredBody>(WRITE_TEXT, { text: '{"entries":[]}ä' });
    expect((await lake.bytes(blob)).toString()).toBe('{"entries":[]}ä');
    expect(bytes).toBe(16);
  });
});

function decompressed(bytes: Buffer, compression: Shaping['compression']): Buffer {
  if (compression === 'GZIP') return gunzipSync(bytes);
  if (compression === 'ZIP') return Buffer.from(Object.values(unzipSync(bytes))[0]!);
  const pieces: Buffer[] = [];
  let at = 0;
  if (compression === 'Snappy') {
    expect(bytes.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
    at = 16;
  }
  while (at < bytes.length) {
    const plainLength = compression === 'HADOOP_SNAPPY' ? bytes.readUInt32BE(at) : undefined;
    if (plainLength !== undefined) at += 4;
    const length = bytes.readUInt32BE(at);
    const piece = Buffer.from(SnappyJS.uncompress(bytes.subarray(at + 4, at + 4 + length)));
    if (plainLength !== undefined) expect(piece.length).toBe(plainLength);
    pieces.push(piece);
    at += 4 + length;
  }
  return Buffer.concat(pieces);
}
