// What the runtime does for append logs: the contract between a service that has logs and the performers of `src/runtime/blocks/`.
// All of it may be repeated, and a crash between an effect and its fact leaves at most a blob that `SWEEP_BLOCKS` removes.

import type { LogRecord } from './block.ts';
import type { PageRange } from './page.ts';

/** Writes a block from payloads. Input {@link WriteBlock}, result {@link WrittenBlock}. */
export const WRITE_BLOCK = 'write-log-block';
/** Reads a page of records. Input {@link ReadRecords}, result {@link ReadPage}. */
export const READ_RECORDS = 'read-log-records';
/** Input: names of blobs. */
export const DELETE_BLOCKS = 'delete-log-blocks';
/** Removes what no log knows. Input {@link SweepBlocks}. Nothing may be written under the prefix meanwhile. */
export const SWEEP_BLOCKS = 'sweep-log-blocks';

export interface WriteBlock {
  /** The blob's name. */
  readonly name: string;
  /** The block that the new one begins with; it stays where it is. */
  readonly joined: string | undefined;
  readonly firstSequence: number;
  /** One per payload, in the same order. */
  readonly records: readonly { readonly atMs: number; readonly timeMs: number }[];
}

export interface WrittenBlock {
  readonly storedBytes: number;
}

export interface ReadRecords {
  readonly range: PageRange;
  /** In the range's order of what they begin with. */
  readonly blocks: readonly {
    readonly name: string;
    readonly minTimeMs: number;
    readonly firstSequence: number;
  }[];
}

export type ReadPage =
  | { readonly records: readonly LogRecord[]; readonly isCut: boolean }
  /** The blob of this name is not there: the log may have replaced it meanwhile. */
  | { readonly missing: string };

export interface SweepBlocks {
  readonly prefix: string;
  readonly known: ReadonlySet<string>;
}
