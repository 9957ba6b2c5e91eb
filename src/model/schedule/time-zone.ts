// Wall-clock time of IANA zones. Wall time is written as if it were UTC, in epoch milliseconds: 02:30 in any zone is
// Date.UTC(…, 2, 30). The data is the runtime's own; it may change between versions, so what follows from it (when a
// schedule runs) is decided in a turn and recorded, never computed while facts are applied.

import { assertDefined } from '#base/assert.ts';

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
/** Names come from clients; what is remembered of wrong ones is bounded. */
const FORMATS_MAX = 2_000;

/** Whether the zone is known under exactly this name: `America/New_York`, `UTC`. */
export function isTimeZone(name: string): boolean {
  return name === 'UTC' || formatOf(name) !== undefined;
}

/** What clocks in the zone show. */
export function wallMsAt(zone: string, atMs: number): number {
  if (zone === 'UTC') return atMs;
  const shown: Record<string, number> = {};
  for (const { type, value } of assertDefined(formatOf(zone), 'a known time zone').formatToParts(atMs)) {
    if (type !== 'literal') shown[type] = Number(value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1_000) + 1_000) % 1_000);
}

/**
 * The instant at which clocks in the zone first show this. Where they are set forward over it, `isSkipped`, and the
 * instant is as much after the change as the wall time is after the last that was shown: 02:30 is 03:30.
 */
export function instantOfWall(zone: string, wallMs: number): { readonly atMs: number; readonly isSkipped: boolean } {
  if (zone === 'UTC') return { atMs: wallMs, isSkipped: false };
  // Offsets a day before and after: no zone changes twice in between, but for changes of a government's mind.
  const before = offsetMsAt(zone, wallMs - DAY_MS);
  const after = offsetMsAt(zone, wallMs + DAY_MS);
  const candidates = before === after ? [wallMs - before] : [wallMs - before, wallMs - after].sort((a, b) => a - b);
  for (const atMs of candidates) if (wallMsAt(zone, atMs) === wallMs) return { atMs, isSkipped: false };
  return { atMs: wallMs - before, isSkipped: true };
}

function offsetMsAt(zone: string, atMs: number): number {
  return wallMsAt(zone, atMs) - atMs;
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  if (formats.has(name)) return formats.get(name);
  if (formats.size >= FORMATS_MAX) formats.clear();
  const format = makeFormat(name);
  formats.set(name, format);
  return format;
}

function makeFormat(name: string): Intl.DateTimeFormat | undefined {
  // Intl also takes offsets and any case; IANA's names are letters, and `Etc/GMT+1`.
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const resolved = format.resolvedOptions().timeZone;
    const isOtherCase = resolved !== name && resolved.toLowerCase() === name.toLowerCase();
    return isOtherCase ? undefined : format;
  } catch {
    return undefined;
  }
}
