// What `format` demands of a text or a number. Formats that are only hints for tools (`password`, `byte`, unknown ones) demand nothing, as JSON
// Schema draft 4 allows and OpenAPI 3 says. Every check is one pass over the text.

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** RFC 3339, section 5.6, as both standards refer to it. */
export function isDateTime(text: string): boolean {
  // Most texts are none; the length tells before anything else is looked at.
  if (text.length < 20 || text.length > 35) return false;
  const parts = DATE_TIME.exec(text);
  if (parts === null) return false;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (Number(parts[7] ?? 0) > 23 || Number(parts[8] ?? 0) > 59) return false;
  // A leap second is a valid time.
  return isDay(year, month, day) && hour < 24 && minute < 60 && second <= 60;
}

function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  const [head, tail, more] = text.split('::');
  if (more !== undefined || text.length > 45) return false;
  const groupsOf = (side: string | undefined): string[] => (side === undefined || side === '' ? [] : side.split(':'));
  const groups = [...groupsOf(head), ...groupsOf(tail)];
  const last = groups[groups.length - 1];
  const hasIpv4 = last?.includes('.') === true;
  if (hasIpv4 && !isIpv4(last as string)) return false;
  const plain = hasIpv4 ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = plain.length + (hasIpv4 ? 2 : 0);
  return tail === undefined ? count === 8 : count < 8;
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  return at > 0 && at <= 64 && !/\s/.test(text) && isHostname(text.slice(at + 1));
}

const TEXT_FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['date', isDate],
  ['email', isEmail],
  ['hostname', isHostname],
  ['ipv4', isIpv4],
  ['ipv6', isIpv6],
  ['uri', (text) => /^[a-z][a-z0-9+.-]*:[^\s]*$/i.test(text)],
  ['uuid', (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)],
]);

/** OpenAPI 3, "Data Types". Floating point formats hold every number of JSON, more or less exactly. */
const NUMBER_FORMATS: ReadonlyMap<string, (value: number) => boolean> = new Map([
  ['int32', (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31],
  ['int64', (value) => Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63],
]);

/** Whether the value is what the format says; values of a type that the format does not speak of are. */
export function fitsFormat(format: string, value: unknown): boolean {
  if (typeof value === 'string') return TEXT_FORMATS.get(format)?.(value) ?? true;
  if (typeof value === 'number') return NUMBER_FORMATS.get(format)?.(value) ?? true;
  return true;
}
