import { describe, expect, it } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { replayed } from '../conformance/engine-under-test.ts';
import type { Disk } from './disk.ts';
import { type FileEngine, openOn } from './open.ts';
import { SMALL, STORE } from './testing/damage-store.ts';
import { settle } from './testing/engine-lives.ts';
import { PowerCutDisk } from './testing/power-cut-disk.ts';

const failing = (code: string): Error => Object.assign(new Error(`${code}: i/o error`), { code });
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A store whose disk can be told to fail in one operation, and counts what is asked of it. */
async function failingStore() {
  const disk = new PowerCutDisk(new SeededRandom(1));
  const fault: { syncData?: Error; write?: Error; prepare?: Error } = {};
  const counts = { syncData: 0, write: 0 };
  const preparing = new Set<number>();
  const faulty: Disk = {
    open: async (path, mode) => {
      const fd = await disk.open(path, mode);
      if (path.includes('/journal/') && (mode === 'create' || path.includes('spare-'))) preparing.add(fd);
      return fd;
    },
    close: (fd) => disk.close(fd),
    size: (fd) => disk.size(fd),
    read: (fd, buffer, at) => disk.read(fd, buffer, at),
    write: async (fd, buffers, at) => {
      counts.write += 1;
      const error = preparing.has(fd) ? fault.prepare : fault.write;
      if (error !== undefined) throw error;
      await disk.write(fd, buffers, at);
    },
    writeThrough: async (fd, buffers, at) => {
      await faulty.write(fd, buffers, at);
      await faulty.syncData(fd);
    },
    syncData: async (fd) => {
      counts.syncData += 1;
      if (fault.syncData !== undefined) throw fault.syncData;
      await disk.syncData(fd);
    },
    syncDirectory: (path) => disk.syncDirectory(path),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    list: (path) => disk.list(path),
    makeDirectory: () => disk.makeDirectory(),
  };
  const reports: string[] = [];
  const engine: FileEngine = await openOn(faulty, STORE, { ...SMALL, report: (line) => reports.push(line) });
  const failures: string[] = [];
  engine.journal.onFailure((error) => failures.push(error.message));
  return { disk, fault, counts, engine, failures, reports };
}

describe('a failing disk', () => {
  for (const operation of ['syncData', 'write'] as const) {
    it(`an error of ${operation} is reported once, never tried again, and nothing is durable afterwards`, async () => {
      const { disk, engine, fault, counts, failures } = await failingStore();
      const { journal } = engine;
      const announced: number[] = [];
      journal.onDurable((durableEnd) => announced.push(durableEnd));
      const good = journal.append(Uint8Array.of(1), []);
      await settle(engine);
      fault[operation] = failing('EIO');
      const before = counts[operation];
      journal.append(Uint8Array.of(2), []);
      await turns(20);
      // The disk would answer well again: it is not asked.
      delete fault[operation];
      await turns(20);
      expect(counts[operation]).toBe(before + 1);
      expect(failures).toEqual(['EIO: i/o error']);
      expect(announced).toEqual([good.end]);
      expect(journal.durableEnd).toBe(good.end);
      expect(() => journal.append(Uint8Array.of(3), [])).toThrow('EIO');
      await engine.close();
      expect(journal.durableEnd).toBe(good.end);
      const again = await openOn(disk.afterPowerCut(), STORE, SMALL);
      expect((await replayed(again))[0]?.facts).toBe('01');
      await again.close();
    });
  }

  it('an error before anybody listens is told to the listener', async () => {
    const { engine, fault } = await failingStore();
    const late: string[] = [];
    fault.write = failing('EIO');
    engine.journal.append(Uint8Array.of(1), []);
    await turns(20);
    engine.journal.onFailure((error) => late.push(error.message));
    expect(late).toEqual(['EIO: i/o error']);
    await engine.close();
  });

  it('a full disk is noticed while the next segment is prepared, and writing goes on in the current one', async () => {
    const { engine, fault, failures, reports } = await failingStore();
    const { journal } = engine;
    fault.prepare = failing('ENOSPC');
    journal.append(Uint8Array.of(1), [new Uint8Array(500)]);
    await settle(engine);
    await turns(20);
    expect(reports).toEqual([
      'no space is left for the next journal segment; it is needed when the current one is full',
    ]);
    expect(journal.isSpaceShort).toBe(true);
    journal.append(Uint8Array.of(2), [new Uint8Array(500)]);
    await settle(engine);
    expect(failures).toEqual([]);
    // Space comes back: the next group notices.
    delete fault.prepare;
    journal.append(Uint8Array.of(3), []);
    await settle(engine);
    await turns(20);
    expect(journal.isSpaceShort).toBe(false);
    for (let i = 0; i < 40; i += 1) journal.append(Uint8Array.of(4), [new Uint8Array(500)]);
    await settle(engine);
    expect(journal.segments().length).toBeGreaterThan(1);
    await engine.close();
  });

  it('a disk that stays full ends the journal when the current segment is full, and half a segment does not stay', async () => {
    const { disk, engine, fault, failures } = await failingStore();
    const { journal } = engine;
    fault.prepare = failing('ENOSPC');
    const inFirst = journal.append(Uint8Array.of(1), [new Uint8Array(5000)]);
    journal.append(Uint8Array.of(2), [new Uint8Array(5000)]);
    await turns(60);
    expect(journal.durableEnd).toBe(inFirst.end);
    expect(failures).toEqual(['ENOSPC: i/o error']);
    expect((await disk.list(`${STORE}/journal`)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
    await engine.close();
  });

  it('a snapshot or a blob that finds no room is refused, leaves nothing behind, and can be written later', async () => {
    const { disk, engine, fault } = await failingStore();
    const snapshot = { position: engine.journal.end, sections: new Map([['a', new Uint8Array(10)]]) };
    const before = disk.paths;
    fault.write = failing('ENOSPC');
    await expect(engine.snapshots.write(snapshot)).rejects.toThrow('ENOSPC');
    await expect(engine.blobs.put('code', new Uint8Array(10))).rejects.toThrow('ENOSPC');
    expect(disk.paths).toEqual(before);
    delete fault.write;
    await engine.snapshots.write(snapshot);
    await engine.blobs.put('code', new Uint8Array(10));
    expect((await engine.snapshots.latest())?.sections.size).toBe(1);
    expect(await engine.blobs.names()).toEqual(['code']);
    await engine.close();
  });
});
