// The simulated engine: an imagined disk that the simulation drives. One seed, one behaviour.
//
//   const engine = openSimulatedEngine({ seed: 7 });
//   … append …          nothing is durable yet
//   engine.step();      one group commit further, snapshots and blobs written
//   engine.sync();      everything durable
//   engine.crash();     a new engine over what survived

import { SeededRandom } from '#base/random.ts';
import type { Engine } from '../journal.ts';
import { SimulatedJournal } from './simulated-journal.ts';
import { SimulatedBlobs, SimulatedSnapshots } from './simulated-store.ts';

export interface SimulatedEngine extends Engine {
  readonly journal: SimulatedJournal;
  /** One group commit further; what was being written of snapshots and blobs is written. False: nothing was waiting. */
  step(): boolean;
  /** Everything durable. */
  sync(): void;
  /** The sync of the next group fails: the journal reports it and nothing becomes durable any more. */
  failNextSync(): void;
  /** Power cut: a new engine over what survived. The old one is not to be used again. */
  crash(): SimulatedEngine;
}

export interface SimulatedEngineOptions {
  readonly seed: number;
  /** Small by default, 64 KiB, so that simulations cross segments. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 64 * 1024;

interface Parts {
  readonly journal: SimulatedJournal;
  readonly snapshots: SimulatedSnapshots;
  readonly blobs: SimulatedBlobs;
  readonly secret: Uint8Array;
}

export function openSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const random = new SeededRandom(options.seed);
  const secret = new Uint8Array(32);
  random.fill(secret);
  return assemble({
    journal: new SimulatedJournal(random, options.segmentBytes ?? SEGMENT_BYTES),
    snapshots: SimulatedSnapshots.make(random),
    blobs: SimulatedBlobs.make(random),
    secret,
  });
}

function assemble(parts: Parts): SimulatedEngine {
  const { journal, snapshots, blobs } = parts;
  const step = () => {
    const wasWritten = [snapshots.step(), blobs.step()].includes(true);
    return journal.step() || wasWritten;
  };
  return {
    ...parts,
    kind: 'simulated',
    step,
    sync: () => {
      while (step());
    },
    failNextSync: () => journal.failNextSync(),
    crash: () =>
      assemble({
        journal: journal.survivor(),
        snapshots: snapshots.survivor(),
        blobs: blobs.survivor(),
        secret: parts.secret,
      }),
    close: () => journal.close(),
  };
}
