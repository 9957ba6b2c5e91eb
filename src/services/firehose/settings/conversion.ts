// The columns that Parquet gets. AWS looks the table up in the Glue Data Catalog; here DatabaseName is a registry and TableName a schema of the
// EventBridge schema registry, VersionId its version. A schema that has the members of a Glue table (StorageDescriptor.Columns) gives its columns
// word by word, any other JSON schema by its properties: integer → bigint, number → double, date-time → timestamp, and so on.

import type { Turn } from '#cell/turn.ts';
import { scopeOf } from '#model/scope.ts';
import type { DataFormatConversionConfiguration } from '#wire/generated/firehose.ts';
import type { StreamDoc } from '../documents.ts';
import type { Conversion, FailureReason } from '../performing.ts';
import { columnsOf } from './columns.ts';

const MIB = 1024 * 1024;

export function conversionOf(
  turn: Turn,
  { account, region }: Pick<StreamDoc, 'account' | 'region'>,
  { SchemaConfiguration, InputFormatConfiguration, OutputFormatConfiguration }: DataFormatConversionConfiguration,
): Conversion | { readonly problem: FailureReason } {
  const { DatabaseName = '', TableName = '', VersionId, Region } = SchemaConfiguration ?? {};
  const scope = scopeOf(account, Region ?? region);
  const version = VersionId === undefined || VersionId === 'LATEST' ? undefined : VersionId;
  const content = turn.doors.schemas?.contentOf(turn, { scope, registry: DatabaseName, schema: TableName, version });
  const columns = content === undefined ? undefined : columnsOf(content);
  if (columns === undefined) {
    const message = `Unable to access Glue table ${DatabaseName}.${TableName}: there is no schema ${TableName} with columns in the registry ${DatabaseName}.`;
    return { problem: { code: 'DataFormatConversion.SchemaNotFound', message } };
  }
  return {
    columns,
    deserializer: deserializerOf(InputFormatConfiguration),
    parquet: parquetOf(OutputFormatConfiguration),
  };
}

function deserializerOf(
  input: DataFormatConversionConfiguration['InputFormatConfiguration'],
): Conversion['deserializer'] {
  const { HiveJsonSerDe, OpenXJsonSerDe } = input?.Deserializer ?? {};
  if (HiveJsonSerDe !== undefined && OpenXJsonSerDe === undefined) {
    return { kind: 'hive', timestampFormats: HiveJsonSerDe.TimestampFormats ?? [] };
  }
  return {
    kind: 'openx',
    caseInsensitive: OpenXJsonSerDe?.CaseInsensitive ?? true,
    convertDotsInJsonKeysToUnderscores: OpenXJsonSerDe?.ConvertDotsInJsonKeysToUnderscores ?? false,
    columnToJsonKeyMappings: OpenXJsonSerDe?.ColumnToJsonKeyMappings ?? {},
  };
}

/** Defaults: API reference, ParquetSerDe. */
function parquetOf(output: DataFormatConversionConfiguration['OutputFormatConfiguration']): Conversion['parquet'] {
  const given = output?.Serializer?.ParquetSerDe ?? {};
  return {
    compression: (given.Compression ?? 'SNAPPY') as Conversion['parquet']['compression'],
    blockSizeBytes: given.BlockSizeBytes ?? 256 * MIB,
    pageSizeBytes: given.PageSizeBytes ?? MIB,
    enableDictionaryCompression: given.EnableDictionaryCompression ?? false,
    writerVersion: (given.WriterVersion ?? 'V1') as Conversion['parquet']['writerVersion'],
  };
}
