// What the main thread asks of the thread that does the heavy work, and what comes back. Bytes are handed over, not copied, where the sender
// owns them.

import type { FailedRecord } from '#services/firehose/performing.ts';

export interface LakeJob {
  readonly id: number;
  readonly task: string;
  /** Plain JSON. */
  readonly input: unknown;
  /** Packs of records, see `#services/firehose/record-pack.ts`, in order. */
  readonly packs: readonly Uint8Array[];
}

export type LakeReply =
  | { readonly id: number; readonly result: unknown }
  /** The job cannot be done: a defect, or memory. */
  | { readonly id: number; readonly error: string }
  /** Still alive: something that users wrote (a jq expression) is about to run, or has ended. */
  | { readonly id: number; readonly guarded: GuardedWork | undefined };

/** Work whose length users decide. When it takes too long the thread is ended, and the job done again without it. */
export interface GuardedWork {
  /** Records from here on, to be failed when it does not end. */
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** What a job knows of earlier tries. */
export interface JobHistory {
  /** Ranges that did not end in time. */
  readonly hung: readonly GuardedWork[];
}

/** Bytes that are to become a blob. */
export interface MadeBytes {
  readonly bytes: Uint8Array;
  /** Lower-case hex. */
  readonly md5: string;
}

export interface MadeObject extends MadeBytes {
  readonly queryKeys: Readonly<Record<string, string>>;
  readonly lambdaKeys: Readonly<Record<string, string>>;
  readonly count: number;
  readonly arrivedAtMs: number;
}

export interface MadeObjects {
  readonly objects: readonly MadeObject[];
  readonly failed: readonly ShapeFailure[];
}

export type ShapeFailure = FailedRecord & { readonly step: 'partitioning' | 'conversion' };

/** Told to tasks: they say when they begin what may never end. */
export interface Reporter {
  guarded(work: GuardedWork | undefined): void;
  readonly history: JobHistory;
}
