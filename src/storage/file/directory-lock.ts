// One process per store. The lock is a file that names its holder: process id, start time of that process (ids are used
// again), boot and process-id namespace (in a container everybody may be process 1). A lock whose holder is gone is taken
// over. When the holder runs in another namespace of this machine we cannot look at it, so we watch whether it still
// touches its lock. The holder in turn looks at its lock with every touch, and ends when somebody took it over.
//
// Node offers no flock; a socket would have its own limits (length of path, network file systems).

import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StartupProblem } from '#base/startup-problem.ts';

const TOUCH_EVERY_MS = 1_000;
/** A holder that we cannot look at is gone when its lock was not touched for this long. */
const WATCH_MS = 3_500;
/** Between looks at a holder that was killed and whose threads are ending. */
const ENDING_PAUSE_MS = 20;

export interface LockHolder {
  readonly pid: number;
  readonly startedAt: string;
  readonly boot: string;
  readonly namespace: string;
  readonly token: string;
  /** Device and inode of the directory: a lock that came along with a copy of the directory is nobody's. Missing in older locks. */
  readonly directory?: string;
}

export interface DirectoryLockOptions {
  /** Called once when another process took the lock over: this one must stop writing. */
  readonly onLost: (error: Error) => void;
  /** For tests: instead of waiting while a holder out of sight is watched. */
  readonly watch?: () => Promise<void>;
}

export class DirectoryLock {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly token: string,
    options: DirectoryLockOptions,
  ) {
    this.timer = setInterval(() => this.touch(options), TOUCH_EVERY_MS).unref();
  }

  static async take(path: string, options: DirectoryLockOptions): Promise<DirectoryLock> {
    const token = randomBytes(16).toString('hex');
    const holder: LockHolder = { ...describeProcess(process.pid), token, directory: identityOf(dirname(path)) };
    for (let tries = 0; tries < 10; tries += 1) {
      if (claim(path, holder)) return new DirectoryLock(path, holder.token, options);
      const other = readHolder(path);
      if (other === 'gone') continue;
      if (other !== undefined && (await isAlive(other, path, options.watch ?? watchAWhile))) break;
      discard(path, other);
    }
    throw lockedBy(path, readHolder(path));
  }

  release(): void {
    clearInterval(this.timer);
    const holder = readHolder(this.path);
    if (typeof holder === 'object' && holder.token === this.token) fs.rmSync(this.path, { force: true });
  }

  private touch(options: DirectoryLockOptions): void {
    let holder: LockHolder | undefined | 'gone';
    try {
      holder = readHolder(this.path);
    } catch {
      // Not readable at this moment, for want of file descriptors for instance: it says nothing about the holder.
      return;
    }
    if (typeof holder === 'object' && holder.token === this.token) {
      const now = new Date();
      fs.utimes(this.path, now, now, () => undefined);
      return;
    }
    clearInterval(this.timer);
    const what = holder === 'gone' ? 'was removed' : 'was taken over by another process';
    options.onLost(new Error(`${this.path} ${what}; this process stops writing`));
  }
}

function lockedBy(path: string, holder: LockHolder | undefined | 'gone'): StartupProblem {
  const directory = path.slice(0, path.lastIndexOf('/'));
  const who = typeof holder === 'object' ? `process ${holder.pid}` : 'another process';
  return new StartupProblem('STO-03', `The data directory ${directory} is in use by ${who}.`);
}

/** Makes the lock with its whole content at once: a link fails when the name is taken. */
function claim(path: string, holder: LockHolder): boolean {
  const aside = `${path}.${holder.token}`;
  try {
    fs.writeFileSync(aside, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    fs.linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function readHolder(path: string): LockHolder | undefined | 'gone' {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
  }
}

/** Removes a stale lock, and only that one: moved away first, put back if it turns out to be a newer one. */
function discard(path: string, stale: LockHolder | undefined): void {
  const aside = `${path}.stale-${randomBytes(8).toString('hex')}`;
  try {
    fs.renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (typeof moved === 'object' && moved.token !== stale?.token) fs.linkSync(aside, path);
  fs.rmSync(aside, { force: true });
}

const watchAWhile = (): Promise<void> => pause(WATCH_MS);

async function isAlive(holder: LockHolder, path: string, watch: () => Promise<void>): Promise<boolean> {
  const self = describeProcess(process.pid);
  if (holder.boot !== self.boot) return false;
  if (holder.namespace === self.namespace) {
    if (holder.directory !== undefined && holder.directory !== identityOf(dirname(path))) return false;
    for (const endsAtMs = performance.now() + WATCH_MS; ; await pause(ENDING_PAUSE_MS)) {
      if (!isRunning(holder.pid) || describeProcess(holder.pid).startedAt !== holder.startedAt) return false;
      const ending = endingOf(holder.pid);
      if (ending === 'over') return false;
      if (ending === 'no' || performance.now() > endsAtMs) return true;
    }
  }
  const before = touchedAtMs(path);
  await watch();
  return touchedAtMs(path) !== before;
}

function touchedAtMs(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function identityOf(directory: string): string {
  const { dev, ino } = fs.statSync(directory, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * Killed, but not yet taken note of by its parent: a process id stays for as long. It holds nothing any more when its last thread is gone; until
 * then one may still be writing.
 */
function endingOf(pid: number): 'no' | 'under way' | 'over' {
  const stat = readText(`/proc/${pid}/stat`);
  const [state] = stat.slice(stat.lastIndexOf(')') + 2);
  if (state !== 'Z' && state !== 'X') return 'no';
  try {
    return fs.readdirSync(`/proc/${pid}/task`).length > 1 ? 'under way' : 'over';
  } catch {
    return 'over';
  }
}

/** Linux tells it under /proc; elsewhere the fields stay empty and the process id alone decides. */
function describeProcess(pid: number): Omit<LockHolder, 'token' | 'directory'> {
  const stat = readText(`/proc/${pid}/stat`);
  return {
    pid,
    // Field 22, counted behind the name, which may itself hold spaces and brackets.
    startedAt: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '',
    boot: readText('/proc/sys/kernel/random/boot_id').trim(),
    namespace: readNamespace(),
  };
}

function readNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
