import { describe, expect, it } from 'vitest';
import type { EngineUnderTest } from '../conformance/engine-under-test.ts';
import { describeEngine } from '../conformance.ts';
import { openSimulatedEngine, type SimulatedEngine } from './simulated-engine.ts';

const underTest = (engine: SimulatedEngine): EngineUnderTest => ({
  engine,
  settle: async () => {
    // A promise of a store may ask for the next step only after the one before has been seen.
    while (engine.step()) await undefined;
  },
  crash: async () => underTest(engine.crash()),
  reopen: async () => {
    await engine.close();
    return underTest(engine.crash());
  },
  dispose: () => engine.close(),
});

describeEngine('simulated', async ({ segmentBytes, seed }) => underTest(openSimulatedEngine({ seed, segmentBytes })));

describe('the simulated disk', () => {
  const entriesOf = async (engine: SimulatedEngine): Promise<number[]> => {
    const found: number[] = [];
    await engine.journal.replay(engine.journal.segments()[0]?.start ?? engine.journal.end, ({ facts }) => {
      found.push(facts[0] as number);
    });
    return found;
  };
  /** Appends 20 entries in two groups and crashes while the second one is in flight. */
  const crashed = (seed: number): SimulatedEngine => {
    const engine = openSimulatedEngine({ seed });
    for (let i = 0; i < 10; i += 1) engine.journal.append(Uint8Array.of(i), [new Uint8Array(300)]);
    engine.sync();
    for (let i = 10; i < 20; i += 1) engine.journal.append(Uint8Array.of(i), [new Uint8Array(300)]);
    engine.step();
    return engine.crash();
  };

  it('nothing is durable before the simulation steps', () => {
    const engine = openSimulatedEngine({ seed: 1 });
    engine.journal.append(Uint8Array.of(1), []);
    expect(engine.journal.durableEnd).toBe(0);
    engine.step();
    expect(engine.journal.durableEnd).toBe(0);
    engine.step();
    expect(engine.journal.durableEnd).toBe(engine.journal.end);
  });

  it('the same seed tears the same way, and seeds differ', async () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 60; seed += 1) {
      const once = await entriesOf(crashed(seed));
      expect(await entriesOf(crashed(seed))).toEqual(once);
      expect(once).toEqual(Array.from({ length: once.length }, (_, index) => index));
      expect(once.length).toBeGreaterThanOrEqual(10);
      kept.add(once.length);
    }
    expect(kept.size).toBeGreaterThan(2);
  });

  it('a failed sync is reported once, and nothing becomes durable any more', async () => {
    const engine = openSimulatedEngine({ seed: 3 });
    const failures: string[] = [];
    engine.journal.onFailure((error) => failures.push(error.message));
    engine.journal.append(Uint8Array.of(1), []);
    engine.sync();
    const { durableEnd } = engine.journal;
    engine.journal.append(Uint8Array.of(2), []);
    engine.failNextSync();
    engine.sync();
    engine.sync();
    expect(failures).toEqual(['simulated: EIO, fsync']);
    expect(engine.journal.durableEnd).toBe(durableEnd);
    expect((await entriesOf(engine.crash()))[0]).toBe(1);
  });

  it('a snapshot under way at the crash is the old one or the new one', async () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const engine = openSimulatedEngine({ seed });
      const position = engine.journal.end;
      void engine.snapshots.write({ position, sections: new Map([['a', Uint8Array.of(1)]]) });
      engine.sync();
      void engine.snapshots.write({ position, sections: new Map([['a', Uint8Array.of(2)]]) });
      const found = await engine.crash().snapshots.latest();
      seen.add(found?.sections.get('a')?.[0] as number);
    }
    expect([...seen].sort()).toEqual([1, 2]);
  });
});
