// Child processes of the demo: started until they say that they are ready, ended one by one by their own handle.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Started {
  readonly pid: number;
  /** What it printed when it was ready. */
  readonly said: string;
  /** Everything printed so far. */
  output(): string;
  /** Sends the signal and waits for the end; gives the exit code, null after a signal. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Program {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly isReady: RegExp;
}

/** Not what would lead a client, Eddy or Node somewhere else than it was told. */
export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|EDDY_|NODE_OPTIONS|VITEST)/.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

export async function start({ args, env, cwd, isReady }: Program): Promise<Started> {
  const child = spawn(process.execPath, args, {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = '';
  const said = await new Promise<string>((resolve, reject) => {
    const read = (piece: Buffer): void => {
      // Of what goes on and on, the latest is enough.
      output = (output + piece.toString()).slice(-64_000);
      if (isReady.test(output)) resolve(output);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${output}`)));
  });
  return { pid: child.pid ?? 0, said, output: () => output, end: (signal = 'SIGTERM') => endOf(child, signal) };
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, 'exit');
  return child.exitCode;
}

/** Runs a program of Node's to its end; rejects with what it said when that was a failure. */
export async function run(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, args, { cwd, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${output}`);
}
