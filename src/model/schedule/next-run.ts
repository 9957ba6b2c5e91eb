// When a schedule runs next. Cron goes from field to field (year, month, day, hour, minute), never minute by minute, so a
// run in a hundred years, or none at all, is found as quickly as one in a minute.
//
// AWS, Scheduler user guide, "Daylight savings time": a cron time that does not exist when clocks go forward is skipped;
// one that comes twice when they go back runs once, the first time; a rate's day is 24 hours. An at(…) that does not
// exist is not mentioned there; a schedule that would silently never run helps nobody, so it runs as much later as the
// clocks were moved.

import type { CronSchedule } from './cron.ts';
import { matchingDays } from './cron-days.ts';
import type { ScheduleExpression } from './schedule-expression.ts';
import { instantOfWall, wallMsAt } from './time-zone.ts';

const MINUTE_MS = 60_000;
/** The last year of a cron expression is 2199; beyond it every kind is at its end. */
const END_MS = Date.UTC(2200, 0, 2);

export interface NextRunQuestion {
  /** The run is later than this. */
  readonly afterMs: number;
  /** Cron runs at this time or later; a rate counts from here, and its first run is here. `at` ignores it. */
  readonly startMs: number;
  /** A name that `isTimeZone` knows. Rules on a bus are in UTC. */
  readonly timeZone: string;
}

/** Epoch milliseconds, or undefined when it never runs again. */
export function nextRunAtMs(expression: ScheduleExpression, question: NextRunQuestion): number | undefined {
  const { afterMs, startMs, timeZone } = question;
  if (expression.kind === 'at') {
    const { atMs } = instantOfWall(timeZone, expression.wallMs);
    return atMs > afterMs ? atMs : undefined;
  }
  if (Math.max(afterMs, startMs) > END_MS) return undefined;
  if (expression.kind === 'rate') return nextOfRate(expression.everyMs, { afterMs, startMs });
  return nextOfCron(expression.cron, { afterMs: Math.max(afterMs, startMs - 1), timeZone });
}

function nextOfRate(everyMs: number, { afterMs, startMs }: { afterMs: number; startMs: number }): number {
  if (afterMs < startMs) return startMs;
  return startMs + (Math.floor((afterMs - startMs) / everyMs) + 1) * everyMs;
}

function nextOfCron(
  cron: CronSchedule,
  { afterMs, timeZone }: { readonly afterMs: number; readonly timeZone: string },
): number | undefined {
  let wallMs: number | undefined = wallMsAt(timeZone, afterMs);
  for (;;) {
    wallMs = nextWallMs(cron, wallMs);
    if (wallMs === undefined) return undefined;
    const { atMs, isSkipped } = instantOfWall(timeZone, wallMs);
    // An hour that comes twice lies behind us the second time: go on to what comes once.
    if (!isSkipped && atMs > afterMs) return atMs;
  }
}

/** The first matching minute of the calendar after `afterMs`, both as wall time. */
function nextWallMs(cron: CronSchedule, afterMs: number): number | undefined {
  const from = new Date((Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS);
  const start = [from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate()] as const;
  const minuteOfDay = from.getUTCHours() * 60 + from.getUTCMinutes();
  for (const year of cron.years) {
    if (year < start[0]) continue;
    for (const month of cron.months) {
      const isFirstMonth = year === start[0] && month === start[1];
      if (year === start[0] && month < start[1]) continue;
      for (const day of matchingDays(cron, year, month)) {
        if (isFirstMonth && day < start[2]) continue;
        const earliest = isFirstMonth && day === start[2] ? minuteOfDay : 0;
        const found = nextMinuteOfDay(cron, earliest);
        if (found !== undefined) return Date.UTC(year, month - 1, day, 0, found);
      }
    }
  }
  return undefined;
}

function nextMinuteOfDay({ hours, minutes }: CronSchedule, earliest: number): number | undefined {
  for (const hour of hours) {
    if (hour * 60 + 59 < earliest) continue;
    for (const minute of minutes) if (hour * 60 + minute >= earliest) return hour * 60 + minute;
  }
  return undefined;
}
