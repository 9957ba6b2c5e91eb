// The ports of an engine: what the cell needs from storage, and what every engine promises. `conformance.ts` is the
// proof; it runs unchanged on each engine. Engines know bytes only, no facts and no services.
//
// An ENTRY is what one turn decided: encoded facts, and the payloads that the facts speak of. Entries are totally
// ordered. A POSITION is the logical byte address of an entry or payload in the journal: it grows for ever, is never
// reused, and stays below 2^53.

/** Logical byte address; comparable with `<`. */
export type Position = number & { readonly position: unique symbol };

export interface Appended {
  /** Where the entry begins. */
  readonly position: Position;
  /** Where the entry ends: durable once `durableEnd >= end`. */
  readonly end: Position;
  /** One per payload, in the given order: what `read` takes. */
  readonly payloads: readonly Position[];
}

export interface ReplayedEntry extends Appended {
  /** Valid only during the visit. */
  readonly facts: Uint8Array;
  readonly payloadBytes: readonly Uint8Array[];
}

/** A run of the journal that is kept or dropped as a whole. */
export interface SegmentInfo {
  readonly start: Position;
  readonly end: Position;
  /** False for the one that is being written. */
  readonly sealed: boolean;
  /** Name for people: the file, for instance. */
  readonly name: string;
}

export interface Journal {
  /** End of the last appended entry. */
  readonly end: Position;
  /** Everything before this survives kill -9 and power cut. */
  readonly durableEnd: Position;

  /**
   * Appends one entry. Synchronous: the bytes are copied before it returns, positions are final. Not yet durable.
   * Entries become durable in order; a crash leaves a prefix of what was appended, cut between entries, never inside.
   */
  append(facts: Uint8Array, payloads: readonly Uint8Array[]): Appended;

  /** Called after each group commit, with the new durable end. One listener: the committer. */
  onDurable(listener: (durableEnd: Position) => void): void;

  /**
   * Called once if the journal can no longer write (any error of write or fsync; the fsync is never retried). Nothing
   * becomes durable afterwards; the process must end.
   */
  onFailure(listener: (error: Error) => void): void;

  /**
   * The bytes of one payload: the caller's own, they never change. Synchronous when they are still in memory, a promise
   * when they come from disk, where they are checked against their checksum. A mismatch, of the length too, is a
   * {@link StorageCorruption} that names segment and position: thrown in the first case, rejected in the second.
   */
  read(position: Position, length: number): Uint8Array | Promise<Uint8Array>;

  /**
   * Visits every entry from `from` on, in order, once, before the first append. A torn tail (last entries that were
   * never acknowledged) was cut away when the store was opened; damage rejects with {@link StorageCorruption}, and so
   * does a `from` behind the end, or before something that was dropped: entries would be missing.
   */
  replay(from: Position, visit: (entry: ReplayedEntry) => void): Promise<void>;

  /** All segments, oldest first; none before the first append. */
  segments(): readonly SegmentInfo[];

  /**
   * Gives a sealed segment up. Reads that are under way finish; nothing in it will be asked for again. Its space comes
   * back at once or later: an engine may keep it for an older snapshot, and after a crash it may be there once more.
   */
  drop(segmentStart: Position): Promise<void>;

  /** The durable entries of a segment, oldest first, for searching the history. Bytes are valid until the next one. */
  scan(segmentStart: Position): AsyncIterable<ReplayedEntry>;

  /** Waits until everything appended is durable, then releases files and locks. */
  close(): Promise<void>;
}

export interface Snapshot {
  /** State after all entries before this position. */
  readonly position: Position;
  /** Named sections, in the order they were written. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/** Whole, or in pieces: asked for once, in order, while the snapshot is written. */
export type SectionBytes = Uint8Array | Iterable<Uint8Array>;

/** A snapshot on its way into the store. A {@link Snapshot} is one. */
export interface TakenSnapshot {
  readonly position: Position;
  readonly sections: ReadonlyMap<string, SectionBytes>;
}

export interface SnapshotStore {
  /** The newest snapshot that is whole, or undefined. A damaged one is reported, and only then the one before is used. */
  latest(): Promise<Snapshot | undefined>;
  /**
   * Durable and complete when it resolves (write aside, fsync, rename, fsync the folder); older ones are then removed. Takes as many
   * turns of the event loop as it needs: nothing of what it is given may change before it resolves or rejects.
   */
  write(snapshot: TakenSnapshot): Promise<void>;
}

/** Large immutable objects by name: function code, blocks of logs, S3 objects. */
export interface BlobStore {
  /** Durable when it resolves; replaces what had the name. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** `memory` may be used for the answer, and then is part of it. */
  get(name: string, memory?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Durable when it resolves. Readers that are open read on to their end. What is held goes when it is let go. */
  delete(name: string): Promise<void>;
  /** Has blobs stay for who cannot open all of them at once. Returns how to let them go. Of stores that serve somebody. */
  hold?(names: readonly string[]): () => void;
  /**
   * In the order of their characters; those that begin with `prefix` when one is given. Names like `s3/<uuid>` cost nothing but the
   * listing, however many there are; every other one costs a look into its head.
   */
  names(prefix?: string): Promise<readonly string[]>;
  /** Begins a blob whose bytes come in pieces. Nothing of it is visible before `finish`. */
  write(name: string): Promise<BlobWriter>;
  /** Its writers know the CRC-32 of what they wrote. */
  readonly makesCrc32?: boolean;
  /** Undefined: there is no such blob. */
  open(name: string): Promise<BlobReader | undefined>;
}

/** After `finish` or `abandon` nothing is called any more, but `abandon` after an error. */
export interface BlobWriter {
  /** The bytes must not change before it resolves. Calls may overlap: bytes are taken in their order, and after an error none. */
  append(bytes: Uint8Array): Promise<void>;
  /** Of everything that was appended until now. Of a store that `makesCrc32`: nobody else has to. */
  crc32?(): number;
  /** The blob is visible under its name and durable when it resolves. */
  finish(): Promise<void>;
  /** Gives up: there never was such a blob. Also right after an error. */
  abandon(): Promise<void>;
}

export interface BlobReader {
  readonly bytes: number;
  /**
   * What lies between two offsets, `to` excluded, both inside the blob: checked against its checksums, or {@link StorageCorruption}.
   * `memory` may be used for the answer, and then is part of it: for who reads much and is done with one piece before the next.
   */
  read(from: number, to: number, memory?: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Engine {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly blobs: BlobStore;
  /** `memory`, `file` …: for the banner. */
  readonly kind: string;
  /** Random key material made with the store, kept with it: seals receipt handles and tokens. 32 bytes. */
  readonly secret: Uint8Array;
  close(): Promise<void>;
}

/** Stored bytes are not what was written. The message names file, segment and position. */
export class StorageCorruption extends Error {
  override readonly name = 'StorageCorruption';
}
