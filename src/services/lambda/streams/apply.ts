// What facts about streams do: places of mappings in shards, and what GetEventSourceMapping shows as the last result.

import { type FactBinding, on } from '#cell/service-definition.ts';
import type { LambdaState } from '../state.ts';
import * as facts from './facts.ts';

/** Subject: the mapping's key. */
export const STREAM_TIMER = 'stream';

/** AWS: API reference and CLI examples of GetEventSourceMapping. */
const OK = 'OK';
const FAILED = 'PROBLEM: Function call failed';

export const streamFactBindings: readonly FactBinding<LambdaState>[] = [
  on(facts.StreamReadingBegan, ({ streams }, { mapping, createdAtMs, shards }) =>
    streams.begin(mapping, createdAtMs, shards),
  ),
  on(facts.StreamBatchInvoked, (state, { mapping, shard, lanes, window }) => {
    state.streams.advance(mapping, shard, { lanes, ...(window === undefined ? {} : { window }) });
    setResult(state, mapping, OK);
  }),
  on(facts.StreamBatchFailed, (state, { mapping, shard, lanes, window }) => {
    state.streams.advance(mapping, shard, { lanes, ...(window === undefined ? {} : { window }) });
    setResult(state, mapping, FAILED);
  }),
  on(facts.StreamBatchDiscarded, ({ streams }, { mapping, shard, lanes }) =>
    streams.advance(mapping, shard, { lanes }),
  ),
  on(facts.StreamRecordsFilteredOut, (state, { mapping, shard, lanes }) => {
    state.streams.advance(mapping, shard, { lanes });
    setResult(state, mapping, OK);
  }),
  on(facts.StreamShardFinished, ({ streams }, { mapping, shard }) => streams.finish(mapping, shard)),
  on(facts.StreamShardsForgotten, ({ streams }, { mapping, shards }) => streams.forget(mapping, shards)),
  on(facts.StreamWaitPlanned, (_state, { mapping, untilMs }, { timers }) => timers.set(STREAM_TIMER, mapping, untilMs)),
  on(facts.StreamNotRead, (state, { mapping, problem, untilMs }, { timers }) => {
    setResult(state, mapping, problem);
    if (untilMs !== undefined) timers.set(STREAM_TIMER, mapping, untilMs);
  }),
];

/** A mapping that was deleted meanwhile has none. */
function setResult({ mappings, streamResults }: LambdaState, mapping: string, result: string): void {
  if (mappings.has(mapping)) streamResults.set(mapping, result);
}
