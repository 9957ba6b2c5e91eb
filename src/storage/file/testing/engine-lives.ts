// The file engine as the conformance suite sees it: on the real disk in a directory of its own, and on the disk that loses
// power.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '#base/random.ts';
import type { EngineFactory, EngineUnderTest } from '../../conformance/engine-under-test.ts';
import { type FileEngine, type FileEngineOptions, open, openOn } from '../open.ts';
import { PowerCutDisk } from './power-cut-disk.ts';

/** Marks are noted at close only: tests have no timers. */
export const NO_MARKS = 2 ** 30;

export async function settle(engine: FileEngine): Promise<void> {
  while (engine.journal.durableEnd < engine.journal.end) await new Promise((resolve) => setImmediate(resolve));
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'eddy-store-'));
}

export const onRealDisk: EngineFactory = async ({ segmentBytes, cacheBytes }) => {
  const root = temporaryDirectory();
  const options = { segmentBytes, cacheBytes, markAfterMs: NO_MARKS };
  let lifeCount = 0;
  const opened: FileEngine[] = [];
  const live = async (directory: string): Promise<EngineUnderTest> => {
    const engine = await open(directory, options);
    opened.push(engine);
    return {
      engine,
      settle: () => settle(engine),
      // What another process would find after kill -9: all that was written so far, nothing that was still in memory.
      crash: () => {
        lifeCount += 1;
        const next = join(root, `life-${lifeCount}`);
        cpSync(directory, next, { recursive: true });
        rmSync(join(next, 'lock'));
        return live(next);
      },
      reopen: async () => {
        await engine.close();
        return live(directory);
      },
      dispose: async () => {
        for (const one of opened) await one.close();
        rmSync(root, { recursive: true });
      },
    };
  };
  return live(join(root, 'store'));
};

export const onPowerCutDisk: EngineFactory = async ({ segmentBytes, cacheBytes, seed }) => {
  const options: FileEngineOptions = { segmentBytes, cacheBytes, markAfterMs: NO_MARKS };
  const live = async (disk: PowerCutDisk): Promise<EngineUnderTest> => {
    const engine = await openOn(disk, '/store', options);
    return {
      engine,
      settle: () => settle(engine),
      crash: () => live(disk.afterPowerCut()),
      reopen: async () => {
        await engine.close();
        return live(disk);
      },
      dispose: () => engine.close(),
    };
  };
  return live(new PowerCutDisk(new SeededRandom(seed)));
};
