// When a schedule runs. Decided in turns only, with the runtime's time zones; facts and documents carry the result.
//
// AWS, Scheduler user guide: a rate without StartDate runs as soon as the schedule is created and active, then at its rate; with
// one, there first; EndDate is the last moment; both are ignored for one-time schedules ("Schedule types"); with a flexible
// time window each run comes at some moment within it ("Configuring flexible time windows").

import { assert } from '#base/assert.ts';
import type { Entropy } from '#base/random.ts';
import { nextRunAtMs } from '#model/schedule/next-run.ts';
import { parseScheduleExpression, type ScheduleExpression } from '#model/schedule/schedule-expression.ts';
import type { PlannedRun, ScheduleDoc } from './documents.ts';
import { LATE_MS_MAX } from './limits.ts';

export type Timing = Pick<ScheduleDoc, 'expression' | 'timeZone' | 'startMs' | 'endMs' | 'windowMinutes' | 'anchorMs'>;

const MINUTE_MS = 60_000;

/** The first run of a schedule that begins to be active now. */
export function firstRun(
  timing: Timing,
  { nowMs, entropy }: { nowMs: number; entropy: Entropy },
): PlannedRun | undefined {
  const expression = expressionOf(timing);
  const afterMs = expression.kind === 'at' ? nowMs - LATE_MS_MAX - 1 : nowMs - 1;
  return withinWindow(plannedAfter(timing, expression, afterMs), timing, entropy);
}

/** The run behind the one that was planned for `afterMs`. */
export function runAfter(timing: Timing, afterMs: number, entropy: Entropy): PlannedRun | undefined {
  return withinWindow(plannedAfter(timing, expressionOf(timing), afterMs), timing, entropy);
}

/**
 * The planned time that a late turn runs: `plannedAtMs`, or where further planned times with their windows went by meanwhile
 * (the process was not there), the last of them.
 */
export function latestPlanned(timing: Timing, { plannedAtMs, nowMs }: { plannedAtMs: number; nowMs: number }): number {
  const expression = expressionOf(timing);
  const overMs = nowMs - windowMs(timing);
  const isOver = (atMs: number | undefined): atMs is number => atMs !== undefined && atMs <= overMs;
  const following = plannedAfter(timing, expression, plannedAtMs);
  if (!isOver(following)) return plannedAtMs;
  // The next planned time grows with the time it is asked for: halve until the last one that is over is found.
  let latest = following;
  let end = overMs;
  // Planned times are at least a minute apart.
  while (end - latest >= MINUTE_MS) {
    const middle = Math.floor((latest + end) / 2);
    const next = plannedAfter(timing, expression, middle);
    if (isOver(next)) latest = next;
    else end = middle;
  }
  return latest;
}

export function windowMs({ windowMinutes = 0 }: Timing): number {
  return windowMinutes * MINUTE_MS;
}

function expressionOf({ expression: text }: Timing): ScheduleExpression {
  const parsed = parseScheduleExpression(text, { kinds: 'scheduler' });
  assert('expression' in parsed, `the stored expression ${text} is one`);
  return parsed.expression;
}

function plannedAfter(timing: Timing, expression: ScheduleExpression, afterMs: number): number | undefined {
  const { timeZone = 'UTC', startMs, endMs, anchorMs } = timing;
  const isRate = expression.kind === 'rate';
  const from = startMs ?? (isRate ? anchorMs : 0);
  const next = nextRunAtMs(expression, { afterMs, startMs: from, timeZone });
  const isBeyondEnd = next !== undefined && endMs !== undefined && expression.kind !== 'at' && next > endMs;
  return isBeyondEnd ? undefined : next;
}

const randomBytes = new Uint8Array(4);
const randomView = new DataView(randomBytes.buffer);

function withinWindow(plannedAtMs: number | undefined, timing: Timing, entropy: Entropy): PlannedRun | undefined {
  if (plannedAtMs === undefined) return undefined;
  const window = windowMs(timing);
  if (window === 0) return { plannedAtMs, dueAtMs: plannedAtMs };
  entropy.fill(randomBytes);
  return { plannedAtMs, dueAtMs: plannedAtMs + Math.floor((randomView.getUint32(0) / 2 ** 32) * window) };
}
