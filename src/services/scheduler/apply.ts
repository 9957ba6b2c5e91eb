// What facts and documents do to memory: the next run of every enabled schedule is one timer, whose subject is the schedule's key.

import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import type { GroupDoc, PlannedRun, ScheduleDoc } from './documents.ts';
import { DeletionRemembered, ScheduleRan, ScheduleRunMissed } from './facts.ts';
import type { SchedulerState } from './state.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

export const RUN_TIMER = 'run';
/** Takes the next schedules of a group that is being deleted; its subject is the group's key. */
export const EMPTY_GROUP_TIMER = 'empty-group';

export const factBindings: readonly FactBinding<SchedulerState>[] = [
  on(ScheduleRan, ran),
  on(ScheduleRunMissed, ran),
  on(DeletionRemembered, deletionRemembered),
];

export function tableBindings(state: SchedulerState): readonly TableBinding[] {
  return [
    bind<GroupDoc>(state.groups, (key, _before, after, context) => groupChanged(key, after, context)),
    bind<ScheduleDoc>(state.schedules, (key, _before, after, context) =>
      scheduleChanged(state, { key, after, context }),
    ),
  ];
}

function ran(
  state: SchedulerState,
  fact: Fact<typeof ScheduleRan> | Fact<typeof ScheduleRunMissed>,
  { timers }: ApplyContext,
): void {
  const { schedule, nextPlannedAtMs, nextDueAtMs } = fact;
  const next: PlannedRun | undefined =
    nextPlannedAtMs === undefined || nextDueAtMs === undefined
      ? undefined
      : { plannedAtMs: nextPlannedAtMs, dueAtMs: nextDueAtMs };
  state.advanced.set(schedule, next);
  // In life the timer has fired; on replay it is still the one of the run that took place.
  if (next === undefined) timers.clear(RUN_TIMER, schedule);
  else timers.set(RUN_TIMER, schedule, next.dueAtMs);
}

function scheduleChanged(
  state: SchedulerState,
  { key, after, context }: { key: string; after: ScheduleDoc | undefined; context: ApplyContext },
): void {
  state.advanced.delete(key);
  if (after?.dueAtMs === undefined) context.timers.clear(RUN_TIMER, key);
  else context.timers.set(RUN_TIMER, key, after.dueAtMs);
}

function groupChanged(key: string, after: GroupDoc | undefined, { timers }: ApplyContext): void {
  if (after?.deletingAtMs === undefined) timers.clear(EMPTY_GROUP_TIMER, key);
  else timers.set(EMPTY_GROUP_TIMER, key, after.deletingAtMs);
}

const NOTHING = new Uint8Array(16);

function deletionRemembered(state: SchedulerState, { digest, atMs }: Fact<typeof DeletionRemembered>): void {
  state.deletions.add(digest, { sequence: 0, messageId: NOTHING }, atMs);
}
