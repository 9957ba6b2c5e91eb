import { describe, expect, it } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import type { RecordPart } from '../record-batch.ts';
import type { Shard } from '../shard.ts';
import { KinesisTest } from '../testing.ts';
import type { RecordsAnswer } from './records-answer.ts';
import { isKept, WrittenBatches } from './written-batches.ts';

const MEBIBYTE = 1024 * 1024;
const shard = { subject: '1/0' } as Shard;
const at = (place: number) => ({ place, count: 20 });

describe('pieces of answers', () => {
  it('are shared between answers when they are whole batches, and say the same', async () => {
    const test = await KinesisTest.open();
    await test.create();
    for (const batch of [40, 3, 40]) await test.put(Array.from({ length: batch }, (_, i) => `k${i}="${batch}`));
    const read = async (limit?: number) => (await test.get(await test.iterator(), limit)) as unknown as RecordsAnswer;
    const first = (await read()).jsonPieces();
    const second = (await read()).jsonPieces();
    expect(first).toHaveLength(5);
    expect(second[3]).toBe(first[3]);
    expect(second[2]).not.toBe(first[2]);
    expect(second[2]).toEqual(first[2]);
    const whole = await read();
    const part = await read(60);
    const texts = (answer: RecordsAnswer) => {
      const parsed = JSON.parse(utf8Decode(answer.writeJson())) as {
        Records: { Data: string; PartitionKey: string }[];
      };
      return parsed.Records.map(
        ({ Data, PartitionKey }) => `${PartitionKey}=${Buffer.from(Data, 'base64').toString()}`,
      );
    };
    expect(texts(whole)).toHaveLength(83);
    expect(texts(part)).toEqual(texts(whole).slice(0, 60));
    expect(texts(whole)[41]).toBe('k1=k1="3');
    // In a block, batches that came in the same millisecond are one.
    await test.advance(600_000);
    expect(texts(await read())).toEqual(texts(whole));
  });

  it('are kept up to sixteen mebibytes, those that were used last', () => {
    const written = new WrittenBatches();
    for (let i = 0; i < 16; i += 1) written.keep(shard, at(i), new Uint8Array(MEBIBYTE));
    expect(written.find(shard, at(0))).toHaveLength(MEBIBYTE);
    written.keep(shard, at(16), new Uint8Array(MEBIBYTE));
    expect(written.find(shard, at(1))).toBeUndefined();
    expect(written.find(shard, at(0))).toHaveLength(MEBIBYTE);
    expect(written.find({ subject: '1/1' } as Shard, at(0))).toBeUndefined();
    expect(written.find(shard, { place: 0, count: 21 })).toBeUndefined();
  });

  it('are not kept of a part of a batch, or of a few records', () => {
    const bytes = new Uint8Array(20 * 10);
    const records = Array.from({ length: 20 }, (_, i): RecordPart => {
      const from = i * 10;
      const key = { keyStart: from + 1, keyEnd: from + 4 };
      return { place: i, atMs: 0, bytes, ...key, dataStart: from + 5, dataEnd: from + 10 };
    });
    expect(isKept(records, 0, 20)).toBe(true);
    expect(isKept(records, 0, 19)).toBe(false);
    expect(isKept(records, 1, 20)).toBe(false);
    expect(isKept(records, 0, 15)).toBe(false);
  });
});
