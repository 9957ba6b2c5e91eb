// Glue's columns as a Parquet schema, as Hive's own writer lays it out: everything may be null, lists and maps in three levels, decimals in
// the fewest bytes, timestamps as INT96 (what Athena and Hive take a `timestamp` for). Source: Parquet format, "Logical types".

import type { SchemaElement } from 'hyparquet';
import type { HivePrimitive, HiveType } from '#structures/hive-type/hive-type.ts';
import { bytesForDigits } from './exact-decimal.ts';

export interface ParquetColumn {
  readonly name: string;
  readonly type: HiveType;
}

const ELEMENTS: Readonly<Record<HivePrimitive, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  boolean: { type: 'BOOLEAN' },
  tinyint: { type: 'INT32', converted_type: 'INT_8' },
  smallint: { type: 'INT32', converted_type: 'INT_16' },
  int: { type: 'INT32' },
  bigint: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  date: { type: 'INT32', converted_type: 'DATE' },
  timestamp: { type: 'INT96' },
};

export function parquetSchemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [
    { name: 'hive_schema', num_children: columns.length },
    ...columns.flatMap(({ name, type }) => elementsOf(name, type, 'OPTIONAL')),
  ];
}

function elementsOf(name: string, type: HiveType, repetition_type: 'OPTIONAL' | 'REQUIRED'): SchemaElement[] {
  const base = { name, repetition_type };
  switch (type.kind) {
    case 'array':
      return [
        { ...base, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.element, 'OPTIONAL'),
      ];
    case 'map':
      return [
        { ...base, converted_type: 'MAP', num_children: 1 },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        ...elementsOf('key', type.key, 'REQUIRED'),
        ...elementsOf('value', type.value, 'OPTIONAL'),
      ];
    case 'struct':
      return [
        { ...base, num_children: type.fields.length },
        ...type.fields.flatMap((field) => elementsOf(field.name, field.type, 'OPTIONAL')),
      ];
    case 'decimal': {
      const { precision, scale } = type;
      const type_length = bytesForDigits(precision);
      return [{ ...base, type: 'FIXED_LEN_BYTE_ARRAY', converted_type: 'DECIMAL', type_length, precision, scale }];
    }
    default:
      return [{ ...base, ...ELEMENTS[type.kind] }];
  }
}
