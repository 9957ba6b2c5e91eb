import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, test } from 'vitest';
import { type Conversion, SHAPE_RECORDS, type Shaped } from '#services/firehose/performing.ts';
import { ARRIVED_AT_MS, testLake } from '../testing.ts';
import { parquetOf } from './parquet-object.ts';

type Column = Conversion['columns'][number];
const OPENX: Conversion['deserializer'] = {
  kind: 'openx',
  caseInsensitive: true,
  convertDotsInJsonKeysToUnderscores: false,
  columnToJsonKeyMappings: {},
};
const PARQUET: Conversion['parquet'] = {
  compression: 'SNAPPY',
  blockSizeBytes: 268_435_456,
  pageSizeBytes: 1_048_576,
  enableDictionaryCompression: false,
  writerVersion: 'V1',
};

function columns(given: Readonly<Record<string, string>>): readonly Column[] {
  return Object.entries(given).map(([name, type]) => ({ name, type }));
}

interface Options {
  readonly deserializer?: Partial<Extract<Conversion['deserializer'], { kind: 'openx' }>> | Conversion['deserializer'];
  readonly parquet?: Partial<Conversion['parquet']>;
}

async function convert(given: Readonly<Record<string, string>>, records: readonly string[], options: Options = {}) {
  const lake = testLake();
  const conversion: Conversion = {
    columns: columns(given),
    deserializer: { ...OPENX, ...options.deserializer } as Conversion['deserializer'],
    parquet: { ...PARQUET, ...options.parquet },
  };
  const input = { conversion, compression: 'UNCOMPRESSED', fileName: '', partitionsMax: 500 };
  const { objects, failed } = await lake.perform<Shaped>(SHAPE_RECORDS, input, records);
  const object = objects[0];
  if (object === undefined) return { rows: [], failed, metadata: undefined, object };
  const bytes = await lake.bytes(object.body.blob);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = (await parquetReadObjects({ file, compressors })).map((row) => withNulls(row) as Row);
  return { rows, failed, metadata: parquetMetadata(file), object };
}

type Row = Record<string, unknown>;

/** The reader says undefined of lists, maps and structs that are null. */
function withNulls(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNulls(one)]));
}

const rowsOf = async (...given: Parameters<typeof convert>): Promise<unknown> => (await convert(...given)).rows;

const ORDER = {
  id: 'bigint',
  small: 'smallint',
  tiny: 'tinyint',
  count: 'int',
  total: 'decimal(20,2)',
  weight: 'double',
  ratio: 'float',
  paid: 'boolean',
  name: 'string',
  day: 'date',
  at: 'timestamp',
  tags: 'array<string>',
  address: 'struct<city:string,geo:struct<lat:double,lon:double>>',
  stock: 'map<string,int>',
  lines: 'array<struct<sku:string,qty:int>>',
};
const ORDER_JSON = JSON.stringify({
  id: 12,
  small: -300,
  tiny: 127,
  count: 3,
  total: 19.995,
  weight: 1.5,
  ratio: 0.5,
  paid: true,
  name: 'Jörg 🚀',
  day: '2026-02-05',
  at: '2026-02-25T13:00:00.123Z',
  tags: ['a', null, ''],
  address: { city: 'Bonn', geo: { lat: 50.7, lon: 7.1 } },
  stock: { a: 1, b: 2 },
  lines: [{ sku: 'x', qty: 1 }, { sku: 'y' }],
});
const ORDER_ROW = {
  id: 12n,
  small: -300,
  tiny: 127,
  count: 3,
  total: 20,
  weight: 1.5,
  ratio: 0.5,
  paid: true,
  name: 'Jörg 🚀',
  day: new Date('2026-02-05'),
  at: new Date('2026-02-25T13:00:00.123Z'),
  tags: ['a', null, ''],
  address: { city: 'Bonn', geo: { lat: 50.7, lon: 7.1 } },
  stock: { a: 1, b: 2 },
  lines: [
    { sku: 'x', qty: 1 },
    { sku: 'y', qty: null },
  ],
};
const EMPTY_ROW = Object.fromEntries(Object.keys(ORDER).map((name) => [name, null]));

