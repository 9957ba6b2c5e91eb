// Java's DateTimeFormatter patterns, as `!{timestamp:…}` has them (java.time.format.DateTimeFormatter, "Patterns for Formatting and Parsing",
// locale English). Letters that need what a time alone does not say (zone names, localised weeks) are refused where the prefix is given.

import { wallMsAt } from '#model/schedule/time-zone.ts';

export type PatternPart = { readonly literal: string } | { readonly letter: string; readonly count: number };

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const DAY_MS = 86_400_000;
/** Where Java would refuse more letters of a kind, or write something that is not a number. */
const COUNT_MAX: Readonly<Record<string, number>> = {
  ...{ y: 15, u: 15, Y: 15, D: 3, M: 5, L: 5, d: 2, Q: 4, q: 4, w: 2, W: 1, E: 5, e: 2, F: 1, a: 1 },
  ...{ h: 2, K: 2, k: 2, H: 2, m: 2, s: 2, S: 9, A: 15, n: 15, N: 15, x: 3, X: 3, Z: 3, G: 5 },
};

/** Undefined: not a pattern, or one with a letter that is not available. */
export function parsePattern(text: string): readonly PatternPart[] | undefined {
  const parts: PatternPart[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === "'") {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return undefined;
      parts.push({ literal: quoted.literal });
      at = quoted.end;
    } else if (/[A-Za-z]/.test(char)) {
      let end = at;
      while (text[end] === char) end += 1;
      const most = COUNT_MAX[char];
      if (most === undefined || end - at > most) return undefined;
      parts.push({ letter: char, count: end - at });
      at = end;
    } else {
      if (/[[\]{}#]/.test(char)) return undefined;
      parts.push({ literal: char });
      at += 1;
    }
  }
  return parts;
}

/** `'text'`, where `''` is a quote. */
function readQuoted(text: string, start: number): { readonly literal: string; readonly end: number } | undefined {
  if (text[start + 1] === "'") return { literal: "'", end: start + 2 };
  let literal = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== "'") literal += text[at];
    else if (text[at + 1] === "'") {
      literal += "'";
      at += 1;
    } else return { literal, end: at + 1 };
  }
  return undefined;
}

export function formatPattern(parts: readonly PatternPart[], atMs: number, zone: string): string {
  const wallMs = wallMsAt(zone, atMs);
  const moment = { wall: new Date(wallMs), wallMs, offsetMinutes: Math.round((wallMs - atMs) / 60_000) };
  return parts.map((part) => ('literal' in part ? part.literal : letterText(part.letter, part.count, moment))).join('');
}

interface Moment {
  /** Wall time, written as if it were UTC. */
  readonly wall: Date;
  readonly wallMs: number;
  readonly offsetMinutes: number;
}

function letterText(letter: string, count: number, moment: Moment): string {
  const { wall, wallMs, offsetMinutes } = moment;
  const padded = (value: number): string => String(value).padStart(count, '0');
  const hour = wall.getUTCHours();
  switch (letter) {
    case 'y':
    case 'u':
      return yearText(wall.getUTCFullYear(), count);
    case 'Y':
      return yearText(weekOf(wallMs).year, count);
    case 'M':
    case 'L':
      return nameOrNumber(MONTHS, wall.getUTCMonth(), { count, number: wall.getUTCMonth() + 1 });
    case 'D':
      return padded(Math.floor((wallMs - Date.UTC(wall.getUTCFullYear(), 0, 1)) / DAY_MS) + 1);
    case 'd':
      return padded(wall.getUTCDate());
    case 'Q':
    case 'q':
      return quarterText(Math.floor(wall.getUTCMonth() / 3) + 1, count);
    case 'w':
      return padded(weekOf(wallMs).week);
    case 'W':
      return padded(
        Math.floor((wall.getUTCDate() - 1 + new Date(wallMs - (wall.getUTCDate() - 1) * DAY_MS).getUTCDay()) / 7) + 1,
      );
    case 'F':
      return padded(Math.floor((wall.getUTCDate() - 1) / 7) + 1);
    case 'E':
      return nameOrNumber(DAYS, wall.getUTCDay(), { count: Math.max(3, count), number: 0 });
    case 'e':
      return padded(wall.getUTCDay() + 1);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12);
    case 'K':
      return padded(hour % 12);
    case 'k':
      return padded(hour === 0 ? 24 : hour);
    case 'H':
      return padded(hour);
    case 'm':
      return padded(wall.getUTCMinutes());
    case 's':
      return padded(wall.getUTCSeconds());
    case 'S':
      return `${String(wall.getUTCMilliseconds()).padStart(3, '0')}000000`.slice(0, count);
    case 'A':
      return padded(millisOfDay(wallMs));
    case 'n':
      return padded(wall.getUTCMilliseconds() * 1_000_000);
    case 'N':
      return padded(millisOfDay(wallMs) * 1_000_000);
    case 'G':
      return count === 4 ? 'Anno Domini' : count === 5 ? 'A' : 'AD';
    default:
      return offsetText(letter, count, offsetMinutes);
  }
}

const millisOfDay = (wallMs: number): number => ((wallMs % DAY_MS) + DAY_MS) % DAY_MS;

/** Two letters: the last two digits. */
function yearText(year: number, count: number): string {
  return count === 2 ? String(year % 100).padStart(2, '0') : String(year).padStart(count, '0');
}

function nameOrNumber(
  names: readonly string[],
  index: number,
  { count, number }: { readonly count: number; readonly number: number },
): string {
  const name = names[index] as string;
  if (count < 3) return String(number).padStart(count, '0');
  return count === 3 ? name.slice(0, 3) : count === 4 ? name : name.slice(0, 1);
}

function quarterText(quarter: number, count: number): string {
  if (count < 3) return String(quarter).padStart(count, '0');
  return count === 3 ? `Q${quarter}` : `${quarter}${['st', 'nd', 'rd', 'th'][quarter - 1]} quarter`;
}

/** Weeks of the locale en_US: they begin on Sunday, and the first one is that of 1 January. */
function weekOf(wallMs: number): { readonly year: number; readonly week: number } {
  const saturdayMs = wallMs + (6 - new Date(wallMs).getUTCDay()) * DAY_MS;
  const year = new Date(saturdayMs).getUTCFullYear();
  return { year, week: Math.floor((saturdayMs - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1 };
}

/** `+09`, `+0900`, `+09:00`; X writes Z for none. */
function offsetText(letter: string, count: number, offsetMinutes: number): string {
  if (letter === 'X' && offsetMinutes === 0) return 'Z';
  const sign = offsetMinutes < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(offsetMinutes) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offsetMinutes) % 60).padStart(2, '0');
  if (letter === 'Z') return `${sign}${hours}${minutes}`;
  if (count === 1) return `${sign}${hours}${minutes === '00' ? '' : minutes}`;
  return count === 2 ? `${sign}${hours}${minutes}` : `${sign}${hours}:${minutes}`;
}
