// Runs somebody else's program in our place: same terminal, same signals, same exit code.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CommandProblem, EXIT } from './exit-codes.ts';

export function runProgram(program: string, args: readonly string[], added: Record<string, string>): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...added } });
  // The terminal sends its signals to the whole group; this process waits for the program to decide.
  const ignore = (): void => {};
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const sentence = isMissing ? `${program} is not installed, or not in PATH.` : error.message;
      reject(new CommandProblem(EXIT.failed, sentence));
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
