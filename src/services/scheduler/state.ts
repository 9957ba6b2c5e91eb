// Groups and schedules as documents; beside them only the runs that a document does not know any more, since the schedule has run meanwhile.

import type { Turn } from '#cell/turn.ts';
import { DedupWindow } from '#structures/dedup-window.ts';
import { Table } from '#structures/table.ts';
import type { WireServices } from '#wire/services.ts';
import type { GroupDoc, PlannedRun, ScheduleDoc } from './documents.ts';
import { DELETION_MEMORY_MS } from './limits.ts';
import { SdkServices } from './universal/sdk-services.ts';

export type SchedulerTurn = Turn<SchedulerState>;

export class SchedulerState {
  readonly groups = new Table<GroupDoc>({ name: 'scheduler.groups' });
  readonly schedules = new Table<ScheduleDoc>({ name: 'scheduler.schedules' });
  /** By the schedule's key, once it has run: its next run, or undefined when there is none. */
  readonly advanced = new Map<string, PlannedRun | undefined>();
  /** Deletions with a client token, so that a repeated request does not fail for what the first one did. */
  readonly deletions = new DedupWindow(DELETION_MEMORY_MS);
  readonly services: SdkServices;

  /** `wire`: the schemas of what universal targets can call. */
  constructor(wire: WireServices) {
    this.services = new SdkServices(wire);
  }

  /** The next run of a schedule, if there is one. */
  nextRun(key: string): PlannedRun | undefined {
    if (this.advanced.has(key)) return this.advanced.get(key);
    const { plannedAtMs, dueAtMs } = this.schedules.get(key) ?? {};
    return plannedAtMs === undefined || dueAtMs === undefined ? undefined : { plannedAtMs, dueAtMs };
  }
}
