// Channels in memory.

import { Table } from '#structures/table.ts';
import type { ChannelDoc } from './documents.ts';

export interface ChannelRun {
  /** Shards with something to deliver, and the place up to which this run does. */
  readonly left: { readonly shard: number; readonly endPlace: number }[];
  /** What is being written now. */
  current?: { readonly shard: number; readonly next: number; readonly records: number };
}

export class ChannelsState {
  readonly docs = new Table<ChannelDoc>({
    name: 'kinesis.channels',
    indexes: { byNumber: ({ number }) => String(number), byStream: ({ stream }) => String(stream) },
  });
  /** By channel, then by shard: the next place to deliver. A shard that is not named is delivered from its beginning. */
  readonly progress = new Map<number, Map<number, number>>();
  nextChannel = 1;
  /** Of this process: channels that are delivering. */
  readonly runs = new Map<number, ChannelRun>();

  byNumber(number: number): ChannelDoc | undefined {
    return this.docs.by('byNumber', String(number))[0];
  }

  nextPlace(channel: number, shard: number): number {
    return this.progress.get(channel)?.get(shard) ?? 0;
  }
}