describe('what is written is read back', () => {
  const parquets = (['V1', 'V2'] as const).flatMap((writerVersion) =>
    (['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const).flatMap((compression) =>
      [false, true].map((enableDictionaryCompression) => ({ writerVersion, compression, enableDictionaryCompression })),
    ),
  );
  test.each(parquets)('every type, with nulls, in several pages and groups: %o', async (parquet) => {
    const records = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? '{}' : ORDER_JSON));
    const sizes = { pageSizeBytes: 64, blockSizeBytes: 8_000 };
    const { rows, failed, metadata } = await convert(ORDER, records, { parquet: { ...parquet, ...sizes } });
    expect(failed).toEqual([]);
    expect(rows).toHaveLength(60);
    expect(rows[1]).toEqual(ORDER_ROW);
    for (const [i, row] of rows.entries()) expect(row).toEqual(i % 3 === 0 ? EMPTY_ROW : ORDER_ROW);
    expect(metadata?.row_groups.length).toBeGreaterThan(1);
    expect(metadata?.num_rows).toBe(60n);
    expect(metadata?.row_groups[0]?.columns[0]?.meta_data?.codec).toBe(parquet.compression);
  });

  test('a wide table of empty records takes the memory of a group, not of the buffer', () => {
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`c${i}`, 'int']));
    const data = Buffer.from('{}'.repeat(1_000));
    const records = [0, 1, 2].map((index) => ({ index, arrivedAtMs: 1, data }));
    const { body } = parquetOf({ columns: columns(wide), deserializer: OPENX, parquet: PARQUET }, records);
    const { row_groups } = parquetMetadata(new Uint8Array(body!.bytes).buffer);
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([2_000n, 1_000n]);
  });

  test('the object counts its records and knows the earliest', async () => {
    const { object } = await convert({ a: 'int' }, ['{"a":1}', 'no', '{"a":2}']);
    expect(object).toMatchObject({ count: 2, arrivedAtMs: ARRIVED_AT_MS });
  });

  test('numbers keep all their digits', async () => {
    const { rows } = await convert({ id: 'bigint', total: 'decimal(38,10)', text: 'string', same: 'string' }, [
      '{"id":9007199254740993,"total":1234567890123456789.0123456789,"text":1234567890123456789,"same":"1234567890123456789"}',
    ]);
    expect(rows[0]?.['id']).toBe(9_007_199_254_740_993n);
    expect(rows[0]?.['text']).toBe('1234567890123456789');
    expect(rows[0]?.['same']).toBe('1234567890123456789');
    expect(rows[0]?.['total']).toBeCloseTo(1.2345678901234568e18, -4);
  });

  test('several documents in a record are several rows', async () => {
    expect(await rowsOf({ a: 'int' }, ['{"a":1}{"a":2}\n{"a":3}'])).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  test('lists and maps: none, empty, of nothing', async () => {
    const records = ['{"l":[],"m":{}}', '{"l":[null],"m":{"a":null}}', '{"l":[[1],[],null]}'];
    const rows = await rowsOf({ l: 'array<array<int>>', m: 'map<string,int>' }, records);
    expect(rows).toEqual([
      { l: [], m: {} },
      { l: [null], m: { a: null } },
      { l: [[1], [], null], m: null },
    ]);
  });
});

