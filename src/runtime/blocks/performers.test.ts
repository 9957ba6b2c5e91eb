import { describe, expect, it } from 'vitest';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { openMemoryEngine } from '#storage/memory/memory-engine.ts';
import {
  DELETE_BLOCKS,
  READ_RECORDS,
  type ReadPage,
  type ReadRecords,
  SWEEP_BLOCKS,
  WRITE_BLOCK,
  type WriteBlock,
  type WrittenBlock,
} from '#structures/append-log/effects.ts';
import { blockPerformers } from './performers.ts';

function blocks() {
  const { blobs } = openMemoryEngine({ schedule: queueMicrotask, secret: new Uint8Array(32) });
  const performers = blockPerformers(blobs);
  const perform = async <T>(name: string, input: unknown, payloads: readonly Uint8Array[] = []): Promise<T> =>
    (await performers.get(name)?.({ input, payloads })) as T;
  return {
    blobs,
    perform,
    write: (input: WriteBlock, texts: readonly string[]) =>
      perform<WrittenBlock>(WRITE_BLOCK, input, texts.map(utf8Encode)),
    async read(names: readonly string[], change: Partial<ReadRecords['range']> = {}) {
      const range = {
        order: 'time' as const,
        after: { timeMs: 0, sequence: -1 },
        beforeTimeMs: Number.POSITIVE_INFINITY,
        beforeSequence: Number.POSITIVE_INFINITY,
        sinceAtMs: 0,
        countMax: 100,
        bytesMax: 1_000_000,
        ...change,
      };
      const given = names.map((name) => ({ name, minTimeMs: 0, firstSequence: 0 }));
      const page = await perform<ReadPage>(READ_RECORDS, { range, blocks: given } satisfies ReadRecords);
      return 'missing' in page ? page : page.records.map(({ bytes }) => utf8Decode(bytes));
    },
  };
}

const one = (name: string, firstSequence: number, times: readonly number[], joined?: string): WriteBlock => ({
  name,
  joined,
  firstSequence,
  records: times.map((timeMs) => ({ atMs: 1, timeMs })),
});

describe('blocks of append logs', () => {
  it('are read back in order of time, across blocks', async () => {
    const test = blocks();
    await test.write(one('l/0-2', 0, [30, 10]), ['c', 'a']);
    await test.write(one('l/2-3', 2, [20]), ['b']);
    expect(await test.read(['l/0-2', 'l/2-3'])).toEqual(['a', 'b', 'c']);
    expect(await test.read(['l/0-2', 'l/2-3'], { countMax: 1, after: { timeMs: 10, sequence: 1 } })).toEqual(['b']);
    expect(await test.read(['l/0-2'], { order: 'sequence' })).toEqual(['c', 'a']);
  });

  it('begin with the block that they join, which stays for those who read it', async () => {
    const test = blocks();
    await test.write(one('l/0-1', 0, [1]), ['a']);
    await test.write(one('l/0-2', 1, [2], 'l/0-1'), ['b']);
    expect(await test.read(['l/0-2'])).toEqual(['a', 'b']);
    expect(await test.read(['l/0-1'])).toEqual(['a']);
  });

  it('take a fraction of the space when the records are alike, and a few bytes more when they are not', async () => {
    const test = blocks();
    const event = JSON.stringify({ source: 'shop', detail: { order: 'number' } });
    const alike = await test.write(one('l/0-500', 0, new Array(500).fill(1)), new Array(500).fill(event));
    expect(alike.storedBytes).toBeLessThan((500 * event.length) / 10);
    const noise = new Uint8Array(10_000).map((_, i) => (i * i * 2_654_435_761) >>> 13);
    const { storedBytes } = await test.perform<WrittenBlock>(WRITE_BLOCK, one('l/1-2', 1, [1]), [noise]);
    expect(storedBytes).toBeLessThan(10_100);
  });

  it('that overlap in time by the dozen are read once for thousands of records, for every reader', async () => {
    const test = blocks();
    const names: string[] = [];
    const times: number[] = [];
    for (let block = 0; block < 40; block += 1) {
      const own = Array.from({ length: 50 }, (_, i) => ((block * 50 + i) * 7919) % 2_000);
      names.push(`l/${block * 50}-${block * 50 + 50}`);
      times.push(...own);
      await test.write(one(names[block] as string, block * 50, own), own.map(String));
    }
    let reads = 0;
    const { get } = test.blobs;
    test.blobs.get = (name) => {
      reads += 1;
      return get.call(test.blobs, name);
    };
    const sorted = [...times].sort((a, b) => a - b).map(String);
    const found: string[][] = [[], []];
    while ((found[1] as string[]).length < 2_000) {
      for (const reader of found) {
        const last = Number(reader.at(-1) ?? -1);
        reader.push(
          ...((await test.read(names, { after: { timeMs: last, sequence: 9_999 }, countMax: 100 })) as string[]),
        );
      }
    }
    expect(found).toEqual([sorted, sorted]);
    expect(await test.read(names, { after: { timeMs: 1_990, sequence: 9_999 } })).toHaveLength(9);
    expect(await test.read(names, { after: { timeMs: 2_000, sequence: 0 } })).toEqual([]);
    expect(reads).toBeLessThanOrEqual(4 * 40);
  });

  it('that are gone are said to be missing', async () => {
    const test = blocks();
    await test.write(one('l/0-1', 0, [1]), ['a']);
    await test.read(['l/0-1']);
    await test.perform(DELETE_BLOCKS, ['l/0-1']);
    expect(await test.read(['l/0-1'])).toEqual({ missing: 'l/0-1' });
  });

  it('are swept when no log knows them, and only under their prefix', async () => {
    const test = blocks();
    await test.write(one('l/0-1', 0, [1]), ['a']);
    await test.write(one('l/0-2', 0, [1, 2]), ['a', 'b']);
    await test.blobs.put('lambda/code', new Uint8Array(1));
    await test.perform(SWEEP_BLOCKS, { prefix: 'l/', known: new Set(['l/0-1']) });
    expect(await test.blobs.names()).toEqual(['l/0-1', 'lambda/code']);
  });
});
