// What the runtime does for channels: the contract with `src/runtime/channels/performers.ts`.

import type { StoredBody } from '#cell/objects-door.ts';
import type { RecordFormat } from './documents.ts';

/** Makes an object of records. Input {@link ChannelObject}, result {@link ChannelObjectMade}. */
export const MAKE_CHANNEL_OBJECT = 'make-channel-object';

export interface ChannelObject {
  readonly records: readonly Uint8Array[];
  /** For each record, what names it in the object of errors. */
  readonly names: readonly { readonly shardId: string; readonly sequenceNumber: string }[];
  readonly format: RecordFormat;
  readonly compression: 'NONE' | 'GZIP';
}

export interface ChannelObjectMade {
  /** Undefined: no record is of the format. */
  readonly body?: StoredBody;
  /** Undefined: all are. */
  readonly errors?: StoredBody;
}