describe('keys', () => {
  test('in any case, those of structs, too; the first one counts', async () => {
    const given = { orderid: 'int', at: 'struct<city:string>' };
    expect(await rowsOf(given, ['{"OrderID":1,"ORDERID":2,"At":{"City":"x"}}'])).toEqual([
      { orderid: 1, at: { city: 'x' } },
    ]);
  });

  test('as they are written, when asked so', async () => {
    const deserializer = { caseInsensitive: false };
    expect(await rowsOf({ id: 'int' }, ['{"Id":1}', '{"id":2}'], { deserializer })).toEqual([{ id: null }, { id: 2 }]);
  });

  test('dots become underscores, when asked so', async () => {
    const deserializer = { convertDotsInJsonKeysToUnderscores: true };
    expect(await rowsOf({ a_b: 'int' }, ['{"a.b":1}'], { deserializer })).toEqual([{ a_b: 1 }]);
    expect(await rowsOf({ a_b: 'int' }, ['{"a.b":1}'])).toEqual([{ a_b: null }]);
  });

  test('a column can be mapped to a key that is no column name', async () => {
    const deserializer = { columnToJsonKeyMappings: { ts: 'timestamp' } };
    expect(await rowsOf({ ts: 'int' }, ['{"timestamp":1,"ts":2}'], { deserializer })).toEqual([{ ts: 1 }]);
  });
});

describe('OpenX', () => {
  test.each([
    ['2017-02-07T15:13:01.39256Z', '2017-02-07T15:13:01.392Z'],
    ['2017-2-7 15:13:01.14', '2017-02-07T15:13:01.140Z'],
    [1518033528, '2018-02-07T19:58:48.000Z'],
    [1518033528123, '2018-02-07T19:58:48.123Z'],
    [1518033528.123, '2018-02-07T19:58:48.123Z'],
    ['1518033528', '2018-02-07T19:58:48.000Z'],
    [-1, '1969-12-31T23:59:59.000Z'],
  ])('%s is a time', async (at, expected) => {
    expect(await rowsOf({ at: 'timestamp' }, [JSON.stringify({ at })])).toEqual([{ at: new Date(expected) }]);
  });

  test('texts are taken for numbers and booleans, and everything for a text', async () => {
    const given = { a: 'int', b: 'double', c: 'boolean', d: 'string', e: 'string' };
    const record = '{"a":"12","b":"1.5","c":"TRUE","d":{"x":[1,"y"]},"e":5}';
    expect(await rowsOf(given, [record])).toEqual([{ a: 12, b: 1.5, c: true, d: '{"x":[1,"y"]}', e: '5' }]);
  });
});

describe('Hive', () => {
  const hive = (...timestampFormats: readonly string[]): Options => ({
    deserializer: { kind: 'hive', timestampFormats },
  });

  test.each([
    [['yyyy/MM/dd HH:mm'], '2026/02/25 13:00', '2026-02-25T13:00:00.000Z'],
    [["dd-MMM-yyyy'T'hh:mm:ss a Z"], '25-Feb-2026T01:00:00 PM +0100', '2026-02-25T12:00:00.000Z'],
    [['yyyyMMddHHmmssSSS'], '20260225130000123', '2026-02-25T13:00:00.123Z'],
    [['yyyy-DDD'], '2026-056', '2026-02-25T00:00:00.000Z'],
    [['millis'], 1772024400123, '2026-02-25T13:00:00.123Z'],
    [['yyyy', 'MM/yyyy'], '02/2026', '2026-02-01T00:00:00.000Z'],
    [[], '2026-02-25 13:00:00.5', '2026-02-25T13:00:00.500Z'],
  ])('with the formats %j, %s is a time', async (formats, at, expected) => {
    const rows = await rowsOf({ at: 'timestamp' }, [JSON.stringify({ at })], hive(...formats));
    expect(rows).toEqual([{ at: new Date(expected) }]);
  });

  test.each([
    [{ a: 'int' }, '{"a":"123"}'],
    [{ a: 'string' }, '{"a":{"inner":1}}'],
    [{ a: 'timestamp' }, '{"a":1518033528}'],
    [{ a: 'boolean' }, '{"a":"true"}'],
  ])('%j does not take %s', async (given, record) => {
    const { failed } = await convert(given, [record], hive());
    expect(failed).toMatchObject([{ index: 0, step: 'conversion', code: 'DataFormatConversion.MalformedData' }]);
  });

  test('a format that is none of Joda-Time fails every record, and names it', async () => {
    const { failed } = await convert({ at: 'timestamp' }, ['{}'], hive('yyyy-QQ'));
    expect(failed[0]?.message).toContain('yyyy-QQ');
  });
});

