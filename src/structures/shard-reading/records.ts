// What the reading machine knows of a record and of its settings. Readers (event source mappings, pipes) have their own records; these members are enough to
// keep order, size and age.

export interface ReadRecord {
  /** Counts the shard's records. */
  readonly place: number;
  readonly partitionKey: string;
  /** Epoch milliseconds. */
  readonly arrivedAtMs: number;
  /** What it takes of a batch's bytes. */
  readonly bytes: number;
}

export interface ReadingSettings {
  readonly batchSize: number;
  readonly batchBytesMax: number;
  /** Time to gather a batch from its first record on; 0: what is there is a batch. */
  readonly gatherMs: number;
  /** Batches of one shard at the same time: AWS's parallelization factor. */
  readonly laneCount: number;
  readonly isBisecting: boolean;
  /** Undefined: without end. */
  readonly retriesMax: number | undefined;
  /** A record that is older is not given any more. */
  readonly ageMsMax: number;
  /** Length of tumbling windows; 0: none. Windows need one lane. */
  readonly windowMs: number;
}

/** A time window of records, from `startMs` (included) to `endMs`. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  /** JSON: what the function made of the records so far. */
  readonly state: string;
  /** The state has grown too large: the window ends before its time. */
  readonly isTerminatedEarly: boolean;
}

/** Records that are worked on together. */
export interface Work<R> {
  readonly lane: number;
  /** None in the last invocation of a window. */
  readonly records: readonly R[];
  /** Times that it failed. */
  readonly failures: number;
  /** Not before. */
  readonly dueAtMs: number;
  readonly window?: Window & { readonly isFinal: boolean };
}
