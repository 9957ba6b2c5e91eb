import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock, type LockHolder } from './directory-lock.ts';
import { open } from './open.ts';
import { temporaryDirectory } from './testing/engine-lives.ts';

const SMALL = { segmentBytes: 8192, cacheBytes: 8192 };

describe('opening a store', () => {
  let root: string;
  let directory: string;

  beforeEach(() => {
    root = temporaryDirectory();
    directory = join(root, 'deep', 'store');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const refusal = async (path = directory): Promise<string> =>
    open(path, SMALL).then(
      async (engine) => {
        await engine.close();
        return 'opened';
      },
      (error: Error & { code?: string }) => `${error.name} ${error.code}: ${error.message}`,
    );

  it('makes the directory for its owner only, and says where it is', async () => {
    const engine = await open(directory, SMALL);
    expect(engine.kind).toBe('file');
    expect(engine.directory).toBe(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ['store.json', 'lock']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    await engine.close();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('takes an empty directory, and a store a second time with the same secret', async () => {
    mkdirSync(directory, { recursive: true });
    const engine = await open(directory, SMALL);
    await engine.close();
    const again = await open(directory, SMALL);
    expect(again.secret).toEqual(engine.secret);
    await again.close();
  });

  it('refuses a directory with somebody else’s files, and leaves it as it is', async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'thesis.txt'), 'mine');
    expect(await refusal()).toBe(
      `StartupProblem STO-01: The data directory ${directory} is not empty and holds no store.json, so it is not a ` +
        'store of Eddy: it contains "thesis.txt".',
    );
    expect(readdirSync(directory)).toEqual(['thesis.txt']);
  });

  it('goes on where a process ended while it made the store', async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'store.json.1.unfinished'), '{');
    expect(await refusal()).toBe('opened');
  });

  it('refuses a path that is a file', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(await refusal(file)).toContain('StartupProblem STO-05');
    expect(await refusal(join(file, 'below'))).toContain('StartupProblem STO-05');
  });

  it('refuses a path that is a circle of links, or too long', async () => {
    const circle = join(root, 'circle');
    symlinkSync(circle, circle);
    expect(await refusal(circle)).toContain('StartupProblem STO-05');
    expect(await refusal(join(root, 'x'.repeat(300)))).toContain('StartupProblem STO-05');
  });

  it.runIf(process.platform === 'linux')(
    'refuses a place where nothing can be made, and does not try for ever',
    async () => {
      expect(await refusal('/proc/eddy/store')).toContain('StartupProblem STO-05');
    },
  );

  it('makes every directory of the path', async () => {
    expect(await refusal(join(directory, 'a', 'b', 'c'))).toBe('opened');
  });

  it('refuses a directory that it may not write', async () => {
    chmodSync(root, 0o755);
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o555);
    // The administrator may write everywhere: act as somebody else meanwhile.
    const isAdministrator = process.getuid?.() === 0;
    if (isAdministrator) process.seteuid?.(65534);
    try {
      expect(await refusal()).toContain(`StartupProblem STO-02: The data directory ${directory} is not writable`);
    } finally {
      if (isAdministrator) process.seteuid?.(0);
    }
  });

  it('refuses a store of a later format', async () => {
    await refusal();
    const path = join(directory, 'store.json');
    const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    content['magic'] = 'something else';
    writeFileSync(path, JSON.stringify(content));
    expect(await refusal()).toContain('does not match its checksum');
  });

  describe('the lock', () => {
    const lockPath = () => join(directory, 'lock');
    const holder = (): LockHolder => JSON.parse(readFileSync(lockPath(), 'utf8')) as LockHolder;
    const lost: string[] = [];
    const options = { onLost: (error: Error) => lost.push(error.message) };

    it('refuses a directory that is in use, naming the process', async () => {
      const engine = await open(directory, SMALL);
      expect(await refusal()).toBe(
        `StartupProblem STO-03: The data directory ${directory} is in use by process ${process.pid}.`,
      );
      await engine.close();
      expect(await refusal()).toBe('opened');
    });

    for (const [name, change] of [
      ['a process that is gone', { pid: 2 ** 22 + 1 }],
      ['a process whose id is used again', { startedAt: '1' }],
      ['a process before the machine was started anew', { boot: 'another' }],
    ] as const) {
      it(`takes over the lock of ${name}`, async () => {
        mkdirSync(directory, { recursive: true });
        const lock = await DirectoryLock.take(lockPath(), options);
        const stale = { ...holder(), ...change, token: 'stale' };
        lock.release();
        writeFileSync(lockPath(), JSON.stringify(stale));
        expect(await refusal()).toBe('opened');
      });
    }

    it.skipIf(process.platform !== 'linux')(
      'takes over the lock of a killed process whose parent has not noticed',
      async () => {
        mkdirSync(directory, { recursive: true });
        // A shell that becomes another program: nobody asks what became of its child.
        const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        try {
          const [line] = (await once(parent.stdout, 'data')) as [Buffer];
          const pid = Number(line.toString());
          // Until then it is a shell, which might ask.
          await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim()).toBe('sleep');
          const lock = await DirectoryLock.take(lockPath(), options);
          const fields = (): string[] => {
            const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
            return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
          };
          const startedAt = fields()[19];
          const held = JSON.stringify({ ...holder(), pid, startedAt, token: 'child' });
          lock.release();
          writeFileSync(lockPath(), held);
          await expect(DirectoryLock.take(lockPath(), options)).rejects.toMatchObject({ code: 'STO-03' });
          process.kill(pid, 'SIGKILL');
          await expect.poll(() => fields()[0]).toBe('Z');
          (await DirectoryLock.take(lockPath(), options)).release();
          expect(() => process.kill(pid, 0)).not.toThrow();
        } finally {
          parent.kill('SIGKILL');
        }
      },
    );

    it('takes over a lock that came along with a copy of the directory; the original stays locked', async () => {
      mkdirSync(directory, { recursive: true });
      const lock = await DirectoryLock.take(lockPath(), options);
      const copy = `${directory}-copy`;
      cpSync(directory, copy, { recursive: true });
      (await DirectoryLock.take(join(copy, 'lock'), options)).release();
      await expect(DirectoryLock.take(lockPath(), options)).rejects.toMatchObject({ code: 'STO-03' });
      lock.release();
      rmSync(copy, { recursive: true });
    });

    it('respects a lock of an older version, which does not say whose directory it is', async () => {
      mkdirSync(directory, { recursive: true });
      const lock = await DirectoryLock.take(lockPath(), options);
      const { directory: _, ...older } = holder();
      writeFileSync(lockPath(), JSON.stringify(older));
      await expect(DirectoryLock.take(lockPath(), options)).rejects.toMatchObject({ code: 'STO-03' });
      lock.release();
    });

    it('takes over a lock that cannot be read', async () => {
      await refusal();
      writeFileSync(lockPath(), '');
      expect(await refusal()).toBe('opened');
    });

    it('watches a holder in another container: silent, it is gone; touching its lock, it lives', async () => {
      mkdirSync(directory, { recursive: true });
      const lock = await DirectoryLock.take(lockPath(), options);
      const elsewhere = JSON.stringify({ ...holder(), namespace: 'pid:[1]', token: 'elsewhere' });
      lock.release();
      writeFileSync(lockPath(), elsewhere);
      const touch = async () => utimesSync(lockPath(), 1, 1);
      await expect(DirectoryLock.take(lockPath(), { ...options, watch: touch })).rejects.toMatchObject({
        code: 'STO-03',
      });
      const taken = await DirectoryLock.take(lockPath(), { ...options, watch: async () => undefined });
      expect(holder().pid).toBe(process.pid);
      taken.release();
      expect(readdirSync(directory)).toEqual([]);
    });

    it('does not remove a lock that another process has taken over', async () => {
      mkdirSync(directory, { recursive: true });
      const lock = await DirectoryLock.take(lockPath(), options);
      writeFileSync(lockPath(), JSON.stringify({ ...holder(), token: 'other' }));
      lock.release();
      expect(holder().token).toBe('other');
    });
  });
});
