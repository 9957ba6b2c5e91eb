// Snapshots and blobs.

import { describe, expect, it } from 'vitest';
import type { Position, Snapshot } from '../journal.ts';
import { durably, type EngineFactory, type EngineUnderTest, Lives, randomBytes } from './engine-under-test.ts';

export function describeStores(factory: EngineFactory): void {
  const lives = new Lives(factory);

  const snapshotAt = (position: number): Snapshot => ({
    position: position as Position,
    sections: new Map([
      ['queues', randomBytes(lives.random, 5000)],
      ['empty', new Uint8Array(0)],
      ['ärger/..', randomBytes(lives.random, 1)],
    ]),
  });
  const write = (life: EngineUnderTest, snapshot: Snapshot) => durably(life, life.engine.snapshots.write(snapshot));

  describe('snapshots', () => {
    it('there is none at first', async () => {
      const { engine } = await lives.first();
      expect(await engine.snapshots.latest()).toBeUndefined();
    });

    it('the newest one comes back as it was written, sections in order', async () => {
      const life = await lives.first();
      for (const position of [0, 8, 4096]) await write(life, snapshotAt(position));
      const newest = snapshotAt(8192);
      await write(life, newest);
      const found = await life.engine.snapshots.latest();
      expect(found?.position).toBe(8192);
      expect([...(found?.sections.keys() ?? [])]).toEqual([...newest.sections.keys()]);
      for (const [name, bytes] of newest.sections) {
        expect(Uint8Array.from(found?.sections.get(name) ?? [])).toEqual(bytes);
      }
    });

    it('copies what it is given before it says it is done', async () => {
      const life = await lives.first();
      const bytes = Uint8Array.of(1, 2, 3);
      await write(life, { position: 8 as Position, sections: new Map([['a', bytes]]) });
      bytes.fill(9);
      expect(Uint8Array.from((await life.engine.snapshots.latest())?.sections.get('a') ?? [])).toEqual(
        Uint8Array.of(1, 2, 3),
      );
    });

    it('is there in the next life', async ({ skip }) => {
      const life = await lives.first();
      await write(life, snapshotAt(0));
      const again = await lives.next(life, 'reopen', skip);
      expect((await again.engine.snapshots.latest())?.sections.size).toBe(3);
    });
  });

  describe('blobs', () => {
    const names = ['plain', '../../etc/passwd', 'a/b', '', 'ünïcode', '.', 'x'.repeat(500)];

    it('come back by any name, can be replaced and deleted', async () => {
      const life = await lives.first();
      const { blobs } = life.engine;
      expect(await blobs.get('plain')).toBeUndefined();
      for (const name of names) await durably(life, blobs.put(name, randomBytes(lives.random, 3000)));
      for (const name of names) {
        const bytes = randomBytes(lives.random, lives.random.below(3000));
        await durably(life, blobs.put(name, bytes));
        expect(Uint8Array.from((await blobs.get(name)) ?? [])).toEqual(bytes);
      }
      expect(await blobs.names()).toEqual([...names].sort());
      await durably(life, blobs.delete('a/b'));
      await durably(life, blobs.delete('never there'));
      expect(await blobs.get('a/b')).toBeUndefined();
      expect(await blobs.names()).toEqual(names.filter((name) => name !== 'a/b').sort());
    });

    it('are there in the next life', async ({ skip }) => {
      const life = await lives.first();
      await durably(life, life.engine.blobs.put('code', Uint8Array.of(5)));
      const again = await lives.next(life, 'reopen', skip);
      expect(await again.engine.blobs.names()).toEqual(['code']);
    });
  });
}
