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

/** Some two mebibytes. */
function textOf(name: string): string {
  return name.repeat(250_000);
}

interface Borrowed {
  readonly name: string;
  readonly large: Uint8Array;
  readonly small: Uint8Array;
  readonly giveBack: () => void;
}

class Bench {
  readonly blobs = new TestEngine().blobs;
  reads = 0;
  isBroken = false;
  readonly largeBlocks: string[] = [];
  private readonly performers = batchPerformers({
    ...this.blobs,
    get: async (name, memory) => {
      this.reads += 1;
      if (this.isBroken) throw new Error('the disk is broken');
      const blob = await this.blobs.get(name);
      if (blob === undefined || memory === undefined || blob.length > memory.length) return blob;
      // As files are read. What is not yet given back would change here.
      memory.set(blob);
      return memory.subarray(0, blob.length);
    },
  });

  static async withLargeBlocks(count: number): Promise<Bench> {
    const bench = new Bench();
    for (let i = 0; i < count; i += 1) {
      const name = `block-${String(i).padStart(2, '0')}`;
      bench.largeBlocks.push(name);
      await bench.write(name, [textOf(name), 'end'], 0);
    }
    return bench;
  }

  async borrow(name: string): Promise<Borrowed> {
    const result = await this.read({ blocks: [name], bytesMax: 1e7 });
    if (!('batches' in result)) throw new Error(`${name} is missing`);
    const [large, small] = result.batches as [StoredBatch, StoredBatch];
    return { name, large: large.bytes, small: small.bytes, giveBack: result.giveBack };
  }

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

  it('are read once for all who ask for one at the same time', async () => {
    const bench = new Bench();
    await bench.write('a', ['ab', 'cd'], 0);
    const ask = (from: number): Promise<readonly string[]> => bench.texts({ blocks: ['a'], from });
    expect(await Promise.all([ask(0), ask(2), ask(0)])).toEqual([['ab', 'cd'], ['cd'], ['ab', 'cd']]);
    expect(await Promise.all([bench.texts({ blocks: ['x'] }), bench.texts({ blocks: ['x'] })])).toEqual([['x'], ['x']]);
    expect(bench.reads).toBe(2);
  });

  it('that failed to be read are read again for who asks next', async () => {
    const bench = new Bench();
    await bench.write('a', ['ab'], 0);
    bench.isBroken = true;
    const both = await Promise.allSettled([bench.texts({ blocks: ['a'] }), bench.texts({ blocks: ['a'] })]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    bench.isBroken = false;
    expect(await bench.texts({ blocks: ['a'] })).toEqual(['ab']);
  });

  it('do not change under those who have not given them back, however many are read meanwhile', async () => {
    const bench = await Bench.withLargeBlocks(9);
    const names = bench.largeBlocks;
    const read = await Promise.all([...names, ...names].map((name) => bench.borrow(name)));
    for (const { name, large, small } of read) {
      expect(utf8Decode(large) === textOf(name)).toBe(true);
      expect(utf8Decode(small)).toBe('end');
    }
  });

  it('are read into the memory of what was given back, and into no other', async () => {
    const bench = await Bench.withLargeBlocks(30);
    const [kept, returned, ...others] = bench.largeBlocks;
    const first = await bench.borrow(kept as string);
    const second = await bench.borrow(returned as string);
    const third = await bench.borrow(returned as string);
    expect(third.large.buffer).toBe(second.large.buffer);
    second.giveBack();
    second.giveBack();
    const memories = new Set<ArrayBufferLike>();
    const readSome = async (): Promise<void> => {
      for (const name of others.splice(0, 9)) {
        const { large, giveBack } = await bench.borrow(name);
        memories.add(large.buffer);
        giveBack();
      }
    };
    await readSome();
    // One of two has not given it back.
    expect(utf8Decode(third.large) === textOf(returned as string)).toBe(true);
    expect(memories.has(third.large.buffer)).toBe(false);
    third.giveBack();
    const seen = memories.size;
    await readSome();
    await readSome();
    expect(memories.has(third.large.buffer)).toBe(true);
    expect(memories.size).toBe(seen + 1);
    expect(memories.has(first.large.buffer)).toBe(false);
    expect(utf8Decode(first.large) === textOf(kept as string)).toBe(true);
  });

  it('of which little is wanted are copied: four mebibytes do not stay for it', async () => {
    const bench = await Bench.withLargeBlocks(1);
    const [name] = bench.largeBlocks as [string];
    const { large } = await bench.borrow(name);
    const result = await bench.read({ blocks: [name], from: 2 });
    const [small] = 'batches' in result ? result.batches : [];
    expect(utf8Decode(small?.bytes as Uint8Array)).toBe('end');
    expect(small?.bytes.buffer.byteLength).toBe(3);
    expect(large.buffer.byteLength).toBeGreaterThan(4 * 1024 * 1024);
  });
});
