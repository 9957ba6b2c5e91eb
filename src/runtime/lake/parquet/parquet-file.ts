// Writes a Parquet file, a row group at a time. Levels, encodings and the footer are hyparquet-writer's; pages are put together here, because
// AWS's default is the first version of them, which the library does not write.

import { gzipSync } from 'node:zlib';
import {
  type ColumnChunk,
  type Encoding,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { getPageBoundaries } from 'hyparquet-writer/src/column.js';
import { writeDataPageV2, writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { useDictionary, writeDictionaryPage } from 'hyparquet-writer/src/dictionary.js';
import { encodeNestedValues } from 'hyparquet-writer/src/dremel.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import { getMaxRepetitionLevel } from 'hyparquet-writer/src/schema.js';
import type { Conversion } from '#services/firehose/performing.ts';
import { compressSnappyBlock } from '../work/compression.ts';
import type { ParquetValue } from './column-readers.ts';

type Options = Conversion['parquet'];
type PageData = ReturnType<typeof encodeNestedValues>;

const MAGIC = 0x31524150;
const COMPRESSORS = { SNAPPY: compressSnappyBlock, GZIP: (bytes: Uint8Array): Uint8Array => gzipSync(bytes) };

export class ParquetFile {
  private readonly writer = new ByteWriter();
  private readonly groups: RowGroup[] = [];
  private readonly leaves: readonly Leaf[];

  constructor(
    private readonly schema: SchemaElement[],
    private readonly options: Options,
  ) {
    this.writer.appendUint32(MAGIC);
    this.leaves = leavesOf(parquetSchema({ schema }));
  }

  /** Columns as they are stored: fields of structs are columns of their own. */
  get leafCount(): number {
    return this.leaves.length;
  }

  /** One list of values per column, all of the same length. */
  writeGroup(columns: readonly (readonly ParquetValue[])[], rows: number): void {
    const from = this.writer.offset;
    const chunks = this.leaves.map((leaf) => this.writeChunk(leaf, columns[leaf.column] as ParquetValue[]));
    const total = chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n);
    this.groups.push({
      columns: chunks,
      total_byte_size: total,
      num_rows: BigInt(rows),
      total_compressed_size: BigInt(this.writer.offset - from),
    });
  }

  finish(): Uint8Array {
    const { writer, groups, schema } = this;
    writeMetadata(writer, {
      version: this.options.writerVersion === 'V1' ? 1 : 2,
      created_by: 'eddy',
      schema,
      num_rows: groups.reduce((sum, { num_rows }) => sum + num_rows, 0n),
      row_groups: groups,
      metadata_length: 0,
    });
    writer.appendUint32(MAGIC);
    return writer.getBytes();
  }

  private writeChunk(leaf: Leaf, values: ParquetValue[]): ColumnChunk {
    const { writer, options } = this;
    const { element, physical } = leaf;
    const pageData = encodeNestedValues(leaf.path, values);
    const column = this.columnOf(leaf);
    const dictionary = options.enableDictionaryCompression ? dictionaryOf(pageData, physical) : undefined;
    const from = writer.offset;
    let plainBytes = 0;
    if (dictionary !== undefined) plainBytes += writeDictionaryPage(writer, column, dictionary.dictionary);
    const dataAt = writer.offset;
    const encoding = dictionary === undefined ? 'PLAIN' : this.dictionaryEncoding;
    const written = { ...pageData, values: dictionary?.indexes ?? pageData.values };
    for (const page of this.pagesOf(written, dictionary === undefined ? physical : { type: 'INT32' })) {
      const write = options.writerVersion === 'V1' ? writeDataPageV1 : writeDataPageV2;
      plainBytes += write({ writer, column, encoding, pageData: page });
    }
    return {
      file_offset: BigInt(from),
      meta_data: {
        type: element.type ?? 'BYTE_ARRAY',
        encodings: dictionary === undefined ? ['PLAIN', 'RLE'] : ['PLAIN', 'RLE', encoding],
        path_in_schema: leaf.path.slice(1).map((node) => node.element.name),
        codec: options.compression,
        num_values: BigInt(pageData.values.length),
        total_compressed_size: BigInt(writer.offset - from),
        total_uncompressed_size: BigInt(plainBytes),
        data_page_offset: BigInt(dataAt),
        ...(dictionary === undefined ? {} : { dictionary_page_offset: BigInt(from) }),
        statistics: statisticsOf(pageData.values, element),
      },
    } as ColumnChunk;
  }

  /** The older name of the same bytes belongs to the older pages. */
  private get dictionaryEncoding(): Encoding {
    return this.options.writerVersion === 'V1' ? 'PLAIN_DICTIONARY' : 'RLE_DICTIONARY';
  }

  private columnOf({ path, physical }: Leaf): PageColumn {
    return {
      columnName: path.map((node) => node.element.name).join('.'),
      element: physical,
      schemaPath: path.map((node) => node.element),
      codec: this.options.compression,
      compressors: COMPRESSORS,
      stats: false,
      pageSize: this.options.pageSizeBytes,
      columnIndex: false,
      offsetIndex: false,
    };
  }

  private *pagesOf(
    pageData: PageData,
    { type, type_length }: Pick<SchemaElement, 'type' | 'type_length'>,
  ): Generator<PageData> {
    const { values, definitionLevels, repetitionLevels, maxDefinitionLevel } = pageData;
    const limit = this.options.pageSizeBytes;
    for (const { start, end } of getPageBoundaries(
      values,
      type ?? 'BYTE_ARRAY',
      type_length,
      limit,
      repetitionLevels,
    )) {
      yield {
        values: values.slice(start, end),
        definitionLevels: definitionLevels.slice(start, end),
        repetitionLevels: repetitionLevels.slice(start, end),
        maxDefinitionLevel,
      };
    }
  }
}

type PageColumn = Parameters<typeof writeDataPageV2>[0]['column'];

interface Leaf {
  /** Number of the column that it is part of. */
  readonly column: number;
  readonly path: SchemaTree[];
  readonly element: SchemaElement;
  /** As its bytes are laid out: INT96 as twelve bytes. */
  readonly physical: SchemaElement;
}

function leavesOf(root: SchemaTree): readonly Leaf[] {
  const found: Leaf[] = [];
  const visit = (path: SchemaTree[], column: number): void => {
    const node = path.at(-1) as SchemaTree;
    const { element } = node;
    for (const child of node.children) visit([...path, child], column);
    if (node.children.length > 0) return;
    const physical: SchemaElement =
      element.type === 'INT96' ? { ...element, type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12 } : element;
    found.push({ column, path, element, physical });
  };
  for (const [column, child] of root.children.entries()) visit([root, child], column);
  return found;
}

function dictionaryOf(
  { values }: PageData,
  { type, type_length }: SchemaElement,
): { readonly dictionary: ParquetValue[]; readonly indexes: number[] } | undefined {
  if (type === undefined) return undefined;
  const { dictionary, indexes } = useDictionary(values, type, type_length, undefined);
  return dictionary === undefined || indexes === undefined ? undefined : { dictionary, indexes };
}

/** Of the first version: levels with their length before them, compressed together with the values. */
function writeDataPageV1({ writer, column, encoding, pageData }: Parameters<typeof writeDataPageV2>[0]): number {
  const { values, definitionLevels, repetitionLevels, maxDefinitionLevel } = pageData;
  const { type, type_length } = column.element;
  const page = new ByteWriter();
  writeLevels(page, repetitionLevels, getMaxRepetitionLevel(column.schemaPath));
  writeLevels(page, definitionLevels, maxDefinitionLevel);
  const present = Array.from(values as ArrayLike<unknown>).filter((value) => value !== null && value !== undefined);
  if (encoding === 'PLAIN') writePlain(page, present, type ?? 'BYTE_ARRAY', type_length);
  else writeIndexes(page, present as number[]);
  const plain = page.getBytes();
  const bytes = column.compressors[column.codec]?.(plain) ?? plain;
  const headerAt = writer.offset;
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: plain.length,
    compressed_page_size: bytes.length,
    data_page_header: {
      num_values: values.length,
      encoding,
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  });
  const headerBytes = writer.offset - headerAt;
  writer.appendBytes(bytes);
  return headerBytes + plain.length;
}

