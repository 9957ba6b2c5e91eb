// Starts what the bench measures, each as a process of its own, and ends exactly those.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

export interface Running {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** From spawn to ready, milliseconds. */
  readonly startedMs: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export const ROOT_KEY = {
  accessKeyId: 'AKIABENCHBENCHBENCH1',
  secretAccessKey: 'benchBenchBenchBenchBenchBenchBenchBench',
};

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

function running(name: string, child: ChildProcess, url: string, startedAt: number): Running {
  return {
    name,
    url,
    pid: child.pid as number,
    startedMs: performance.now() - startedAt,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

/** Resolves when the child prints a line that the pattern finds. */
async function untilPrinted(name: string, child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const read = (bytes: Buffer): void => {
      text += bytes.toString();
      if (pattern.test(text)) resolve(text);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', () => reject(new Error(`${name} ended: ${text.slice(-500)}`)));
  });
}

export interface EddyOptions {
  readonly dataDirectory: string;
  readonly args?: readonly string[];
}

/** The built server, signatures strict, on disk. */
export async function startEddy(options: EddyOptions): Promise<Running> {
  const startedAt = performance.now();
  const args = [
    // As npm start and the program's first line have it.
    '--max-semi-space-size=64',
    '--initial-old-space-size=128',
    'bin/eddy.mjs',
    'start',
    '--port',
    '0',
    '--auth',
    'strict',
    '--data-dir',
    options.dataDirectory,
  ];
  const env = {
    ...process.env,
    EDDY_ROOT_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
  };
  const child = spawn(process.execPath, [...args, ...(options.args ?? [])], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = await untilPrinted('eddy', child, /^Ready\.$/m);
  const url = /http:\/\/[^\s]+/.exec(text)?.[0] as string;
  return running('eddy', child, url, startedAt);
}

/** A bare node:http server that answers with the file's bytes. */
export async function startFixed(file: string): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['bench/fixed-server.mjs', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = await untilPrinted('fixed', child, /\n/);
  const { port } = JSON.parse(text) as { port: number };
  return running('node:http with fixed bytes', child, `http://127.0.0.1:${port}`, startedAt);
}

export async function startEcho(): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['bench/echo-server.mjs'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = await untilPrinted('echo', child, /\n/);
  return running('node:http echo', child, `http://127.0.0.1:${(JSON.parse(text) as { port: number }).port}`, startedAt);
}

/** fauxqs with SQLite, or why it cannot be started. It needs Node 22: `bench/peers` brings one. */
export async function startFauxqs(dataDirectory: string): Promise<Running | string> {
  const node = 'bench/peers/node_modules/node/bin/node';
  const main = 'bench/peers/node_modules/fauxqs/dist/server.js';
  if (!existsSync(node) || !existsSync(main)) return 'not installed (npm install --prefix bench/peers)';
  const port = await freePort();
  const startedAt = performance.now();
  const env = {
    ...process.env,
    FAUXQS_PORT: String(port),
    FAUXQS_HOST: '127.0.0.1',
    FAUXQS_DATA_DIR: dataDirectory,
    FAUXQS_PERSISTENCE: 'true',
    FAUXQS_LOGGER: 'false',
  };
  const child = spawn(node, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout?.resume();
  child.stderr?.resume();
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url);
  return running('fauxqs with SQLite', child, url, startedAt);
}

export async function startMoto(): Promise<Running | string> {
  if (spawnSync('moto_server', ['--version']).status === null) return 'moto_server is not on the PATH';
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url);
  return running('moto_server', child, url, startedAt);
}

/** kinesalite on LevelDB, or why it cannot be started. */
export async function startKinesalite(path: string): Promise<Running | string> {
  const main = 'bench/peers/node_modules/kinesalite/cli.js';
  if (!existsSync(main)) return 'not installed (npm install --prefix bench/peers)';
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, '--port', String(port), '--path', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilPrinted('kinesalite', child, /Listening/);
  return running('kinesalite on LevelDB', child, `http://127.0.0.1:${port}`, startedAt);
}

/** kinesis-local (kinesis-mock), which keeps everything in memory, or why it cannot be started. */
export async function startKinesisLocal(): Promise<Running | string> {
  const folder = 'bench/peers/node_modules/kinesis-local';
  if (!existsSync(`${folder}/main.js`)) return 'not installed (npm install --prefix bench/peers)';
  const [tls, plain] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const env = {
    ...process.env,
    KINESIS_MOCK_TLS_PORT: String(tls),
    KINESIS_MOCK_PLAIN_PORT: String(plain),
    KINESIS_MOCK_CERT_PATH: 'server.json',
    LOG_LEVEL: 'ERROR',
  };
  const child = spawn(process.execPath, ['main.js'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'ignore'] });
  const url = `http://127.0.0.1:${plain}`;
  await untilAnswers(url);
  return running('kinesis-local', child, url, startedAt);
}

async function untilAnswers(url: string): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${url} does not answer`);
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(line) * 1024;
}

export interface LoadReport {
  readonly requestsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly serverMicrosPerRequest?: number;
  readonly serverLoadPercent?: number;
}

/** One run of the load driver in a process of its own. */
export async function load(server: Running, options: Readonly<Record<string, string | true>>): Promise<LoadReport> {
  const args = ['bench/load/driver.mjs', '--url', server.url, '--server-pid', String(server.pid)];
  args.push('--access-key', ROOT_KEY.accessKeyId, '--secret-key', ROOT_KEY.secretAccessKey);
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, ...(value === true ? [] : [value]));
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await once(child, 'close');
  return JSON.parse(text) as LoadReport;
}

export interface DrainReport {
  readonly bytesPerSecond: number;
  readonly answersPerSecond: number;
}

/** Asks the same thing as fast as answers come, in a process of its own; see bench/load/drain.mjs. */
export async function drain(server: Running, options: Readonly<Record<string, string>>): Promise<DrainReport> {
  const args = ['bench/load/drain.mjs', '--url', server.url];
  args.push('--access-key', ROOT_KEY.accessKeyId, '--secret-key', ROOT_KEY.secretAccessKey);
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, value);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await once(child, 'close');
  return JSON.parse(text) as DrainReport;
}

/** Another client, in a process of its own: what it waits is the server's doing. */
export async function startCanary(
  server: Running,
): Promise<{ end(): Promise<{ readonly median: number; readonly longest: number }> }> {
  const child = spawn(process.execPath, ['bench/load/canary.mjs', `${server.url}/_eddy/health`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await untilPrinted('canary', child, /^asking$/m);
  return {
    async end() {
      child.kill();
      await once(child, 'close');
      return JSON.parse(text.slice(text.indexOf('{')));
    },
  };
}
