// Facts of logs that become objects of a bucket. A line is in one object or in none: it is collected until its object is closed, and the object's fact is of the
// same entry as its end.

import { factKind, field } from '#cell/fact.ts';
import type { BucketDestination, LogSource } from '#cell/log-delivery.ts';

export interface ObjectPlace {
  readonly source: LogSource;
  readonly destination: BucketDestination;
}

export const LogObjectBegun = factKind({
  id: 0x407,
  name: 'LogObjectBegun',
  durability: 'eventual',
  fields: { object: field.u32, place: field.json<ObjectPlace>(), begunAtMs: field.number, dueAtMs: field.number },
});

/** Like what services write to groups: nobody was promised the lines, so nobody waits for them. */
export const LogLinesCollected = factKind({
  id: 0x408,
  name: 'LogLinesCollected',
  durability: 'eventual',
  fields: { object: field.u32, payload: field.count, bytes: field.count },
});

/** Nothing is added any more; it is being written. */
export const LogObjectClosed = factKind({ id: 0x409, name: 'LogObjectClosed', fields: { object: field.u32 } });

/** It could not be made (the disk), and is made again later. */
export const LogObjectDelayed = factKind({
  id: 0x40a,
  name: 'LogObjectDelayed',
  fields: { object: field.u32, retryAtMs: field.number, reason: field.text },
});

/** It is in its bucket, or the bucket did not take it and the lines are gone: `problem` says why. */
export const LogObjectEnded = factKind({
  id: 0x40b,
  name: 'LogObjectEnded',
  fields: {
    object: field.u32,
    bucket: field.text,
    key: field.optional(field.text),
    problem: field.optional(field.text),
  },
});