describe('what does not fit fails alone', () => {
  test.each([
    ['{"a":1', 'DataFormatConversion.ParseError', 'Encountered malformed JSON.'],
    ['', 'DataFormatConversion.ParseError', 'Encountered malformed JSON.'],
    ['[{"a":1}]', 'DataFormatConversion.MalformedData', 'A JSON object is required.'],
    ['5', 'DataFormatConversion.MalformedData', 'A JSON object is required.'],
    ['{"a":"oops"}', 'DataFormatConversion.MalformedData', 'Data does not match the schema. For input string: "oops"'],
    ['{"a":2147483648}', 'DataFormatConversion.MalformedData', '2147483648'],
    ['{"a":1.5}', 'DataFormatConversion.MalformedData', '1.5'],
    ['{"a":1e-999999999}', 'DataFormatConversion.MalformedData', 'For input string'],
    ['{"a":"1e-999999999"}', 'DataFormatConversion.MalformedData', '1e-999999999'],
    ['{"a":[1]}', 'DataFormatConversion.MalformedData', 'an array'],
    ['{"d":"1e999999999"}', 'DataFormatConversion.MalformedData', '1e999999999'],
    ['{"d":1234}', 'DataFormatConversion.MalformedData', '1234'],
    ['{"day":"2026-02-30"}', 'DataFormatConversion.MalformedData', '2026-02-30'],
    ['{"at":"1e999999999"}', 'DataFormatConversion.MalformedData', '1e999999999'],
    ['{"l":{"a":1}}', 'DataFormatConversion.MalformedData', 'A JSON array is required'],
    ['{"m":[1]}', 'DataFormatConversion.MalformedData', 'A JSON object is required'],
    [`{"s":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'DataFormatConversion.', ''],
  ])('%s', async (record, code, message) => {
    const given = {
      a: 'int',
      d: 'decimal(5,2)',
      day: 'date',
      at: 'timestamp',
      l: 'array<int>',
      m: 'map<string,int>',
      s: 'string',
    };
    const { rows, failed } = await convert(given, ['{"a":1}', record, '{"a":2}']);
    // A tiny fraction is 0 for JavaScript, as it is for Java's double.
    if (record === '{"a":1e-999999999}') return expect(rows).toHaveLength(3);
    expect(rows.map((row) => row['a'])).toEqual([1, 2]);
    expect(failed).toMatchObject([{ index: 1, step: 'conversion' }]);
    expect(failed[0]?.code).toContain(code);
    expect(failed[0]?.message).toContain(message);
  });

  test('a record of which one document does not fit gives no row', async () => {
    const { rows, failed } = await convert({ a: 'int' }, ['{"a":1}{"a":"x"}', '{"a":2}']);
    expect(rows).toEqual([{ a: 2 }]);
    expect(failed).toHaveLength(1);
  });

  test('a type that is not known fails every record, and names it', async () => {
    const { object, failed } = await convert({ a: 'uniontype<int,string>' }, ['{}', '{}']);
    expect(object).toBeUndefined();
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatchObject({ code: 'DataFormatConversion.InvalidSchema' });
    expect(failed[0]?.message).toContain('uniontype<int,string>');
  });

  test('keys of JavaScript itself are keys like others', async () => {
    const rows = await rowsOf({ constructor: 'string', __proto__: 'string', m: 'map<string,string>' }, [
      '{"constructor":"a","m":{"__proto__":"b","toString":"c"}}',
    ]);
    expect(rows).toMatchObject([{ constructor: 'a' }]);
  });
});
