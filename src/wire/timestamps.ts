// The three ways in which AWS writes an instant. Inside, an instant is milliseconds since the epoch.

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** What ECMAScript's dates can hold; beyond it `toISOString` throws. */
const MS_MAX = 8.64e15;

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)(\.\d{1,3})? GMT$/;

export function isInstant(ms: number): boolean {
  return Math.abs(ms) <= MS_MAX;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `2026-11-23T06:38:00Z`, with milliseconds only when there are any. */
export function formatDateTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** `Mon, 23 Nov 2026 06:38:00 GMT` */
export function formatHttpDate(ms: number): string {
  const date = new Date(ms);
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${String(date.getUTCFullYear()).padStart(4, '0')}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} GMT`;
}

export function parseDateTime(text: string): number | undefined {
  const found = DATE_TIME.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const base = instantOf([Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)]);
  if (base === undefined) return undefined;
  const offset = zone === 'Z' || zone === 'z' ? 0 : zoneMs(zone!);
  return base + (fraction === undefined ? 0 : Math.trunc(Number(fraction) * 1000)) - offset;
}

export function parseHttpDate(text: string): number | undefined {
  const found = HTTP_DATE.exec(text);
  if (found === null) return undefined;
  const [, day, monthName, year, hour, minute, second] = found;
  const month = MONTHS.indexOf(monthName!) + 1;
  return instantOf([Number(year), month, Number(day), Number(hour), Number(minute), Number(second)]);
}

/** `20261123T063800Z`, as signatures carry it. By character, since it is read on every signed request. */
export function parseBasicDateTime(text: string): number | undefined {
  if (text.length !== 16 || text[8] !== 'T' || text[15] !== 'Z') return undefined;
  for (let i = 0; i < 15; i += 1) {
    const code = text.charCodeAt(i);
    if (i !== 8 && (code < 48 || code > 57)) return undefined;
  }
  const pair = (at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
  return instantOf([pair(0) * 100 + pair(2), pair(4), pair(6), pair(9), pair(11), pair(13)]);
}

export function formatBasicDateTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function zoneMs(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Undefined for a day that does not exist: 30 February would else become 2 March. */
function instantOf(parts: readonly number[]): number | undefined {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(ms).getUTCDate() === day && year >= 100 ? ms : undefined;
}
