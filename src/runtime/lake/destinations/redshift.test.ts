import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COPY_TO_REDSHIFT, type DeliveryResult, type RedshiftCopy } from '#services/firehose/performing.ts';
import { testLake } from '../testing.ts';
import { listening } from './testing.ts';

/** Debian keeps the server's programs out of the path, by version. */
const DEBIAN = '/usr/lib/postgresql';
const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []),
];
const programs = FOLDERS.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')));
/** PostgreSQL does not run as root: its own user does then. */
const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
const isPossible = programs !== undefined && (process.getuid?.() !== 0 || account !== undefined);

function accountOf(name: string): { readonly uid: number; readonly gid: number } | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

const BASE = {
  username: 'postgres',
  password: 'secret',
  table: 'orders',
  roleArn: 'arn:aws:iam::000000000000:role/firehose',
  manifestUrl: 's3://lake/manifests/1',
};

async function copy(
  change: Partial<RedshiftCopy> & Pick<RedshiftCopy, 'jdbcUrl'>,
  objects: readonly (string | Uint8Array)[] = [],
) {
  const lake = testLake();
  const named = objects.map((_, i) => ({ url: `s3://lake/${i}`, blob: `s3/${i}` }));
  for (const [i, object] of objects.entries()) await lake.blobs.put(`s3/${i}`, Buffer.from(object as string));
  return lake.perform<DeliveryResult>(COPY_TO_REDSHIFT, { ...BASE, objects: named, ...change });
}

/** `undefined` when there is no such port to be had in time. */
async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const DONE = { outcome: 'delivered', refused: [] };

