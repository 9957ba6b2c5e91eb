// What the facts of Kinesis say to a person.

import type { FactKind } from '#cell/fact.ts';
import { channelStories } from './channels/stories.ts';
import { shardIdOf } from './documents.ts';
import * as facts from './facts.ts';
import type { KinesisState } from './state.ts';

type Story = (fact: never, state: KinesisState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: KinesisState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to streams that still exist. */
export const stories: Readonly<Record<string, Story>> = {
  ...channelStories,
  RecordsPut: told(facts.RecordsPut, ({ count, place, ...at }, state) => {
    const places = place === undefined ? '' : count === 1 ? ` as ${place}` : ` as ${place} to ${place + count - 1}`;
    return `${records(count)} put into ${shardName(state, at)}${places}`;
  }),
  RecordHandedOver: told(
    facts.RecordHandedOver,
    ({ place, ...at }, state) => `became record ${place} of ${shardName(state, at)}`,
  ),
  ShardBlockSealed: told(
    facts.ShardBlockSealed,
    ({ hasJoined, ...at }, state) =>
      `records of ${shardName(state, at)} left the journal for a block${hasJoined ? ', together with the block before' : ''}`,
  ),
  ShardBlockPostponed: told(
    facts.ShardBlockPostponed,
    ({ reason, ...at }, state) =>
      `a block of ${shardName(state, at)} could not be written (${reason}) and is tried again in a moment`,
  ),
  ShardTrimmed: told(
    facts.ShardTrimmed,
    ({ records: count, firstPlace, ...at }, state) =>
      `${records(count)} of ${shardName(state, at)} expired${firstPlace === undefined ? '' : `: all before ${firstPlace}`}`,
  ),
};

function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}

function shardName(
  state: KinesisState,
  { stream, shard }: { readonly stream: number; readonly shard: number },
): string {
  const known = state.contents.get(stream)?.doc.arn;
  return `${shardIdOf(shard)} of ${known ?? `stream ${stream}, which was deleted since`}`;
}
