// One COPY of objects that are in the bucket already. A database that is Redshift gets the statement that AWS sends, and fetches the objects
// itself. Plain PostgreSQL knows no S3: it is given the objects' bytes (`COPY … FROM STDIN`), as far as its COPY can do what the options say.
// AWS: Firehose developer guide, "Data delivery format", and Redshift database developer guide, "COPY".

import type { Client } from 'pg';
import type { DeliveryResult, RedshiftCopy } from '#services/firehose/performing.ts';
import type { BlobStore } from '#storage/journal.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { LakeThread } from '../lake-thread.ts';
import type { CopiedRows, CopyRows } from '../work/copy-rows.ts';
import { copyFromClient } from './copy-from-client.ts';
import { type CopyOptions, parseCopyOptions } from './copy-options.ts';
import { type JdbcUrl, parseJdbcUrl } from './jdbc-url.ts';
import { LoadProblem, redshiftFailure, redshiftFailureOf } from './redshift-errors.ts';

export interface RedshiftParts {
  readonly client: HttpClient;
  readonly thread: LakeThread;
  readonly blobs: BlobStore;
}

const CONNECT_MS = 30_000;
/** A COPY may take long; a database that never answers must not hold a batch for ever. */
const STATEMENT_MS = 15 * 60_000;

export async function copyToRedshift(parts: RedshiftParts, copy: RedshiftCopy): Promise<DeliveryResult> {
  const url = parseJdbcUrl(copy.jdbcUrl);
  if (url === undefined) return redshiftFailure('ConnectionFailed', 'the JDBC URL has no known form', false);
  let database: Client | undefined;
  try {
    database = await connected(parts.client, url, copy);
    const { rows } = await database.query<{ version: string }>('SELECT version()');
    const isPlain = !/redshift/i.test(rows[0]?.version ?? 'redshift');
    await (isPlain ? loadFromHere(database, parts, copy) : database.query(copyStatement(copy)));
    return { outcome: 'delivered', refused: [] };
  } catch (error) {
    return redshiftFailureOf(error, url.host);
  } finally {
    await database?.end().catch(() => {});
  }
}

async function connected(client: HttpClient, url: JdbcUrl, { username, password }: RedshiftCopy): Promise<Client> {
  const { host, port, database } = url;
  const { address, isSecure } = await addressOf(client, url);
  const { default: pg } = await import('pg');
  const opened = new pg.Client({
    host: address,
    port,
    database,
    user: username,
    password,
    ...(isSecure ? { ssl: { servername: host } } : { ssl: false }),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'Amazon Kinesis Firehose',
  });
  // A connection that breaks between two statements; the next one fails with it.
  opened.on('error', () => {});
  await opened.connect();
  return opened;
}

/** With TLS when the URL says so, or when the address is one that nothing goes to without. */
async function addressOf(
  client: HttpClient,
  { host, port, isSecure }: JdbcUrl,
): Promise<{ address: string; isSecure: boolean }> {
  const first = async (secure: boolean) => {
    const [found] = await client.addressesOf({ host, port, isSecure: secure });
    return { address: found?.address ?? host, isSecure: secure };
  };
  if (isSecure !== undefined) return first(isSecure);
  return first(false).catch(() => first(true));
}

/** The one that AWS sends. Table, columns and options are the user's own text. */
export function copyStatement({ table, columns, manifestUrl, roleArn, copyOptions }: RedshiftCopy): string {
  const target = columns === undefined || columns === '' ? table : `${table} (${columns})`;
  const options = copyOptions === undefined || copyOptions === '' ? '' : ` ${copyOptions.replace(/;\s*$/, '')}`;
  return `COPY ${target} FROM ${literal(manifestUrl)} CREDENTIALS ${literal(`aws_iam_role=${roleArn}`)} MANIFEST${options};`;
}

async function loadFromHere(database: Client, parts: RedshiftParts, copy: RedshiftCopy): Promise<void> {
  const options = parseCopyOptions(copy.copyOptions ?? '');
  const columns = options.format === 'json' ? await columnsOf(database, copy) : [];
  const objects: Uint8Array[] = [];
  for (const { blob, url } of copy.objects) {
    const bytes = await parts.blobs.get(blob);
    if (bytes === undefined) throw new LoadProblem('MissingS3File', url);
    objects.push(bytes);
  }
  const { format, isGzip, headerLines, ignoresCase } = options;
  const input: CopyRows = { options: { format, isGzip, headerLines, ignoresCase }, columns };
  const copied = await parts.thread.run<CopiedRows>('copy-rows', input, objects);
  if ('problem' in copied) throw new LoadProblem('DataLoadFailed', copied.problem);
  const names = columns.length > 0 ? columns.map(identifier).join(', ') : copy.columns;
  const target = names === undefined || names === '' ? copy.table : `${copy.table} (${names})`;
  await copyFromClient(database, `COPY ${target} FROM STDIN WITH (${withOptions(options)})`, copied.rows);
}

/** Those that were named, else the table's own, as the database spells them. */
async function columnsOf(database: Client, { table, columns }: RedshiftCopy): Promise<readonly string[]> {
  if (columns !== undefined && columns !== '') {
    return columns.split(',').map((name) => {
      const quoted = /^\s*"(.*)"\s*$/.exec(name)?.[1];
      return quoted === undefined ? name.trim().toLowerCase() : quoted.replaceAll('""', '"');
    });
  }
  const { rows } = await database.query<{ attname: string }>(
    'SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
    [table],
  );
  return rows.map(({ attname }) => attname);
}

function withOptions({ format, delimiter, quote, isEscaped, nullText }: CopyOptions): string {
  if (format === 'json') return 'FORMAT text';
  const shared = `DELIMITER ${literal(delimiter)}, NULL ${literal(nullText)}`;
  if (format === 'csv') return `FORMAT csv, ${shared}, QUOTE ${literal(quote)}`;
  // Without ESCAPE a backslash is a character like others: PostgreSQL's CSV says so, with a quote that occurs in no text.
  return isEscaped ? `FORMAT text, ${shared}` : `FORMAT csv, ${shared}, QUOTE E'\\x01', ESCAPE E'\\x01'`;
}

/** Backslashes say nothing in either database's standard texts. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
