import { describe, expect, it } from 'vitest';
import { firehoseMutants } from './firehose-mutants.ts';
import { mutants } from './mutants.ts';
import { simulate } from './simulate.ts';
import { simulateFirehose } from './simulate-firehose.ts';
import { simulateStreams } from './simulate-streams.ts';
import { streamMutants } from './stream-mutants.ts';

// A short run in every test; `npm run sim` runs up to 200 seeds of 2,000 steps.
const STEPS = 600;

describe.each([
  ['queues, topics, functions and a bus', { run: simulate, planted: mutants, seeds: 12 }],
  ['a stream and its shards', { run: simulateStreams, planted: streamMutants, seeds: 12 }],
  ['delivery streams and their destinations', { run: simulateFirehose, planted: firehoseMutants, seeds: 4 }],
])('a simulation of %s', (_, { run, planted, seeds }) => {
  it(`keeps every promise over ${seeds} seeds of ${STEPS} steps with crashes`, async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { violation, step } = await run({ seed: seed * 1009, steps: STEPS });
      expect(violation, `seed ${seed * 1009}, step ${step}`).toBeUndefined();
    }
  });

  it.each(Object.keys(planted))('finds the planted mutant %s', async (mutant) => {
    let violation: string | undefined;
    for (let seed = 1; seed <= 30 && violation === undefined; seed += 1) {
      ({ violation } = await run({ seed, steps: 1000, mutant }));
    }
    expect(violation).toBeDefined();
  });
});
