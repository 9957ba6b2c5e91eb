import type { BusDoc } from './documents.ts';

/** A default bus that nobody has touched does not know since when it is there. */
export function shownTimes({ number, createdAtMs, modifiedAtMs }: BusDoc) {
  return number === 0 ? {} : { CreationTime: createdAtMs, LastModifiedTime: modifiedAtMs };
}
