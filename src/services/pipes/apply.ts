// What facts and documents do: watches and timers. What is under way is not restored: a timer that outlives it finds nothing, and that is all.

import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import { isPolling, type PipeDoc } from './documents.ts';
import * as facts from './facts.ts';
import type { PipesState } from './state.ts';

/** Timers by name. Subject: the pipe's key. */
export const POLL_TIMER = 'poll';
export const WINDOW_TIMER = 'window';
/** Something is due in a stream: a batch that failed, or one that is gathered. */
export const STREAM_TIMER = 'stream';
/** Subject: the execution's id. */
export const TIMEOUT_TIMER = 'timeout';
export const RETRY_TIMER = 'retry';

type Fact<K> = K extends FactKind<infer T> ? T : never;

export function tableBindings(state: PipesState): readonly TableBinding[] {
  return [
    bind<PipeDoc>(state.pipes, (key, before, after, context) => {
      pipeChanged(key, { before, after, context });
      if (after === undefined) state.streams.drop(key);
    }),
  ];
}

function pipeChanged(
  key: string,
  change: {
    readonly before: PipeDoc | undefined;
    readonly after: PipeDoc | undefined;
    readonly context: ApplyContext;
  },
): void {
  const { before, after, context } = change;
  if (before !== undefined && isPolling(before)) context.unwatch(before.wakeKey, POLL_TIMER, key);
  if (after !== undefined && isPolling(after)) context.watch(after.wakeKey, POLL_TIMER, key);
  else {
    context.timers.clear(POLL_TIMER, key);
    context.timers.clear(WINDOW_TIMER, key);
    context.timers.clear(STREAM_TIMER, key);
  }
}

export const factBindings: readonly FactBinding<PipesState>[] = [
  on(facts.PipeBatchTaken, () => {}),
  on(facts.PipeMessagesFilteredOut, () => {}),
  on(facts.PipeAsked, (_state, fact, { timers }) => timers.set(TIMEOUT_TIMER, fact.execution, fact.endsAtMs)),
  on(facts.PipeRetryPlanned, (_state, fact, { timers }) => timers.set(RETRY_TIMER, fact.execution, fact.dueAtMs)),
  on(facts.PipeBatchEnriched, () => {}),
  on(facts.PipeBatchEnded, batchEnded),
  on(facts.PipeWindowOpened, (_state, fact, { timers }) => timers.set(WINDOW_TIMER, fact.pipe, fact.untilMs)),
  on(facts.PipeReadingBegan, ({ streams }, { pipe, createdAtMs, shards }) => streams.begin(pipe, createdAtMs, shards)),
  on(facts.PipeStreamAdvanced, ({ streams }, { pipe, shard, lanes }) => streams.advance(pipe, shard, { lanes })),
  on(facts.PipeShardFinished, ({ streams }, { pipe, shard }) => streams.finish(pipe, shard)),
  on(facts.PipeShardsForgotten, ({ streams }, { pipe, shards }) => streams.forget(pipe, shards)),
  on(facts.PipeStreamWaitPlanned, (_state, fact, { timers }) => timers.set(STREAM_TIMER, fact.pipe, fact.untilMs)),
  on(facts.PipePaused, (_state, fact, { timers }) => timers.set(POLL_TIMER, fact.pipe, fact.untilMs)),
];

function batchEnded(_state: PipesState, { execution }: Fact<typeof facts.PipeBatchEnded>, context: ApplyContext): void {
  context.timers.clear(TIMEOUT_TIMER, execution);
  context.timers.clear(RETRY_TIMER, execution);
}
