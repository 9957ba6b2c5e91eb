// What facts and documents of replays do to memory.

import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, type FactBinding, on } from '#cell/service-definition.ts';
import type { EventsState } from '../../state.ts';
import type { ReplayDoc } from '../documents.ts';
import { ReplayAdvanced, ReplayCancelRequested, ReplayEnded, ReplayPaused, ReplayStarted } from '../facts.ts';
import { newRun, type ReplayOutcome } from '../state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** A replay ended long ago; the subject is its number. */
export const FORGET_TIMER = 'replay-forget';
/** A replay's pause is over. */
export const PAUSE_TIMER = 'replay-pause';

export function replayChanged({ archives }: EventsState) {
  return (_key: string, before: ReplayDoc | undefined, after: ReplayDoc | undefined, context: ApplyContext): void => {
    if (after === undefined) {
      if (before === undefined) return;
      archives.runs.delete(before.number);
      context.timers.clear(PAUSE_TIMER, String(before.number));
      context.timers.clear(FORGET_TIMER, String(before.number));
      return;
    }
    archives.runs.set(after.number, newRun(after));
    archives.nextReplay = Math.max(archives.nextReplay, after.number + 1);
  };
}

function started({ archives }: EventsState, fact: Fact<typeof ReplayStarted>): void {
  const run = archives.runs.get(fact.replay);
  if (run === undefined) return;
  run.endSequence = fact.endSequence;
  run.sinceAtMs = fact.sinceAtMs;
}

function advanced({ archives }: EventsState, fact: Fact<typeof ReplayAdvanced>): void {
  const run = archives.runs.get(fact.replay);
  if (run === undefined) return;
  run.after = { timeMs: fact.timeMs, sequence: fact.sequence };
  run.hasAdvanced = true;
  run.pausedUntilMs = undefined;
  run.eventCount += fact.events;
  run.refusedCount += fact.refused;
  run.lastEventMs = fact.lastEventMs ?? run.lastEventMs;
}

function cancelRequested({ archives }: EventsState, fact: Fact<typeof ReplayCancelRequested>): void {
  const run = archives.runs.get(fact.replay);
  if (run !== undefined) run.isCancelled = true;
}

function paused({ archives }: EventsState, fact: Fact<typeof ReplayPaused>, context: ApplyContext): void {
  const run = archives.runs.get(fact.replay);
  if (run === undefined) return;
  run.pausedUntilMs = fact.untilMs;
  context.timers.set(PAUSE_TIMER, String(fact.replay), fact.untilMs);
}

function ended({ archives }: EventsState, fact: Fact<typeof ReplayEnded>, context: ApplyContext): void {
  const run = archives.runs.get(fact.replay);
  if (run === undefined) return;
  run.ended = { outcome: fact.outcome as ReplayOutcome, reason: fact.reason, atMs: fact.atMs };
  context.timers.clear(PAUSE_TIMER, String(fact.replay));
  context.timers.set(FORGET_TIMER, String(fact.replay), fact.forgottenAtMs);
}

export const replayFacts: readonly FactBinding<EventsState>[] = [
  on(ReplayStarted, started),
  on(ReplayAdvanced, advanced),
  on(ReplayCancelRequested, cancelRequested),
  on(ReplayPaused, paused),
  on(ReplayEnded, ended),
];
