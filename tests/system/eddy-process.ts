// The real program as a child process on a free port, with a data directory of its own: what the system tests talk to, through its URL.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(PROJECT, 'bin', 'eddy.mjs');

export interface EddyProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Sends the signal, waits for the end, gives the exit code (null after a signal). */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the tests without what would lead a client, or Eddy, somewhere else. */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(EDDY_|AWS_|TF_|NODE_OPTIONS|VITEST)/.test(name));
  return { ...Object.fromEntries(kept), ...added };
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'eddy-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when the program says that it is ready; rejects with what it said when it ends before. */
export async function startEddy(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<EddyProcess> {
  const child = spawn(process.execPath, [PROGRAM, 'start', '--port', '0', ...args], {
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (piece: Buffer): void => {
      output += piece.toString();
      if (/^Ready\.$/m.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`eddy ended with ${code}: ${output}`)));
  });
  const url = /http:\/\/\S+/.exec(output)?.[0] ?? '';
  return { url, pid: child.pid ?? 0, output: () => output, end: (signal = 'SIGTERM') => endOf(child, signal) };
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, 'exit');
  return child.exitCode;
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly input?: string } = {},
): Promise<Ended> {
  const { env = cleanEnvironment(), cwd = PROJECT, input = '' } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Our own command line. */
export async function eddy(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const ended = await run(process.execPath, [PROGRAM, ...args], { env: cleanEnvironment(environment) });
  // The launcher says so when the source is newer than the bundle.
  return { ...ended, stderr: ended.stderr.replace(/^Building …\n/, '') };
}

/** Why a program cannot be used here, or undefined when it can. */
export async function whyMissing(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stderr } = await run(program, args);
    return code === 0 ? undefined : `${program} does not work here: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  } catch {
    return `${program} is not installed`;
  }
}
