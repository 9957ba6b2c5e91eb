import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHiveType } from './hive-type.ts';

test.each([
  ['bigint', { kind: 'bigint' }],
  [' INT ', { kind: 'int' }],
  ['varchar(20)', { kind: 'string' }],
  ['decimal', { kind: 'decimal', precision: 10, scale: 0 }],
  ['decimal(38, 10)', { kind: 'decimal', precision: 38, scale: 10 }],
  ['array<string>', { kind: 'array', element: { kind: 'string' } }],
  [
    'map<string,array<int>>',
    { kind: 'map', key: { kind: 'string' }, value: { kind: 'array', element: { kind: 'int' } } },
  ],
  [
    'struct<Sku:string,at:struct<x:double>>',
    {
      kind: 'struct',
      fields: [
        { name: 'Sku', type: { kind: 'string' } },
        { name: 'at', type: { kind: 'struct', fields: [{ name: 'x', type: { kind: 'double' } }] } },
      ],
    },
  ],
])('%s is a type', (text, type) => {
  expect(parseHiveType(text)).toEqual(type);
});

test.each([
  '',
  'text',
  'uniontype<int,string>',
  'binary',
  'array<>',
  'array<int',
  'array<int>>',
  'struct<>',
  'struct<a:int,A:int>',
  'struct<a int>',
  'map<array<int>,int>',
  'decimal(39,1)',
  'decimal(5,6)',
  'varchar(0)',
  'char(256)',
  'constructor',
  `${'array<'.repeat(40)}int${'>'.repeat(40)}`,
])('"%s" is none', (text) => {
  expect(parseHiveType(text)).toBeUndefined();
});

test('no text makes it throw', () => {
  const pieces = fc.constantFrom(
    'array',
    'struct',
    'map',
    '<',
    '>',
    ',',
    ':',
    'int',
    'decimal',
    '(',
    ')',
    '3',
    ' ',
    'a',
    '`',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      parseHiveType(parts.join(''));
    }),
  );
});
