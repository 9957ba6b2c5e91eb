import { describe, expect, it } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import type { PageSlice } from '../record-page.ts';
import type { Shard } from '../shard.ts';
import { KinesisTest } from '../testing.ts';
import type { RecordsAnswer } from './records-answer.ts';
import { keptName, WrittenBatches } from './written-batches.ts';

const MEBIBYTE = 1024 * 1024;

describe('texts of batches', () => {
  it('are those of the second reader for the third one, and say the same', async () => {
    const test = await KinesisTest.open();
    await test.create();
    for (const batch of [40, 3, 40]) await test.put(Array.from({ length: batch }, (_, i) => `k${i}="${batch}`));
    const read = async (limit?: number) => (await test.get(await test.iterator(), limit)) as unknown as RecordsAnswer;
    const texts = (answer: RecordsAnswer) => {
      const parsed = JSON.parse(utf8Decode(answer.writeJson())) as {
        Records: { Data: string; PartitionKey: string }[];
      };
      return parsed.Records.map(
        ({ Data, PartitionKey }) => `${PartitionKey}=${Buffer.from(Data, 'base64').toString()}`,
      );
    };
    const first = texts(await read());
    expect(first).toHaveLength(83);
    expect(first[41]).toBe('k1=k1="3');
    for (let reader = 2; reader < 5; reader += 1) {
      expect(texts(await read())).toEqual(first);
      expect(texts(await read(60))).toEqual(first.slice(0, 60));
    }
    // In a block, batches that came in the same millisecond are one.
    await test.advance(600_000);
    for (let reader = 1; reader < 4; reader += 1) expect(texts(await read())).toEqual(first);
  });

  it('are kept up to sixteen mebibytes, those that were used last', () => {
    const written = new WrittenBatches();
    for (let i = 0; i < 16; i += 1) written.keep(`batch-${i}`, new Uint8Array(MEBIBYTE));
    expect(written.find('batch-0')).toHaveLength(MEBIBYTE);
    written.keep('batch-16', new Uint8Array(MEBIBYTE));
    expect(written.find('batch-1')).toBeUndefined();
    expect(written.find('batch-0')).toHaveLength(MEBIBYTE);
  });

  it('are wanted of what was read before, lately', () => {
    const written = new WrittenBatches();
    expect(written.wasRead('a', MEBIBYTE)).toBe(false);
    expect(written.wasRead('a', MEBIBYTE)).toBe(true);
    expect(written.wasRead('b', MEBIBYTE)).toBe(false);
    for (let i = 0; i < 7; i += 1) written.wasRead(`batch-${i}`, MEBIBYTE);
    expect(written.wasRead('b', MEBIBYTE)).toBe(true);
    for (let i = 7; i < 16; i += 1) written.wasRead(`batch-${i}`, MEBIBYTE);
    expect(written.wasRead('batch-7', MEBIBYTE)).toBe(false);
  });

  it('are not kept of a part of a batch, or of a few records', () => {
    const shard = { subject: '1/0' } as Shard;
    const places = { firstPlace: 7, count: 20, atMs: 0, start: 0, end: 200 };
    const slice: PageSlice = { ...places, bytes: new Uint8Array(200), dataTextBytes: 0, keyTextBytes: 0 };
    expect(keptName(shard, slice)).toBe('1/0/7+20');
    expect(keptName(shard, { ...slice, end: 190 })).toBeUndefined();
    expect(keptName(shard, { ...slice, start: 10 })).toBeUndefined();
    expect(keptName(shard, { ...slice, count: 15 })).toBeUndefined();
  });
});
