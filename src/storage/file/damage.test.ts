import { describe, expect, it } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { openOn } from './open.ts';
import { JOURNAL, judge, makeSample, type Sample, SMALL, STORE } from './testing/damage-store.ts';
import type { PowerCutDisk } from './testing/power-cut-disk.ts';

const FLIPS_PER_FILE = 60;

describe('a damaged store', async () => {
  const sample: Sample = await makeSample(11);
  const { paths } = sample.disk;
  const segments = paths.filter((path) => /\/\d{12}\.segment$/.test(path));
  const verdictAfter = (damage: (disk: PowerCutDisk) => void) => {
    const disk = sample.disk.afterKill();
    damage(disk);
    return judge(disk, sample);
  };
  const newestSnapshot = paths.filter((path) => path.endsWith('.snapshot')).at(-1) as string;
  /** The mark only witnesses, spare and prepared files hold nothing, the last segment little. */
  const isMostlyUnread = (path: string): boolean =>
    path.endsWith('.mark') ||
    path.includes('spare-') ||
    segments.slice(-2).includes(path) ||
    (path.endsWith('.snapshot') && path !== newestSnapshot);
  const message = async (damage: (disk: PowerCutDisk) => void): Promise<string> => {
    const disk = sample.disk.afterKill();
    damage(disk);
    return openOn(disk, STORE, SMALL).then(
      () => 'opened',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };

  it('the sample has everything in it, and is whole', async () => {
    expect(segments.length).toBeGreaterThanOrEqual(4);
    expect(paths.filter((path) => path.endsWith('.snapshot'))).toHaveLength(2);
    expect(paths.filter((path) => path.includes('spare-')).length).toBeGreaterThan(0);
    expect(paths).toContain(`${STORE}/dropped.json`);
    expect(await verdictAfter(() => undefined)).toBe('unharmed');
  });

  for (const path of paths) {
    it(`a flipped bit in ${path.replace(/[0-9a-f]{64}/, '<hash>')} is found, or changes nothing`, async () => {
      const random = new SeededRandom(path.length);
      let namedCount = 0;
      for (let i = 0; i < FLIPS_PER_FILE; i += 1) {
        const verdict = await verdictAfter((disk) => {
          const bytes = disk.bytesOf(path);
          const at = random.below(bytes.length);
          bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        });
        if (verdict === 'damage named') namedCount += 1;
      }
      if (!isMostlyUnread(path)) expect(namedCount).toBeGreaterThan(FLIPS_PER_FILE / 3);
    });
  }

  it('a whole sector of zeros in a sealed segment is found', async () => {
    const path = segments[1] as string;
    for (let at = 4096; at < 4096 + 4096; at += 512) {
      expect(await verdictAfter((disk) => disk.bytesOf(path).fill(0, at, at + 512))).toBe('damage named');
    }
  });

  it('a missing segment is named, wherever it is', async () => {
    for (const path of segments.slice(0, -1)) {
      expect(await message((disk) => disk.takeAway(path))).toMatch(/^StorageCorruption: .*\.segment/);
    }
  });

  it('a prepared file without entries may be missing', async () => {
    expect(await verdictAfter((disk) => disk.takeAway(segments.at(-1) as string))).toBe('unharmed');
  });

  it('two segments that changed their names are named', async () => {
    const [one, other] = segments as [string, string];
    const text = await message((disk) => {
      const bytes = disk.bytesOf(one);
      disk.put(one, disk.bytesOf(other));
      disk.put(other, bytes);
    });
    expect(text).toContain(`${one} was renamed: it is segment`);
  });

  it('a truncated segment is named, at any length', async () => {
    for (const path of segments.slice(0, -1)) {
      const { length } = sample.disk.bytesOf(path);
      for (let left = 0; left < length; left += 997) {
        const text = await message((disk) => disk.put(path, disk.bytesOf(path).slice(0, left)));
        expect(text).toContain(path);
      }
    }
  });

  it('a segment of another store is named', async () => {
    const other = await makeSample(12);
    for (const path of segments.slice(0, -1)) {
      expect(await message((disk) => disk.put(path, other.disk.bytesOf(path)))).toBe(
        `StorageCorruption: ${path} belongs to another store`,
      );
    }
  });

  it('the last segment cut back to nothing is named: the mark knows better', async () => {
    const last = segments.at(-2) as string;
    expect(await message((disk) => disk.bytesOf(last).fill(0, 4096))).toContain('had been written durably');
  });

  it('all segments missing are named', async () => {
    const text = await message((disk) => {
      for (const path of segments) disk.takeAway(path);
    });
    expect(text).toContain(JOURNAL);
  });

  it('a lost list of dropped ranges is not taken for an empty one', async () => {
    expect(await message((disk) => disk.takeAway(`${STORE}/dropped.json`))).toContain('is missing');
  });

  it('a later format is refused by its version', async () => {
    const text = await message((disk) => {
      const path = `${STORE}/store.json`;
      const json = Buffer.from(disk.bytesOf(path)).toString().replace('"formatVersion": 1', '"formatVersion": 2');
      disk.put(path, Buffer.from(json));
    });
    expect(text).toContain('does not match its checksum');
  });

  it('a damaged newest snapshot is reported and the one before is used', async () => {
    const disk = sample.disk.afterKill();
    disk.bytesOf(newestSnapshot).fill(9, 100, 200);
    const reports: string[] = [];
    const engine = await openOn(disk, STORE, { ...SMALL, report: (line) => reports.push(line) });
    const snapshot = await engine.snapshots.latest();
    expect(snapshot?.position).toBe(sample.replayFrom[0]);
    expect(reports).toEqual([
      `${newestSnapshot} is damaged (section state does not match its checksum); the snapshot before it is used`,
    ]);
    // The damaged one is not counted among the two that are kept.
    const position = engine.journal.end;
    await engine.snapshots.write({ position, sections: new Map() });
    expect(disk.paths.filter((path) => path.endsWith('.snapshot'))).toEqual(
      [sample.replayFrom[0], position].map((at) => `${STORE}/snapshots/${String(at).padStart(16, '0')}.snapshot`),
    );
    await engine.close();
  });

  it('damage of both snapshots is refused: the journal before them was dropped', async () => {
    const disk = sample.disk.afterKill();
    for (const path of paths.filter((name) => name.endsWith('.snapshot'))) disk.bytesOf(path).fill(9, 100, 200);
    const engine = await openOn(disk, STORE, SMALL);
    await expect(engine.snapshots.latest()).rejects.toMatchObject({ name: 'StorageCorruption' });
    await engine.close();
  });
});
