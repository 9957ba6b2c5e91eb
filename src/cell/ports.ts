// What the cell needs from the world, as contracts. The runtime implements them for life, the simulation for tests.

import type { Digest } from '#base/digest.ts';
import type { Entropy } from '#base/random.ts';
import type { Engine } from '#storage/journal.ts';
import type { Outcome } from './turn.ts';

/** Time as the cell sees it: epoch milliseconds that never go back within a process. */
export interface Clock {
  nowMs(): number;
  /** Called once after replay: time goes on from here, even when the machine's clock was set back meanwhile. */
  startFrom(ms: number): void;
  /** Asks for one call at the given time; replaces the previous request. Undefined: none. */
  setAlarm(atMs: number | undefined): void;
  onAlarm(ring: () => void): void;
}

/** Does work outside the cell. Called after durability. */
export type Performer = (request: PerformRequest) => Promise<unknown>;

export interface PerformRequest {
  readonly input: unknown;
  readonly payloads: readonly Uint8Array[];
}

export interface CellPorts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly entropy: Entropy;
  /** By the name that `turn.perform` gives. */
  readonly performers: ReadonlyMap<string, Performer>;
  /** The process must end: the journal failed, or a defect left memory and journal apart. */
  readonly onFatal: (error: Error) => void;
  /** One line for the operator. */
  readonly onDiagnostic: (line: string, error?: unknown) => void;
  /** After each appended entry, for live tails; costs nothing when undefined. The bytes are valid during the call. */
  readonly onEntry?: ((facts: Uint8Array, payloads: readonly Uint8Array[]) => void) | undefined;
}

export type { Outcome };
