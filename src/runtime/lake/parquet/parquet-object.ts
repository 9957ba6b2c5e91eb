// Records of JSON as one Parquet object. AWS: Firehose developer guide, "Convert input data format". A record that does not fit the schema
// fails alone.

import type { Conversion, FailedRecord } from '#services/firehose/performing.ts';
import { parseHiveType } from '#structures/hive-type/hive-type.ts';
import type { NumberedRecord } from '../work/records.ts';
import { columnReader, type Deserializer, type ParquetValue, type ReadColumn } from './column-readers.ts';
import { ConversionError, doesNotFit, unusableSchema } from './conversion-error.ts';
import { compileJodaPattern } from './joda-pattern.ts';
import { documentsOf, type JsonObject } from './json-documents.ts';
import { keyReader } from './json-keys.ts';
import { ParquetFile } from './parquet-file.ts';
import { type ParquetColumn, parquetSchemaOf } from './parquet-schema.ts';
import { hiveInstantReader, readOpenXInstant } from './timestamps.ts';

export interface ParquetObject {
  /** Undefined when no record could be converted. */
  readonly body?: { readonly bytes: Uint8Array; readonly count: number; readonly arrivedAtMs: number };
  readonly failed: readonly FailedRecord[];
}

/** Of JSON, in a row group: memory holds its values. */
const GROUP_BYTES_MAX = 32 * 1024 * 1024;
/** Rows by columns: a null takes no JSON, but a place. */
const GROUP_CELLS_MAX = 4_000_000;

export function parquetOf(conversion: Conversion, records: readonly NumberedRecord[]): ParquetObject {
  let table: Table;
  try {
    table = new Table(conversion);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    const { code, message } = error;
    return { failed: records.map(({ index }) => ({ index, code, message })) };
  }
  const failed: FailedRecord[] = [];
  let count = 0;
  let arrivedAtMs = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const problem = table.add(record.data);
    if (problem === undefined) {
      count += 1;
      arrivedAtMs = Math.min(arrivedAtMs, record.arrivedAtMs);
    } else failed.push({ index: record.index, code: problem.code, message: problem.message });
  }
  return count === 0 ? { failed } : { failed, body: { bytes: table.finish(), count, arrivedAtMs } };
}

class Table {
  private readonly file: ParquetFile;
  private readonly readers: readonly ReadColumn[];
  private readonly find: ReturnType<ReturnType<typeof keyReader>>;
  private readonly groupBytesMax: number;
  private readonly groupRowsMax: number;
  private values: ParquetValue[][] = [];
  private rows = 0;
  private bytes = 0;

  constructor(conversion: Conversion) {
    const columns = columnsOf(conversion);
    const deserializer = deserializerOf(conversion);
    this.file = new ParquetFile(parquetSchemaOf(columns), conversion.parquet);
    this.readers = columns.map(({ type }) => columnReader(type, deserializer));
    this.find = deserializer.keys(columns.map(({ name }) => name));
    this.groupBytesMax = Math.min(conversion.parquet.blockSizeBytes, GROUP_BYTES_MAX);
    this.groupRowsMax = Math.ceil(GROUP_CELLS_MAX / this.file.leafCount);
    this.begin();
  }

  /** All rows of a record or none. */
  add(data: Uint8Array): ConversionError | undefined {
    try {
      const rows = documentsOf(data).map((document) => this.row(document));
      for (const row of rows) {
        for (const [i, value] of row.entries()) this.values[i]?.push(value);
      }
      this.rows += rows.length;
      this.bytes += data.length;
      if (this.bytes >= this.groupBytesMax || this.rows >= this.groupRowsMax) this.endGroup();
      return undefined;
    } catch (error) {
      if (error instanceof ConversionError) return error;
      // The stack: JSON can be nested deeper than anything that reads it.
      if (error instanceof RangeError) return doesNotFit('The record is nested too deep.');
      throw error;
    }
  }

  finish(): Uint8Array {
    if (this.rows > 0) this.endGroup();
    return this.file.finish();
  }

  private row(document: JsonObject): readonly ParquetValue[] {
    return this.find(document).map((value, i) => (this.readers[i] as ReadColumn)(value ?? null));
  }

  private endGroup(): void {
    this.file.writeGroup(this.values, this.rows);
    this.begin();
  }

  private begin(): void {
    this.values = this.readers.map(() => []);
    this.rows = 0;
    this.bytes = 0;
  }
}

function columnsOf({ columns }: Conversion): readonly ParquetColumn[] {
  if (columns.length === 0) throw unusableSchema('The table has no columns.');
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  if (names.size < columns.length) throw unusableSchema('Two columns of the table have the same name.');
  return columns.map(({ name, type: text }) => {
    const type = parseHiveType(text);
    if (type === undefined) throw unusableSchema(`The type ${text} of the column ${name} is not supported.`);
    return { name, type };
  });
}

function deserializerOf({ deserializer }: Conversion): Deserializer {
  const keys = keyReader(deserializer);
  if (deserializer.kind === 'openx') return { keys, readInstant: readOpenXInstant, isStrict: false };
  const patterns = deserializer.timestampFormats.map((format) => {
    if (format === 'millis') return format;
    const pattern = compileJodaPattern(format);
    if (pattern === undefined) throw unusableSchema(`The timestamp format ${format} is not supported.`);
    return pattern;
  });
  return { keys, readInstant: hiveInstantReader(patterns), isStrict: true };
}
