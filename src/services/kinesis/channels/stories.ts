// What the facts of channels say to a person.

import type { FactKind } from '#cell/fact.ts';
import { shardIdOf } from '../documents.ts';
import type { KinesisState } from '../state.ts';
import * as facts from './facts.ts';

type Story = (fact: never, state: KinesisState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: KinesisState) => string): Story => story as Story;

export const channelStories: Readonly<Record<string, Story>> = {
  ChannelAdvanced: told(
    facts.ChannelAdvanced,
    ({ channel, shard, next, records }, state) =>
      `${channelName(state, channel)} has delivered ${records} records of ${shardIdOf(shard)}: all before ${next}`,
  ),
  ChannelRunStarted: told(
    facts.ChannelRunStarted,
    ({ channel }, state) => `${channelName(state, channel)} delivers what has come`,
  ),
  ChannelRunFailed: told(
    facts.ChannelRunFailed,
    ({ channel, reason }, state) => `${channelName(state, channel)} could not deliver (${reason}) and tries again`,
  ),
};

function channelName({ channels }: KinesisState, number: number): string {
  const known = channels.byNumber(number);
  return known === undefined ? `channel ${number}, which was deleted since,` : `channel ${known.name}`;
}
