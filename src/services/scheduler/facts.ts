// What happens to schedules without anybody asking. Documents (created, updated, deleted) have the kernel's facts.

import { factKind, field } from '#cell/fact.ts';

/** A planned run took place: the hand-over to the target is in the same entry. */
export const ScheduleRan = factKind({
  id: 0x800,
  name: 'ScheduleRan',
  fields: {
    /** `account/region/group/name` */
    schedule: field.text,
    /** 16 hexadecimal digits, as AWS shows it. */
    executionId: field.text,
    plannedAtMs: field.number,
    /** What was handed over; nothing holds it. */
    payload: field.count,
    /** Runs from this time on were missed, and this one makes up for them. */
    missedFromMs: field.optional(field.number),
    nextPlannedAtMs: field.optional(field.number),
    nextDueAtMs: field.optional(field.number),
  },
});

/** Nobody was there in time, and the target's maximum event age is over: the run is not made up for. */
export const ScheduleRunMissed = factKind({
  id: 0x801,
  name: 'ScheduleRunMissed',
  fields: {
    schedule: field.text,
    executionId: field.text,
    plannedAtMs: field.number,
    payload: field.count,
    missedFromMs: field.optional(field.number),
    nextPlannedAtMs: field.optional(field.number),
    nextDueAtMs: field.optional(field.number),
  },
});

/** A deletion with a client token: the same request again is answered as the first one was. */
export const DeletionRemembered = factKind({
  id: 0x802,
  name: 'DeletionRemembered',
  fields: {
    /** First 16 bytes of a digest of what was asked, token included. */
    digest: field.bytes,
    atMs: field.number,
  },
});
