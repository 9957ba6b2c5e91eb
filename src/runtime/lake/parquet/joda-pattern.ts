// Patterns of times as Joda-Time's DateTimeFormat reads them, as far as they say a whole instant: y M d D H h a m s S Z z E, texts in quotes.
// Source: Joda-Time API, "Class DateTimeFormat". Names are English. A number takes as many digits as it has letters when another number
// follows at once, else any.

import { instantOf } from './civil-time.ts';

export type JodaPattern = readonly Piece[];

type Piece =
  | { readonly literal: string }
  | { readonly field: string; readonly count: number; readonly isFixed: boolean };

const LONG_MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const NUMBERS = 'yYdDHhKkmsS';
const FIELDS = new Set(['y', 'Y', 'M', 'd', 'D', 'H', 'h', 'K', 'k', 'a', 'm', 's', 'S', 'Z', 'z', 'E']);

/** Undefined when it has letters that say something else. */
export function compileJodaPattern(text: string): JodaPattern | undefined {
  const pieces: ({ literal: string } | { field: string; count: number })[] = [];
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|([a-zA-Z])\1*|[^a-zA-Z']+|'/g)) {
    if (token === "''") pieces.push({ literal: "'" });
    else if (token.startsWith("'")) {
      if (token.length < 2 || !token.endsWith("'")) return undefined;
      pieces.push({ literal: token.slice(1, -1).replaceAll("''", "'") });
    } else if (!/[a-zA-Z]/.test(token)) pieces.push({ literal: token });
    else if (FIELDS.has(token[0] as string)) pieces.push({ field: token[0] as string, count: token.length });
    else return undefined;
  }
  return pieces.map((piece, i) => ('literal' in piece ? piece : { ...piece, isFixed: isNumber(pieces[i + 1]) }));
}

function isNumber(piece: { literal: string } | { field: string; count: number } | undefined): boolean {
  if (piece === undefined || 'literal' in piece) return false;
  return NUMBERS.includes(piece.field) || (piece.field === 'M' && piece.count < 3);
}

interface Found {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  isAfternoon: boolean | undefined;
  minute: number;
  second: number;
  nanosecond: number;
  offsetMinutes: number;
}

/** Epoch nanoseconds; undefined when the text is not of this pattern. Fields that it does not have are those of 1970-01-01T00:00Z. */
export function parseByPattern(pattern: JodaPattern, text: string): bigint | undefined {
  const found: Found = {
    ...{ year: 1970, month: 1, day: 1, dayOfYear: undefined, hour: 0, isAfternoon: undefined },
    ...{ minute: 0, second: 0, nanosecond: 0, offsetMinutes: 0 },
  };
  let at = 0;
  for (const piece of pattern) {
    const end = 'literal' in piece ? literalEnd(text, at, piece.literal) : readField(found, text.slice(at), piece);
    if (end === undefined) return undefined;
    at += end;
  }
  return at === text.length ? whole(found) : undefined;
}

function literalEnd(text: string, at: number, literal: string): number | undefined {
  return text.startsWith(literal, at) ? literal.length : undefined;
}

/** How many characters it takes. */
function readField(
  found: Found,
  rest: string,
  piece: { field: string; count: number; isFixed: boolean },
): number | undefined {
  const { field, count } = piece;
  if (field === 'Z' || field === 'z') return readZone(found, rest);
  if (field === 'E') return readName(rest, DAYS, () => {});
  if (field === 'a') return readName(rest, ['am', 'pm'], (i) => Object.assign(found, { isAfternoon: i === 1 }));
  if (field === 'M' && count >= 3) return readName(rest, LONG_MONTHS, (i) => Object.assign(found, { month: i + 1 }));
  const digits = (piece.isFixed ? new RegExp(`^[0-9]{${count}}`) : /^[0-9]{1,9}/).exec(rest)?.[0];
  if (digits === undefined) return undefined;
  setNumber(found, field, digits, count);
  return digits.length;
}

function setNumber(found: Found, field: string, digits: string, count: number): void {
  const value = Number(digits);
  if (field === 'y' || field === 'Y') found.year = count === 2 && digits.length === 2 ? nearYear(value) : value;
  else if (field === 'M') found.month = value;
  else if (field === 'd') found.day = value;
  else if (field === 'D') found.dayOfYear = value;
  else if (field === 'm') found.minute = value;
  else if (field === 's') found.second = value;
  else if (field === 'S') found.nanosecond = Number(digits.padEnd(9, '0'));
  // h: 1–12, k: 1–24, H: 0–23, K: 0–11.
  else found.hour = (field === 'h' && value === 12) || (field === 'k' && value === 24) ? 0 : value;
}

/** Two digits: within 50 years of 2000, as Joda's pivot is for a while to come. */
function nearYear(value: number): number {
  return value < 50 ? 2_000 + value : 1_900 + value;
}

function readZone(found: Found, rest: string): number | undefined {
  const zone = /^(?:Z|UTC|GMT)|^([+-])(\d{2}):?(\d{2})/.exec(rest);
  if (zone === null) return undefined;
  const minutes = Number(zone[2] ?? 0) * 60 + Number(zone[3] ?? 0);
  found.offsetMinutes = zone[1] === '-' ? -minutes : minutes;
  return zone[0].length;
}

/** In full or by its first three letters. */
function readName(rest: string, names: readonly string[], take: (index: number) => void): number | undefined {
  const lower = rest.slice(0, 12).toLowerCase();
  for (const length of [12, 3]) {
    const index = names.findIndex((name) => lower.startsWith(name.slice(0, length)));
    if (index < 0) continue;
    take(index);
    return Math.min(length, (names[index] as string).length);
  }
  return undefined;
}

function whole(found: Found): bigint | undefined {
  const { dayOfYear, isAfternoon, offsetMinutes, ...fields } = found;
  const hour = isAfternoon === true && fields.hour < 12 ? fields.hour + 12 : fields.hour;
  const date = dayOfYear === undefined ? fields : { ...fields, month: 1, day: 1 };
  const instant = instantOf({ ...date, hour });
  if (instant === undefined || (dayOfYear !== undefined && (dayOfYear < 1 || dayOfYear > 366))) return undefined;
  const days = dayOfYear === undefined ? 0n : BigInt(dayOfYear - 1);
  return instant + days * 86_400_000_000_000n - BigInt(offsetMinutes) * 60_000_000_000n;
}
