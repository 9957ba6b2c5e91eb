import { SeededRandom } from '#base/random.ts';
import { describeEngine } from '../conformance.ts';
import { openMemoryEngine } from './memory-engine.ts';

describeEngine('memory', async ({ segmentBytes, seed }) => {
  const secret = new Uint8Array(32);
  new SeededRandom(seed).fill(secret);
  const engine = openMemoryEngine({ schedule: queueMicrotask, secret, segmentBytes });
  return {
    engine,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    crash: 'memory ends with its process',
    reopen: 'memory ends with its process',
    dispose: () => engine.close(),
  };
});
