// The real server as a child process: started, killed without warning, started again over the same data directory.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly url: string;
  readonly startedMs: number;
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the exit code. */
  stop(): Promise<number | null>;
}

export async function startServer(options: {
  readonly dataDirectory: string;
  readonly extra?: readonly string[];
}): Promise<ServerProcess> {
  const startedAt = performance.now();
  const args = ['bin/eddy.mjs', 'start', '--port', '0', '--data-dir', options.dataDirectory, ...(options.extra ?? [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes.toString()));
  const url = await readUrl(child, errors);
  const startedMs = performance.now() - startedAt;
  return {
    url,
    startedMs,
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function readUrl(child: ChildProcess, errors: readonly string[]): Promise<string> {
  let url: string | undefined;
  const ended = once(child, 'exit').then(() => undefined);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ready = (async () => {
    for await (const line of lines) {
      url ??= /https?:\/\/[^\s]+/.exec(line)?.[0];
      if (line === 'Ready.') return url;
    }
    return undefined;
  })();
  const found = await Promise.race([ready, ended]);
  if (found === undefined) throw new Error(`the server did not start: ${errors.join('')}`);
  // The pipe must be read on, or the server would block on it.
  (child.stdout as NodeJS.ReadableStream).resume();
  return found;
}
