// The columns that Parquet gets. AWS looks the table up in the Glue Data Catalog; here DatabaseName is a registry and TableName a schema of the
// EventBridge schema registry, VersionId its version. A schema that has the members of a Glue table (StorageDescriptor.Columns) gives its columns
// word by word, any other JSON schema by its properties: integer → bigint, number → double, date-time → timestamp, and so on. CatalogId is the
// account whose registry it is, and the role needs glue:GetTableVersions for the table. AWS: developer guide, "Grant Firehose access to AWS Glue".

import type { Turn } from '#cell/turn.ts';
import { formatArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { DataFormatConversionConfiguration } from '#wire/generated/firehose.ts';
import type { StreamDoc } from '../documents.ts';
import type { Conversion, FailureReason } from '../performing.ts';
import { mayAssumeRole, sessionOf } from '../role.ts';
import { columnsOf } from './columns.ts';

const MIB = 1024 * 1024;

export function conversionOf(
  turn: Turn,
  doc: Pick<StreamDoc, 'arn' | 'account' | 'region'>,
  { SchemaConfiguration, InputFormatConfiguration, OutputFormatConfiguration }: DataFormatConversionConfiguration,
): Conversion | { readonly problem: FailureReason } {
  const { DatabaseName = '', TableName = '', VersionId, Region, CatalogId, RoleARN } = SchemaConfiguration ?? {};
  const scope = scopeOf(CatalogId ?? doc.account, Region ?? doc.region);
  const resource = formatArn('glue', scope, `table/${DatabaseName}/${TableName}`);
  if (RoleARN !== undefined && !mayRead(turn, doc, { roleArn: RoleARN, resource, account: scope.account })) {
    return { problem: { code: 'DataFormatConversion.AccessDenied', message: GLUE_DENIED } };
  }
  const version = VersionId === undefined || VersionId === 'LATEST' ? undefined : VersionId;
  const content = turn.doors.schemas?.contentOf(turn, { scope, registry: DatabaseName, schema: TableName, version });
  const columns = content === undefined ? undefined : columnsOf(content);
  if (columns === undefined) {
    const message =
      `Entity Not Found: there is no schema ${TableName} with columns in the registry ${DatabaseName} ` +
      '(Service: AWSGlue; Status Code: 400; Error Code: EntityNotFoundException)';
    return { problem: { code: 'DataFormatConversion.SchemaNotFound', message } };
  }
  return {
    columns,
    deserializer: deserializerOf(InputFormatConfiguration),
    parquet: parquetOf(OutputFormatConfiguration),
  };
}

/** AWS's text (hashicorp/terraform-provider-aws 17254); what Glue itself said stands behind it there. */
const GLUE_DENIED =
  'Access was denied when calling Glue. Please ensure that the role specified in the data format conversion configuration has the necessary permissions.';

function mayRead(
  turn: Turn,
  doc: Pick<StreamDoc, 'arn' | 'account'>,
  { roleArn, resource, account }: { readonly roleArn: string; readonly resource: string; readonly account: string },
): boolean {
  if (!mayAssumeRole(turn, doc, roleArn)) return false;
  const principal = sessionOf(turn, doc, roleArn);
  const asked = { action: 'glue:GetTableVersions', resource, resourceAccount: account, principal };
  return turn.authorize(asked).isAllowed;
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
