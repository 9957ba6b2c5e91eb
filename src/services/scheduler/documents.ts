// What is kept of groups and schedules. There may be a million schedules: what has its default is left out, and what the key tells (account,
// region, group, name) is not repeated. Instants of the next run are here, decided by whoever wrote the document: replay computes none.

import type { Target } from '#wire/generated/scheduler.ts';

export interface ScheduleDoc {
  readonly expression: string;
  /** UTC when missing. */
  readonly timeZone?: string;
  readonly description?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  /** Each run comes by chance within so many minutes; exactly on time when missing. */
  readonly windowMinutes?: number;
  readonly isDisabled?: true;
  readonly isDeletedAfterCompletion?: true;
  /** As the client gave it, without what is undefined. */
  readonly target: Target;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** From when a rate without a start counts. */
  readonly anchorMs: number;
  /** The run that was next when this was written; none when it never runs (or is disabled). */
  readonly plannedAtMs?: number;
  readonly dueAtMs?: number;
  /** Digest of the creating request with its token: tells a repetition from a conflict. */
  readonly requestDigest: string;
}

/** A run that is to come: the time that the expression says, and the moment within the window. */
export interface PlannedRun {
  readonly plannedAtMs: number;
  readonly dueAtMs: number;
}

export interface GroupDoc {
  readonly tags: Readonly<Record<string, string>>;
  /** The default group has none of the two until it is tagged. */
  readonly createdAtMs?: number;
  readonly modifiedAtMs?: number;
  /** Set while its schedules are being deleted, to when the next of them go. */
  readonly deletingAtMs?: number;
  readonly requestDigest: string;
}
