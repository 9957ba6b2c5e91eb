// Which program runs a runtime's functions on this machine: `python3.12` is the command of that name, wherever it is
// found to work, else the nearest newer Python 3; `nodejs*` is the Node that runs this server; `provided.*` is the
// function's own `bootstrap`. Nothing is looked for before a function asks; every answer is kept.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Interpreter {
  readonly kind: 'python' | 'node' | 'provided';
  /** Program to start; empty for `provided`, where it is the function's own file. */
  readonly command: string;
  /** What it says of itself: `Python 3.12.1`. */
  readonly version: string;
  /** Set when it is not what the runtime names: a line for the function's log. */
  readonly note?: string;
}

export type FoundInterpreter = Interpreter | { readonly missing: string };

interface Python {
  readonly minor: number;
  readonly command: string;
  readonly version: string;
}

/** Newest minor version that is looked for by name. */
const PYTHON_MINOR_MAX = 20;
const PYTHON_MINOR_MIN = 6;
const ANSWER_MS_MAX = 5_000;

export class Interpreters {
  private readonly pythons = new Map<number, Promise<Python | undefined>>();
  private readonly found = new Map<string, Promise<FoundInterpreter>>();

  constructor(private readonly environment: NodeJS.ProcessEnv = process.env) {}

  /** The program for a runtime, or why there is none. Never rejects. */
  find(runtime: string): Promise<FoundInterpreter> {
    let found = this.found.get(runtime);
    if (found === undefined) {
      found = this.search(runtime);
      this.found.set(runtime, found);
    }
    return found;
  }

  /** What this machine can run, for a refusal's text: `python3.11, python3.13, nodejs (v20.20.2), provided`. */
  async describeRunnable(): Promise<string> {
    const minors = Array.from({ length: PYTHON_MINOR_MAX - PYTHON_MINOR_MIN + 1 }, (_, i) => PYTHON_MINOR_MIN + i);
    const pythons = await Promise.all(minors.map((minor) => this.python(minor)));
    const names = pythons.filter((python) => python !== undefined).map((python) => `python3.${python.minor}`);
    return [...names, `nodejs (${process.version})`, 'provided (a bootstrap in the package)'].join(', ');
  }

  private async search(runtime: string): Promise<FoundInterpreter> {
    if (runtime.startsWith('nodejs')) return nodeFor(runtime);
    if (runtime.startsWith('provided')) return { kind: 'provided', command: '', version: runtime };
    const minor = /^python3\.(\d+)$/.exec(runtime)?.[1];
    if (minor !== undefined) return this.pythonFor(runtime, Number(minor));
    return { missing: `Nothing on this machine runs ${runtime}; it can run ${await this.describeRunnable()}.` };
  }

  private async pythonFor(runtime: string, wanted: number): Promise<FoundInterpreter> {
    for (let minor = wanted; minor <= PYTHON_MINOR_MAX; minor += 1) {
      const python = await this.python(minor);
      if (python === undefined) continue;
      const { command, version } = python;
      if (minor === wanted) return { kind: 'python', command, version };
      const note = `${runtime} is not on this machine: running on ${version} (${command}).`;
      return { kind: 'python', command, version, note };
    }
    const runnable = await this.describeRunnable();
    return { missing: `Neither ${runtime} nor a newer Python 3 is on this machine; it can run ${runnable}.` };
  }

  private python(minor: number): Promise<Python | undefined> {
    let python = this.pythons.get(minor);
    if (python === undefined) {
      python = this.askPythons(minor);
      this.pythons.set(minor, python);
    }
    return python;
  }

  /** A file of the right name proves nothing: version managers put shims there that fail. So each one is asked. */
  private async askPythons(minor: number): Promise<Python | undefined> {
    for (const command of this.candidates(minor)) {
      const answer = await askPython(command, this.environment);
      if (answer?.version.startsWith(`Python 3.${minor}.`)) return { minor, ...answer };
    }
    return undefined;
  }

  private *candidates(minor: number): Generator<string> {
    const name = `python3.${minor}`;
    for (const folder of (this.environment['PATH'] ?? '').split(delimiter)) {
      if (folder !== '' && existsSync(join(folder, name))) yield join(folder, name);
    }
    const root = this.environment['PYENV_ROOT'] ?? join(this.environment['HOME'] ?? homedir(), '.pyenv');
    for (const version of versionsIn(join(root, 'versions'), `3.${minor}.`)) {
      const command = join(root, 'versions', version, 'bin', name);
      if (existsSync(command)) yield command;
    }
  }
}

function versionsIn(folder: string, prefix: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix));
  } catch {
    // No version manager here: nothing to offer.
    return [];
  }
}

/** A shim costs a tenth of a second at every start: what it leads to is asked for once, and started directly. */
const QUESTION = "import platform, sys; print('Python', platform.python_version()); print(sys.executable)";

function askPython(
  command: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly version: string; readonly command: string } | undefined> {
  return new Promise((done) => {
    const options = { timeout: ANSWER_MS_MAX, env: { PATH: environment['PATH'], HOME: environment['HOME'] } };
    execFile(command, ['-c', QUESTION], options, (error, output) => {
      const [version, executable] = output.trim().split('\n');
      if (error !== null || version === undefined) done(undefined);
      else done({ version, command: executable === undefined || executable === '' ? command : executable });
    });
  });
}

function nodeFor(runtime: string): Interpreter {
  const version = `Node.js ${process.version}`;
  const wanted = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  const found: Interpreter = { kind: 'node', command: process.execPath, version };
  if (wanted === undefined || process.version.startsWith(`v${wanted}.`)) return found;
  return { ...found, note: `${runtime} runs on the Node.js of this server: ${process.version}.` };
}
