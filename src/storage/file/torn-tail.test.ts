import { describe, expect, it } from 'vitest';
import { SeededRandom } from '#base/random.ts';
import { appendMany, replayed, seen, type Written } from '../conformance/engine-under-test.ts';
import { openOn } from './open.ts';
import { JOURNAL, SMALL, STORE } from './testing/damage-store.ts';
import { settle } from './testing/engine-lives.ts';
import { PowerCutDisk } from './testing/power-cut-disk.ts';

const HEAD_BYTES = 4096;
const PAGE_BYTES = 4096;
/** An entry with one byte of facts and one empty payload. */
const EMPTY_BYTES = 56;
const LAST = `${JOURNAL}/000000000001.segment`;

/** A store whose last group was never marked, as after a crash; the groups are given by their sizes. */
async function crashedStore(groups: readonly number[]): Promise<{ disk: PowerCutDisk; written: Written[] }> {
  const random = new SeededRandom(5);
  const disk = new PowerCutDisk(random);
  const engine = await openOn(disk, STORE, { ...SMALL, segmentBytes: 2 ** 16 });
  const written: Written[] = [];
  for (const count of groups) {
    written.push(...appendMany(engine, random, count));
    await settle(engine);
  }
  const crashed = disk.afterKill();
  await engine.close();
  return { disk: crashed, written };
}

async function expectFirst(disk: PowerCutDisk, written: readonly Written[], count: number): Promise<void> {
  const engine = await openOn(disk, STORE, SMALL);
  expect(await replayed(engine)).toEqual(written.slice(0, count).map(seen));
  // A new life writes over what was cut off, and nothing of it comes back.
  const more = appendMany(engine, new SeededRandom(6), 3);
  await settle(engine);
  await engine.close();
  const again = await openOn(disk, STORE, SMALL);
  expect(await replayed(again)).toEqual([...written.slice(0, count), ...more].map(seen));
  await again.close();
}

describe('a torn tail', async () => {
  const { disk, written } = await crashedStore([5, 1]);
  const last = written.at(-1) as Written;
  const from = HEAD_BYTES + last.position;
  const to = HEAD_BYTES + last.end;

  for (const [name, tear] of [
    ['missing from', (bytes: Uint8Array, at: number) => bytes.fill(0, at, to)],
    ['garbage from', (bytes: Uint8Array, at: number) => bytes.fill(0xa5, at, to)],
    ['missing up to', (bytes: Uint8Array, at: number) => bytes.fill(0, from, at + 1)],
    ['flipped at', (bytes: Uint8Array, at: number) => bytes.fill((bytes[at] as number) ^ 0x10, at, at + 1)],
  ] as const) {
    it(`the last entry, ${name} every byte, is cut off and never accepted`, async () => {
      for (let at = from; at < to; at += 1) {
        const torn = disk.afterKill();
        const before = torn.bytesOf(LAST).slice();
        tear(torn.bytesOf(LAST), at);
        const isUnchanged = Buffer.compare(before, torn.bytesOf(LAST)) === 0;
        const engine = await openOn(torn, STORE, SMALL);
        const entries = await replayed(engine);
        await engine.close();
        // Padding carries nothing: a change there leaves the entry whole.
        const isPadding = entries.length === written.length;
        expect(entries).toEqual(written.slice(0, isPadding ? written.length : -1).map(seen));
        if (isPadding && !isUnchanged) expect(paddingOf(last)).toContain(at - from);
      }
    });
  }

  it('a hole in the middle of the last group cuts it there, although later entries of it are whole', async () => {
    const store = await crashedStore([5, 8]);
    for (let index = 5; index < 13; index += 1) {
      const torn = store.disk.afterKill();
      const { position } = store.written[index] as Written;
      torn.bytesOf(LAST).fill(0, HEAD_BYTES + position, HEAD_BYTES + position + 8);
      await expectFirst(torn, store.written, index);
    }
  });

  for (const isClosedBefore of [false, true]) {
    const when = isClosedBefore ? 'right after a close in order' : 'in the life that began the store';
    it(`what was cut off is never taken for entries of a later life, ${when}`, async () => {
      const disk = new PowerCutDisk(new SeededRandom(7));
      const options = { ...SMALL, segmentBytes: 2 ** 16 };
      let engine = await openOn(disk, STORE, options);
      engine.journal.append(Uint8Array.of(1), [new Uint8Array(PAGE_BYTES - EMPTY_BYTES)]);
      await settle(engine);
      if (isClosedBefore) {
        await engine.close();
        engine = await openOn(disk, STORE, options);
      }
      // Entries of whole pages, so that the zeros at the end of the next life's group do not cover what follows it.
      const body = new Uint8Array(PAGE_BYTES - EMPTY_BYTES);
      const [first] = [2, 3, 4].map((fact) => engine.journal.append(Uint8Array.of(fact), [body]));
      await settle(engine);
      const torn = disk.afterKill();
      await engine.close();
      const at = HEAD_BYTES + (first as { position: number }).position;
      torn.bytesOf(LAST).fill(0, at, at + 8);
      const next = await openOn(torn, STORE, options);
      next.journal.append(Uint8Array.of(5), [body]);
      await settle(next);
      const crashed = torn.afterKill();
      await next.close();
      const last = await openOn(crashed, STORE, options);
      expect((await replayed(last)).map(({ facts }) => facts)).toEqual(['01', '05']);
      await last.close();
    });
  }

  it('the same hole in an earlier group is damage: the later group knows that it was durable', async () => {
    const store = await crashedStore([5, 8]);
    for (let index = 0; index < 5; index += 1) {
      const torn = store.disk.afterKill();
      const { position } = store.written[index] as Written;
      torn.bytesOf(LAST).fill(0, HEAD_BYTES + position, HEAD_BYTES + position + 8);
      await expect(openOn(torn, STORE, SMALL)).rejects.toThrow(
        `${LAST} is damaged at position ${position} (no entry begins here): ` +
          `everything before position ${store.written[5]?.position} had been written durably`,
      );
    }
  });
});

/** Offsets inside the entry that hold only zeros to fill up to 8 bytes. */
function paddingOf(entry: Written): number[] {
  const offsets: number[] = [];
  const fill = (end: number) => {
    for (let at = end; at % 8 !== 0; at += 1) offsets.push(at);
  };
  fill(40 + entry.facts.length);
  for (const [index, position] of entry.payloads.entries()) {
    fill(position - entry.position + 8 + (entry.payloadBytes[index] as Uint8Array).length);
  }
  return offsets;
}