describe.skipIf(!isPossible)('with a PostgreSQL server (skipped where none is installed)', () => {
  let folder = '';
  let port = 0;
  let server: ReturnType<typeof spawn> | undefined;
  const url = (database = 'postgres'): string => `jdbc:redshift://127.0.0.1:${port}/${database}`;

  async function sql<T>(text: string, database = 'postgres'): Promise<readonly T[]> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: 'secret',
      database,
    });
    await client.connect();
    try {
      return (await client.query(text)).rows as T[];
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'eddy-postgres-'));
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    chmodSync(folder, 0o700);
    const data = join(folder, 'data');
    const password = join(folder, 'password');
    const identity = account ?? {};
    execFileSync('sh', ['-c', 'printf secret > "$0"', password], identity);
    const options = [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${password}`,
      '--no-sync',
      '-E',
      'UTF8',
    ];
    execFileSync(join(programs as string, 'initdb'), options, { ...identity, stdio: 'ignore' });
    port = await freePort();
    const settings = [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
    ];
    server = spawn(join(programs as string, 'postgres'), settings, {
      ...identity,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      let told = '';
      server?.stderr?.on('data', (piece) => {
        told += piece;
        if (told.includes('ready to accept connections')) resolve();
      });
      server?.on('exit', () => reject(new Error(told)));
    });
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => server?.on('exit', resolve));
    server?.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  async function emptyTable(): Promise<void> {
    await sql(
      'DROP TABLE IF EXISTS orders; CREATE TABLE orders (id bigint NOT NULL, name text, total numeric(20,2), data jsonb)',
    );
  }

  const stored = (): Promise<readonly unknown[]> => sql('SELECT id, name, total, data FROM orders ORDER BY id');

  test("JSON 'auto': members by the names of columns, in several objects", async () => {
    await emptyTable();
    const objects = [
      '{"id":1,"name":"a\\tb\\\\c\\n","total":1.005,"data":{"x":[1,"ä"]}}{"id":9007199254740993,"more":1}\n',
      '{"id":2,"name":null,"NAME":"no"}',
    ];
    expect(await copy({ jdbcUrl: url(), copyOptions: "JSON 'auto'" }, objects)).toEqual(DONE);
    expect(await stored()).toEqual([
      { id: '1', name: 'a\tb\\c\n', total: '1.01', data: { x: [1, 'ä'] } },
      { id: '2', name: null, total: null, data: null },
      { id: '9007199254740993', name: null, total: null, data: null },
    ]);
  });

  test('CSV, compressed, with a header and named columns', async () => {
    await emptyTable();
    const object = gzipSync('name,id\n"a, ""b""",1\n\\n,2\n');
    const options = { columns: 'name, id', copyOptions: "CSV GZIP IGNOREHEADER 1 REGION 'eu-central-1'" };
    expect(await copy({ jdbcUrl: url(), ...options }, [object])).toEqual(DONE);
    expect(await stored()).toMatchObject([
      { id: '1', name: 'a, "b"' },
      { id: '2', name: '\\n' },
    ]);
  });

  test('text between bars, a backslash as it is; with ESCAPE it escapes', async () => {
    await emptyTable();
    expect(await copy({ jdbcUrl: url(), columns: 'id,name' }, ['1|a\\b', '2|\\N\n'])).toEqual(DONE);
    expect(await copy({ jdbcUrl: url(), columns: 'id,name', copyOptions: 'ESCAPE' }, ['3|a\\|b\n'])).toEqual(DONE);
    expect(await stored()).toMatchObject([{ name: 'a\\b' }, { name: null }, { name: 'a|b' }]);
  });

  test('many rows pass in pieces', async () => {
    await emptyTable();
    const object = Array.from({ length: 100_000 }, (_, i) => `${i}|name of ${i}\n`).join('');
    expect(await copy({ jdbcUrl: url(), columns: 'id,name' }, [object])).toEqual(DONE);
    expect(await sql('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 100_000 }]);
  });

  test('all rows or none', async () => {
    await emptyTable();
    const result = await copy({ jdbcUrl: url(), columns: 'id,name' }, ['1|a\nx|b\n']);
    expect(result).toMatchObject({ outcome: 'failed', code: 'Redshift.DataLoadFailed', isRetryable: true });
    expect('message' in result && result.message).toContain('invalid input syntax for type bigint');
    expect(await stored()).toEqual([]);
  });

  test('a database that says it is Redshift gets the statement of AWS', async () => {
    await sql('CREATE DATABASE cluster');
    await sql('ALTER DATABASE cluster SET search_path = public, pg_catalog');
    await sql(
      "CREATE FUNCTION public.version() RETURNS text LANGUAGE sql AS $$ SELECT 'PostgreSQL 8.0.2, Redshift 1.0.12103'::text $$",
      'cluster',
    );
    const result = await copy({ jdbcUrl: url('cluster'), copyOptions: "JSON 'auto'" });
    // PostgreSQL itself does not know it: what it stumbles at shows what was sent.
    expect(result).toMatchObject({ code: 'Redshift.SyntaxError' });
    expect('message' in result && result.message).toContain('at or near "CREDENTIALS"');
  });

  test.each([
    [{ table: 'nothing' }, 'Redshift.TableNotFound'],
    [{ columns: 'id,nothing' }, 'Redshift.ColumnNotFound'],
    [{ table: 'orders (' }, 'Redshift.SyntaxError'],
    [{ columns: 'name' }, 'Redshift.MissingColumn'],
    [{ columns: 'name,total', copyOptions: "JSON 'auto'" }, 'Redshift.MissingColumn'],
    [{ columns: 'id', copyOptions: 'PARQUET' }, 'Redshift.IncorrectCopyOptions'],
    [{ copyOptions: "JSON 'auto' GZIP" }, 'Redshift.DataLoadFailed'],
    [{ password: 'wrong' }, 'Redshift.AuthenticationFailed'],
    [{ jdbcUrl: 'nothing' }, 'Redshift.DatabaseNotFound'],
    [{ objects: [{ url: 's3://lake/gone', blob: 's3/gone' }] }, 'Redshift.MissingS3File'],
  ])('%j fails with %s', async (change, code) => {
    await emptyTable();
    const { jdbcUrl, ...rest } = { jdbcUrl: 'postgres', ...change };
    expect(await copy({ jdbcUrl: url(jdbcUrl), columns: 'id,name', ...rest }, ['{"id":1}'])).toMatchObject({ code });
  });
});

describe('without a database', () => {
  test.each([
    ['jdbc:redshift://127.0.0.1:9/dev', 'ECONNREFUSED'],
    ['jdbc:redshift://169.254.169.254:5439/dev', 'never'],
    ['http://127.0.0.1/', 'no known form'],
  ])('%s fails, and says why', async (jdbcUrl, detail) => {
    const result = await copy({ jdbcUrl });
    expect(result).toMatchObject({ outcome: 'failed', code: 'Redshift.ConnectionFailed' });
    expect('message' in result && result.message).toContain(detail);
  });

  test('a server that closes the connection', async () => {
    const port = await listening(createSocketServer((socket) => socket.destroy()));
    expect(await copy({ jdbcUrl: `jdbc:redshift://127.0.0.1:${port}/dev` })).toMatchObject({
      code: 'Redshift.ConnectionFailed',
      isRetryable: true,
    });
  });
});
