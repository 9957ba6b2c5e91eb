// `eddy doctor`: looks at what usually goes wrong on a machine, and says what to do about it.

import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Interpreters } from '#runtime/functions/interpreters.ts';
import { OPTIONS, OTHER_VARIABLES, variableOf } from '#server/config/options.ts';
import type { ServerClient } from '../server-client.ts';

const run = promisify(execFile);

export interface Finding {
  readonly what: string;
  readonly verdict: 'good' | 'note' | 'bad';
  readonly detail: string;
}

export async function doctor(
  client: ServerClient,
  dataDir: string,
  isJson: boolean,
): Promise<{ readonly text: string; readonly isHealthy: boolean }> {
  const findings = await Promise.all([
    nodeVersion(),
    port(client),
    dataDirectory(resolve(dataDir)),
    functions(),
    awsCli(client.endpoint),
    localNames(),
    variables(process.env),
  ]);
  const isHealthy = findings.every((finding) => finding.verdict !== 'bad');
  if (isJson) return { text: findings.map((finding) => JSON.stringify(finding)).join('\n'), isHealthy };
  const text = findings
    .map(({ what, verdict, detail }) => `${verdict.padEnd(5)} ${what.padEnd(16)} ${detail}`)
    .join('\n');
  return { text, isHealthy };
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  const detail = isEnough ? `Node ${process.versions.node}` : `Node ${process.versions.node}: 20.19 or newer is needed`;
  return { what: 'node', verdict: isEnough ? 'good' : 'bad', detail };
}

async function port(client: ServerClient): Promise<Finding> {
  const { port: text, hostname } = new URL(client.endpoint);
  const number = Number(text === '' ? '80' : text);
  if ((await client.probe('/_eddy/live')) === 200) {
    return { what: 'port', verdict: 'good', detail: `Eddy answers at ${client.endpoint}` };
  }
  const problem = await listenProblem(number, hostname);
  if (problem === undefined) return { what: 'port', verdict: 'good', detail: `${number} is free` };
  return { what: 'port', verdict: 'bad', detail: `${number} cannot be used (${problem}): take another with --port` };
}

function listenProblem(number: number, host: string): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(number, host, () => server.close(() => done(undefined)));
  });
}

/** How long the disk takes to make a small write durable decides what a single client gets. */
function dataDirectory(folder: string): Finding {
  const what = 'data directory';
  const path = join(folder, `doctor-${process.pid}`);
  const isNew = !existsSync(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(path, 'w');
    const started = performance.now();
    const rounds = 20;
    for (let i = 0; i < rounds; i += 1) {
      writeSync(file, 'eddy');
      fsyncSync(file);
    }
    const ms = (performance.now() - started) / rounds;
    closeSync(file);
    rmSync(path);
    const { bavail, bsize } = statfsSync(folder);
    if (isNew) rmdirSync(folder);
    const freeGib = (bavail * bsize) / 2 ** 30;
    const detail = `${folder}: fsync takes ${ms.toFixed(2)} ms, ${freeGib.toFixed(1)} GiB free`;
    if (freeGib < 1) return { what, verdict: 'bad', detail: `${detail}; make room` };
    return { what, verdict: ms > 20 ? 'note' : 'good', detail: ms > 20 ? `${detail}; a slow disk` : detail };
  } catch (error) {
    return { what, verdict: 'bad', detail: `${folder} cannot be written: ${(error as Error).message}` };
  }
}

/** Looked for as the server does, in version managers' folders, too. */
async function functions(): Promise<Finding> {
  const what = 'functions';
  const runnable = await new Interpreters().describeRunnable();
  if (runnable.includes('python')) return { what, verdict: 'good', detail: runnable };
  return { what, verdict: 'note', detail: `${runnable}; no Python 3: its functions will be refused` };
}

async function awsCli(endpoint: string): Promise<Finding> {
  const version = await versionOf('aws', ['--version']);
  if (version === undefined) return { what: 'aws cli', verdict: 'note', detail: 'not installed' };
  if (!version.startsWith('aws-cli/1.')) return { what: 'aws cli', verdict: 'good', detail: version };
  const detail = `${version}: version 1 ignores AWS_ENDPOINT_URL for sqs; use \`eddy aws\` or --endpoint-url ${endpoint}`;
  return { what: 'aws cli', verdict: 'note', detail };
}

async function versionOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, [...args], { timeout: 10_000 });
    return (stdout || stderr).trim().split('\n')[0];
  } catch {
    return undefined;
  }
}

async function localNames(): Promise<Finding> {
  const what = 'names';
  try {
    const { address } = await lookup('localhost');
    const subdomain = await lookup('eddy.localhost').then(
      () => 'and *.localhost',
      () => 'but not *.localhost: use path-style queue URLs, which is what Eddy gives out',
    );
    return { what, verdict: 'good', detail: `localhost is ${address}, ${subdomain}` };
  } catch {
    return { what, verdict: 'note', detail: 'localhost does not resolve: use 127.0.0.1' };
  }
}

function variables(environment: Readonly<Record<string, string | undefined>>): Finding {
  const known: readonly string[] = [...OPTIONS.map((option) => variableOf(option.name)), ...OTHER_VARIABLES];
  const unknown = Object.keys(environment).filter((name) => name.startsWith('EDDY_') && !known.includes(name));
  const what = 'environment';
  if (unknown.length > 0) return { what, verdict: 'bad', detail: `not known: ${unknown.join(', ')}` };
  const proxy = environment['HTTP_PROXY'] ?? environment['http_proxy'];
  const bypass = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  if (proxy !== undefined && !/localhost|127\.0\.0\.1|\*/.test(bypass)) {
    return { what, verdict: 'note', detail: 'an HTTP proxy is set: add 127.0.0.1,localhost to NO_PROXY' };
  }
  return {
    what,
    verdict: 'good',
    detail: environment['AWS_ENDPOINT_URL'] ?? 'AWS_ENDPOINT_URL is not set: eval $(eddy env)',
  };
}
