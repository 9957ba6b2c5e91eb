// How long a server asks to be left alone: seconds, or a date. RFC 9110, 10.2.3.

import { parseHttpDate } from '#wire/timestamps.ts';

/** Milliseconds from now; negative when the server said something negative; undefined when it said nothing that can be understood. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^-?\d{1,12}$/.test(text)) return Number(text) * 1000;
  const atMs = parseHttpDate(text);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}
