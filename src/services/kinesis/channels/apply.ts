// What facts and documents of channels do to memory.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import type { KinesisState } from '../state.ts';
import type { ChannelDoc } from './documents.ts';
import { ChannelAdvanced, ChannelRunFailed, ChannelRunStarted } from './facts.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** A channel's data is as old as it may be; the subject is the channel's number. */
export const RUN_TIMER = 'channel-run';
const PROGRESS = 'channels/progress';

export function tables({ channels }: KinesisState): readonly TableBinding[] {
  return [
    bind<ChannelDoc>(channels.docs, (_key, before, after, context) => {
      const number = after?.number ?? before?.number ?? 0;
      if (after === undefined || after.failure !== undefined) context.timers.clear(RUN_TIMER, String(number));
      if (after === undefined) channels.progress.delete(number);
      if (after === undefined) return;
      channels.nextChannel = Math.max(channels.nextChannel, number + 1);
      if (before !== undefined) return;
      channels.progress.set(number, new Map());
      context.timers.set(RUN_TIMER, String(number), after.createdAtMs + after.freshnessSeconds * 1_000);
    }),
  ];
}

function advanced({ channels }: KinesisState, { channel, shard, next }: Fact<typeof ChannelAdvanced>): void {
  channels.progress.get(channel)?.set(shard, next);
}

function runStarted(state: KinesisState, fact: Fact<typeof ChannelRunStarted>, context: ApplyContext): void {
  const isThere = state.channels.byNumber(fact.channel) !== undefined;
  if (isThere) context.timers.set(RUN_TIMER, String(fact.channel), fact.nextRunAtMs);
}

export const facts: readonly FactBinding<KinesisState>[] = [
  on(ChannelAdvanced, advanced),
  on(ChannelRunStarted, runStarted),
  on(ChannelRunFailed, () => {}),
];

export function writeProgress({ channels }: KinesisState, section: (name: string) => ByteWriter): void {
  const writer = section(PROGRESS);
  writer.varint(channels.nextChannel);
  writer.varint(channels.progress.size);
  for (const [channel, shards] of channels.progress) {
    writer.varint(channel);
    writer.varint(shards.size);
    for (const [shard, next] of shards) {
      writer.varint(shard);
      writer.varint(next);
    }
  }
}

export function readProgress({ channels }: KinesisState, section: (name: string) => ByteReader | undefined): void {
  const reader = section(PROGRESS);
  if (reader === undefined) return;
  channels.nextChannel = Math.max(channels.nextChannel, reader.varint());
  for (let left = reader.varint(); left > 0; left -= 1) {
    const shards = channels.progress.get(reader.varint());
    for (let each = reader.varint(); each > 0; each -= 1) shards?.set(reader.varint(), reader.varint());
  }
}
