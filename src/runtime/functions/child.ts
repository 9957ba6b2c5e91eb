// One child process: started in its own process group through a shell that joins both outputs and forbids core dumps, so
// that lines come in the order they were written; ended as a whole group. It ends by itself when this server is gone: our
// runtime clients watch the pipe on descriptor 3, other runtimes lose their Runtime API connection.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ChildListener {
  output(piece: Buffer): void;
  /** All output that was written before the end has been given. */
  exited(exit: ChildExit): void;
  /** The program could not be started at all. */
  failed(error: Error): void;
}

export interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Record<string, string>;
}

const SHELL_TEXT = 'ulimit -c 0; exec "$@" 2>&1';

export class Child {
  private readonly process: ChildProcess;
  private hasExited = false;

  constructor(start: ChildCommand, listener: ChildListener) {
    this.process = spawn('/bin/sh', ['-c', SHELL_TEXT, 'function', start.command, ...start.args], {
      cwd: start.folder,
      env: start.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    for (const pipe of [this.process.stdout, this.process.stderr] as Readable[]) {
      pipe.on('data', (piece: Buffer) => listener.output(piece));
    }
    this.process.on('error', (error) => listener.failed(error));
    this.process.on('exit', (code, signal) => {
      this.hasExited = true;
      // Output may still be in the pipe, and 'close' would wait for processes that inherited it.
      afterPendingOutput(() => {
        this.killGroup();
        for (const pipe of this.process.stdio) pipe?.destroy();
        listener.exited({ code, signal });
      });
    });
    // A server that wants to end must not be held by a warm environment.
    this.process.unref();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  kill(): void {
    if (!this.hasExited) this.killGroup();
  }

  private killGroup(): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // The group is already empty.
    }
  }
}

/**
 * Runs `act` once whatever a child had written has been read: two passes of the event loop, each of which reads all pipes
 * that have something.
 */
export function afterPendingOutput(act: () => void): void {
  setImmediate(() => setImmediate(act));
}
