import { expect, test } from 'vitest';
import { parseCopyOptions } from './copy-options.ts';
import { parseJdbcUrl } from './jdbc-url.ts';
import { copyStatement } from './redshift.ts';

const DEFAULTS = {
  ...{ format: 'text', delimiter: '|', quote: '"', isEscaped: false, nullText: '\\N' },
  ...{ isGzip: false, headerLines: 0, ignoresCase: false },
};

test.each([
  ['', {}],
  ["JSON 'auto'", { format: 'json' }],
  ["format as json 'auto ignorecase' gzip;", { format: 'json', ignoresCase: true, isGzip: true }],
  ['CSV', { format: 'csv', delimiter: ',' }],
  ["DELIMITER ';' CSV QUOTE AS '%' IGNOREHEADER 2", { format: 'csv', delimiter: ';', quote: '%', headerLines: 2 }],
  ["csv delimiter as '\\t'", { format: 'csv', delimiter: '\t' }],
  ["ESCAPE NULL AS '' REGION 'eu-central-1' COMPUPDATE OFF STATUPDATE", { isEscaped: true, nullText: '' }],
  ["TIMEFORMAT 'auto' DATEFORMAT AS 'auto' DELIMITER ''''", { delimiter: "'" }],
])('the options %s are possible', (text, expected) => {
  expect(parseCopyOptions(text)).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  ["JSON 's3://bucket/paths.json'", 'jsonpaths'],
  ['BZIP2', 'BZIP2'],
  ['PARQUET', 'PARQUET'],
  ['FIXEDWIDTH', 'FIXEDWIDTH'],
  ["TIMEFORMAT 'epochsecs'", 'TIMEFORMAT'],
  ['MAXERROR 10', 'MAXERROR'],
  ['DELIMITER', 'DELIMITER'],
  ['IGNOREHEADER x', 'IGNOREHEADER'],
  ['constructor', 'constructor'],
])('%s is refused by name', (text, name) => {
  expect(() => parseCopyOptions(text)).toThrow(name);
});

test.each([
  [
    'jdbc:redshift://c.x.eu-central-1.redshift.amazonaws.com:5439/dev',
    { host: 'c.x.eu-central-1.redshift.amazonaws.com' },
  ],
  [
    'jdbc:postgresql://localhost:5432/shop?ssl=false',
    { host: 'localhost', port: 5432, database: 'shop', isSecure: false },
  ],
  ['jdbc:redshift://[::1]:5439/dev?a=1&ssl=TRUE', { host: '::1', isSecure: true }],
  ['jdbc:redshift://db/dev', { port: 5439 }],
])('%s is an address', (text, expected) => {
  expect(parseJdbcUrl(text)).toMatchObject(expected);
});

test.each([
  '',
  'jdbc:mysql://a/b',
  'jdbc:redshift://a:0/b',
  'jdbc:redshift://a:70000/b',
  'jdbc:redshift://a:1',
  'jdbc:redshift://u@a/b',
])('"%s" is none', (text) => {
  expect(parseJdbcUrl(text)).toBeUndefined();
});

test('the statement for Redshift is the one that AWS sends', () => {
  const copy = {
    ...{ jdbcUrl: '', username: '', password: '', objects: [] },
    ...{ table: 'orders', roleArn: 'arn:aws:iam::1:role/r', manifestUrl: "s3://b/o'k" },
  };
  expect(copyStatement({ ...copy, columns: 'id, name', copyOptions: "JSON 'auto';" })).toBe(
    "COPY orders (id, name) FROM 's3://b/o''k' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/r' MANIFEST JSON 'auto';",
  );
  expect(copyStatement(copy)).toBe(
    "COPY orders FROM 's3://b/o''k' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/r' MANIFEST;",
  );
});
