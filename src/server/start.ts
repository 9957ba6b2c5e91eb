// `eddy start`: configuration, server, signals. Whatever keeps it from starting is one sentence and an exit code.

import { StartupProblem } from '#base/startup-problem.ts';
import { isOutOfSpace } from '#storage/file/disk.ts';
import { StorageCorruption } from '#storage/journal.ts';
import { printBanner } from './banner.ts';
import { type Config, readConfig } from './config/config.ts';
import { Diagnostics } from './diagnostics.ts';
import { openServer, type RunningServer } from './lifecycle.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

export async function startProcess(args: readonly string[]): Promise<void> {
  let config: Config;
  let server: RunningServer;
  try {
    config = readConfig(args, process.env);
    const { dataDir } = config;
    const diagnostics = new Diagnostics(config);
    server = await openServer(config, diagnostics, (error) => endAtOnce(diagnostics, error, dataDir));
    onSignals(server, diagnostics);
    printBanner(diagnostics, config, server.url);
  } catch (problem) {
    if (problem instanceof StartupProblem || problem instanceof StorageCorruption) {
      const code = problem instanceof StartupProblem ? problem.code : 'STO-07';
      process.stderr.write(`eddy: ${problem.message} [${code}]\n`);
      process.exit(code.startsWith('CFG') ? EXIT_USAGE : EXIT_FAILED);
    }
    process.stderr.write(
      `eddy: it could not start, for a reason that is a defect of Eddy's own:\n${(problem as Error).stack}\n`,
    );
    process.exit(EXIT_FAILED);
  }
}

/** Memory and journal may differ: nothing more is answered; the next start replays what is durable. */
function endAtOnce(diagnostics: Diagnostics, error: Error, dataDir: string): never {
  const full = fullDiskSentence(error, dataDir);
  if (full !== undefined) diagnostics.problem(full);
  else diagnostics.problem('the process ends, because it cannot go on safely; start it again to continue', error);
  process.exit(EXIT_FAILED);
}

/** A full disk is the operator's to mend, no defect: a sentence instead of a stack. */
export function fullDiskSentence(error: Error, dataDir: string): string | undefined {
  if (!isOutOfSpace(error)) return undefined;
  return `The disk of the data directory ${dataDir} is full: ${error.message}. What was acknowledged is on it; make room and start again. [STO-06]`;
}

function onSignals(server: RunningServer, diagnostics: Diagnostics): void {
  let isEnding = false;
  const end = (signal: NodeJS.Signals): void => {
    if (isEnding) {
      // Asked twice: what is durable stays durable.
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    isEnding = true;
    diagnostics.info('Ending: requests in progress are answered first.');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        diagnostics.problem('the end was not clean; nothing acknowledged is lost', error);
        process.exit(EXIT_FAILED);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