function writeLevels(page: ByteWriter, levels: number[], maxLevel: number): void {
  if (maxLevel === 0) return;
  const encoded = new ByteWriter();
  writeRleBitPackedHybrid(encoded, levels, bitsFor(maxLevel));
  page.appendUint32(encoded.offset);
  page.appendBytes(encoded.getBytes());
}

function writeIndexes(page: ByteWriter, indexes: number[]): void {
  const bits = bitsFor(indexes.reduce((most, index) => Math.max(most, index), 0));
  page.appendUint8(bits);
  writeRleBitPackedHybrid(page, indexes, bits);
}

const bitsFor = (value: number): number => Math.ceil(Math.log2(value + 1));

const ORDERED = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE']);

/** Smallest and largest of numbers, by which readers skip row groups; of everything how many are null. */
function statisticsOf(values: ArrayLike<unknown>, { type }: SchemaElement): ColumnChunkStatistics {
  let nulls = 0;
  let min: number | bigint | undefined;
  let max: number | bigint | undefined;
  const isOrdered = ORDERED.has(type ?? '');
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number | bigint | null | undefined;
    if (value === null || value === undefined) nulls += 1;
    else if (isOrdered) {
      if (min === undefined || value < min) min = value;
      if (max === undefined || value > max) max = value;
    }
  }
  if (min === undefined || max === undefined) return { null_count: BigInt(nulls) };
  return { null_count: BigInt(nulls), min_value: min, max_value: max };
}

type ColumnChunkStatistics = NonNullable<NonNullable<ColumnChunk['meta_data']>['statistics']>;
