// Days and times of the calendar as instants, in UTC.

export interface TimeFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** Undefined when there is no such time: the 30th of February, 25 o'clock. */
export function instantOf({ year, month, day, hour, minute, second, nanosecond }: TimeFields): bigint | undefined {
  const dayMs = dayOf(year, month, day);
  if (dayMs === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  return BigInt(dayMs + ((hour * 60 + minute) * 60 + second) * 1_000) * 1_000_000n + BigInt(nanosecond);
}

/** Epoch milliseconds at which the day begins; undefined when there is no such day. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isSame = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isSame ? date.getTime() : undefined;
}
