// What went wrong at the database. AWS: Firehose developer guide, "Amazon Redshift data delivery errors" (codes and texts); SQLSTATEs:
// PostgreSQL, "PostgreSQL Error Codes", which Redshift shares.

import type { FailedDelivery } from '#services/firehose/performing.ts';
import { failureOf, OutboundFailure } from '../../outbound/failures.ts';
import { UnknownCopyOption } from './copy-options.ts';
import { failedDelivery } from './destination.ts';

const TEXTS = {
  TableNotFound: 'The table to which to load data was not found. Ensure that the specified table exists.',
  SyntaxError: 'The COPY command contains a syntax error. Retry the command.',
  AuthenticationFailed:
    'The provided user name and password failed authentication. Provide a valid user name and password.',
  DataLoadFailed: 'Loading data into the table failed. Check STL_LOAD_ERRORS system table for details.',
  ColumnNotFound: 'A column in the COPY command does not exist in the table. Specify a valid column name.',
  DatabaseNotFound:
    'The database specified in the Amazon Redshift destination configuration or JDBC URL was not found. Specify a valid database name.',
  IncorrectCopyOptions:
    'Conflicting or redundant COPY options were provided. Some options are not compatible in certain combinations. Check the COPY command ' +
    'reference for more info.',
  MissingColumn:
    'There is a column defined in the table schema as NOT NULL without a DEFAULT value and not included in the column list. Exclude this ' +
    'column, ensure that the loaded data always provides a value for this column, or add a default value to the Amazon Redshift schema for ' +
    'this table.',
  ConnectionFailed:
    'The connection to the specified Amazon Redshift cluster failed. Ensure that security settings allow Firehose connections, that the ' +
    'cluster or database specified in the Amazon Redshift destination configuration or JDBC URL is correct, and that the cluster is available.',
  MissingS3File:
    'One or more S3 files required by Amazon Redshift have been removed from the S3 bucket. Check the S3 bucket policies to remove any ' +
    'automatic deletion of S3 files.',
  InsufficientPrivilege:
    'The user does not have permissions to load data into the table. Check the Amazon Redshift user permissions for the INSERT privilege.',
  ReadOnlyCluster: 'The query cannot be executed because the system is in resize mode. Try the query again later.',
  DiskFull:
    'Data could not be loaded because the disk is full. Increase the capacity of the Amazon Redshift cluster or delete unused data to free ' +
    'disk space.',
} as const;

type RedshiftError = keyof typeof TEXTS;

const OF_STATE: Readonly<Record<string, RedshiftError>> = {
  '42P01': 'TableNotFound',
  '3F000': 'TableNotFound',
  '42601': 'SyntaxError',
  '28P01': 'AuthenticationFailed',
  '28000': 'AuthenticationFailed',
  '42703': 'ColumnNotFound',
  '3D000': 'DatabaseNotFound',
  '23502': 'MissingColumn',
  '42501': 'InsufficientPrivilege',
  '25006': 'ReadOnlyCluster',
  '53100': 'DiskFull',
  '0A000': 'IncorrectCopyOptions',
  XX000: 'DataLoadFailed',
};

/** By the first two characters: data that does not fit, or breaks a rule of the table. */
const OF_CLASS: Readonly<Record<string, RedshiftError>> = {
  '22': 'DataLoadFailed',
  '23': 'DataLoadFailed',
  '08': 'ConnectionFailed',
};

/** The objects themselves cannot be loaded. */
export class LoadProblem extends Error {
  override readonly name = 'LoadProblem';
  constructor(
    readonly problem: RedshiftError,
    detail: string,
  ) {
    super(detail);
  }
}

export function redshiftFailure(error: RedshiftError, detail: string, isRetryable = true): FailedDelivery {
  return failedDelivery(`Redshift.${error}`, `${TEXTS[error]} (${detail})`, isRetryable);
}

export function redshiftFailureOf(error: unknown, host: string): FailedDelivery {
  if (error instanceof UnknownCopyOption) return redshiftFailure('IncorrectCopyOptions', error.message, false);
  if (error instanceof LoadProblem) return redshiftFailure(error.problem, error.message);
  if (error instanceof OutboundFailure) return redshiftFailure('ConnectionFailed', error.message);
  const { code, message, severity } = error as {
    readonly code?: string;
    readonly message?: string;
    readonly severity?: string;
  };
  if (severity !== undefined && code !== undefined) {
    const known = OF_STATE[code] ?? OF_CLASS[code.slice(0, 2)];
    const told = `${severity} ${code}: ${message}`;
    return known === undefined ? failedDelivery('InternalError', told) : redshiftFailure(known, told);
  }
  return redshiftFailure('ConnectionFailed', failureOf(error, host).detail);
}
