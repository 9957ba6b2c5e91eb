// From settings to a document with its next run planned.

import type { ScheduleDoc } from './documents.ts';
import { firstRun } from './plan.ts';
import type { Settings } from './settings.ts';
import type { SchedulerTurn } from './state.ts';

/** `requestDigest` of the request that creates it. */
export function newSchedule(turn: SchedulerTurn, settings: Settings, requestDigest: string): ScheduleDoc {
  const { nowMs } = turn;
  const written = { ...settings, createdAtMs: nowMs, modifiedAtMs: nowMs, anchorMs: nowMs, requestDigest };
  return planned(turn, written);
}

/**
 * An update that leaves alone when the schedule runs leaves its next run alone; any other begins anew, as if the schedule were created now. AWS
 * does not say; a rate that ran again whenever its target's description changed would surprise.
 */
export function updatedSchedule(
  turn: SchedulerTurn,
  key: string,
  settings: Settings,
  before: ScheduleDoc,
): ScheduleDoc {
  const { createdAtMs, requestDigest } = before;
  const modifiedAtMs = turn.nowMs;
  if (!hasSameTiming(settings, before)) {
    return planned(turn, { ...settings, createdAtMs, modifiedAtMs, anchorMs: turn.nowMs, requestDigest });
  }
  const next = turn.state.nextRun(key);
  return { ...settings, createdAtMs, modifiedAtMs, anchorMs: before.anchorMs, requestDigest, ...next };
}

function planned(turn: SchedulerTurn, schedule: ScheduleDoc): ScheduleDoc {
  return schedule.isDisabled === true ? schedule : { ...schedule, ...firstRun(schedule, turn) };
}

const TIMING = ['expression', 'timeZone', 'startMs', 'endMs', 'windowMinutes', 'isDisabled'] as const;

function hasSameTiming(one: Settings, other: Settings): boolean {
  return TIMING.every((part) => one[part] === other[part]);
}
