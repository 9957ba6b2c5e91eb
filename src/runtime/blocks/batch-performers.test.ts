import { describe, expect, it } from 'vitest';
import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { TestEngine } from '#cell/testing.ts';
import type { StoredBatch } from '#structures/append-log/batch-block.ts';
import {
  READ_BATCHES,
  type ReadBatches,
  type ReadBatchesResult,
  WRITE_BATCH_BLOCK,
} from '#structures/append-log/batch-effects.ts';
import { batchPerformers } from './batch-performers.ts';

class Bench {
  readonly blobs = new TestEngine().blobs;
  reads = 0;
  private readonly performers = batchPerformers({
    ...this.blobs,
    get: (name) => {
      this.reads += 1;
      return this.blobs.get(name);
    },
  });

  async write(name: string, texts: readonly string[], from: number, joined?: string): Promise<void> {
    const batches = texts.map((_, i) => ({ firstPlace: from + i * 2, count: 2, atMs: 1_000 + from + i * 2 }));
    const input = { name, joined, batches };
    await this.performers.get(WRITE_BATCH_BLOCK)?.({ input, payloads: texts.map(utf8Encode) });
  }

  async read(request: Partial<ReadBatches> & Pick<ReadBatches, 'blocks'>): Promise<ReadBatchesResult> {
    const input = { from: 0, countMax: 100, bytesMax: 1_000, sinceMs: 0, ...request };
    return (await this.performers.get(READ_BATCHES)?.({ input, payloads: [] })) as ReadBatchesResult;
  }

  async texts(request: Partial<ReadBatches> & Pick<ReadBatches, 'blocks'>): Promise<readonly string[]> {
    const result = await this.read(request);
    return 'batches' in result ? result.batches.map(({ bytes }: StoredBatch) => utf8Decode(bytes)) : [result.missing];
  }
}

describe('blocks of batches', () => {
  it('are read from a place or a time on, until a page is full', async () => {
    const bench = new Bench();
    await bench.write('a', ['ab', 'cd', 'ef'], 0);
    await bench.write('b', ['gh', 'ij'], 6);
    const blocks = ['a', 'b'];
    expect(await bench.texts({ blocks })).toEqual(['ab', 'cd', 'ef', 'gh', 'ij']);
    expect(await bench.texts({ blocks, from: 3 })).toEqual(['cd', 'ef', 'gh', 'ij']);
    expect(await bench.texts({ blocks, from: 3, countMax: 2 })).toEqual(['cd', 'ef']);
    expect(await bench.texts({ blocks, from: 3, bytesMax: 4 })).toEqual(['cd', 'ef', 'gh']);
    expect(await bench.texts({ blocks, sinceMs: 1_006 })).toEqual(['gh', 'ij']);
    expect(bench.reads).toBe(2);
  });

  it('are joined as they are', async () => {
    const bench = new Bench();
    await bench.write('a', ['ab'], 0);
    await bench.write('b', ['cd', 'ef'], 2, 'a');
    expect(await bench.texts({ blocks: ['b'] })).toEqual(['ab', 'cd', 'ef']);
    await expect(bench.write('c', ['x'], 0, 'none')).rejects.toThrow('the block none is not stored');
  });

  it('that are gone are named', async () => {
    const bench = new Bench();
    await bench.write('a', ['ab'], 0);
    expect(await bench.read({ blocks: ['a', 'gone'] })).toEqual({ missing: 'gone' });
  });

  it('do not fill memory: those read longest ago are read again', async () => {
    const bench = new Bench();
    const large = 'x'.repeat(9 * 1024 * 1024);
    for (const name of ['a', 'b', 'c']) await bench.write(name, [large], 0);
    for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await bench.read({ blocks: [name] });
    expect(bench.reads).toBe(4);
  });

  it('use the memory of those again, and nothing that was read changes by it', async () => {
    const bench = new Bench();
    const names = Array.from({ length: 9 }, (_, i) => `block-${i}`);
    const textOf = (name: string): string => name.repeat(300_000);
    for (const name of names) await bench.write(name, [textOf(name), 'end'], 0);
    const read = await Promise.all([...names, ...names].map((name) => bench.read({ blocks: [name], bytesMax: 1e7 })));
    for (const [i, result] of read.entries()) {
      const [large, small] = 'batches' in result ? result.batches : [];
      expect(utf8Decode((large as StoredBatch).bytes) === textOf(names[i % 9] as string)).toBe(true);
      expect(utf8Decode((small as StoredBatch).bytes)).toBe('end');
    }
    expect(new Set(read.map((result) => 'batches' in result && result.batches[0]?.bytes.buffer)).size).toBe(18);
  });
});
