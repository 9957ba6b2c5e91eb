// What the facts of Scheduler say to a person.

import type { FactKind } from '#cell/fact.ts';
import { addressOf, scheduleArn } from './arns.ts';
import * as facts from './facts.ts';

type Story = (fact: never) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T) => string): Story => story as Story;

/** By the fact's name. */
export const stories: Readonly<Record<string, Story>> = {
  ScheduleRan: told(facts.ScheduleRan, ({ schedule, executionId, plannedAtMs, missedFromMs, nextPlannedAtMs }) =>
    [
      `${nameOf(schedule)} ran as planned for ${instant(plannedAtMs)} (execution ${executionId})`,
      ...(missedFromMs === undefined ? [] : [`making up for what was missed since ${instant(missedFromMs)}`]),
      nextPlannedAtMs === undefined ? 'it does not run again' : `next ${instant(nextPlannedAtMs)}`,
    ].join('; '),
  ),
  ScheduleRunMissed: told(facts.ScheduleRunMissed, ({ schedule, plannedAtMs, nextPlannedAtMs }) =>
    [
      `${nameOf(schedule)} was to run at ${instant(plannedAtMs)}, but nobody was there until its maximum event age was over`,
      nextPlannedAtMs === undefined ? 'it does not run again' : `next ${instant(nextPlannedAtMs)}`,
    ].join('; '),
  ),
  DeletionRemembered: told(
    facts.DeletionRemembered,
    () => 'the deletion is remembered, in case its request comes again',
  ),
};

function nameOf(key: string): string {
  return `schedule ${scheduleArn(addressOf(key))}`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
