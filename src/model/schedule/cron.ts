// AWS's cron: minutes, hours, day of month, month, day of week, year; one of the two day fields is `?`. Each field becomes
// the sorted list of its values, the day field a rule that is worked out month by month.
//
// AWS, EventBridge user guide, "Cron expressions", and Scheduler user guide, "Cron-based schedules": values 0-59, 0-23,
// 1-31, 1-12 or JAN-DEC, 1-7 or SUN-SAT, 1970-2199; wildcards `,` `-` `*` `/` everywhere but `/` in the day of week, `L`
// and `W` in the day of month, `L` and `#` in the day of week. A range may wrap: AWS's own example has the hours `20-2`.
// `LW` and `L-3` are in use, though AWS's table does not spell them out; they mean what they mean in Quartz, whose
// language this is.

export interface CronSchedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  readonly years: readonly number[];
}

export type DayRule =
  | { readonly by: 'month'; readonly terms: readonly MonthDay[] }
  /** 0 is Sunday. */
  | { readonly by: 'week'; readonly weekdays: readonly number[] }
  | { readonly by: 'last-weekday'; readonly weekday: number }
  | { readonly by: 'nth-weekday'; readonly weekday: number; readonly nth: number };

/** `last` counts days before the last one: `L` is 0, `L-3` is 3. `nearest` moves to the nearest Monday to Friday. */
export type MonthDay =
  | { readonly day: number; readonly nearest?: true }
  | { readonly last: number; readonly nearest?: true };

export type ParsedCron = { readonly cron: CronSchedule } | { readonly problem: string };

interface FieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly hasNoSteps?: true;
  /** A year after 2199 is not followed by 1970. */
  readonly hasNoWrap?: true;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE: FieldKind = { name: 'minutes', min: 0, max: 59 };
const HOUR: FieldKind = { name: 'hours', min: 0, max: 23 };
const DAY: FieldKind = { name: 'day of month', min: 1, max: 31 };
const MONTH: FieldKind = { name: 'month', min: 1, max: 12, names: MONTHS };
const WEEKDAY: FieldKind = { name: 'day of week', min: 1, max: 7, names: WEEKDAYS, hasNoSteps: true };
const YEAR: FieldKind = { name: 'year', min: 1970, max: 2199, hasNoWrap: true };

/** Why a field is not one; a class, so that it cannot be taken for the values of a field. */
class Problem {
  constructor(readonly text: string) {}
}

export function parseCron(text: string): ParsedCron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return { problem: `cron has 6 fields, not ${fields.length}` };
  const [minute, hour, day, month, weekday, year] = fields as [string, string, string, string, string, string];
  const minutes = valuesOf(minute, MINUTE);
  const hours = valuesOf(hour, HOUR);
  const days = dayRule(day.toUpperCase(), weekday.toUpperCase());
  const months = valuesOf(month, MONTH);
  const years = valuesOf(year, YEAR);
  if (minutes instanceof Problem) return { problem: minutes.text };
  if (hours instanceof Problem) return { problem: hours.text };
  if (days instanceof Problem) return { problem: days.text };
  if (months instanceof Problem) return { problem: months.text };
  if (years instanceof Problem) return { problem: years.text };
  return { cron: { minutes, hours, days, months, years } };
}

function dayRule(day: string, weekday: string): DayRule | Problem {
  if ((day === '?') === (weekday === '?')) {
    return new Problem('exactly one of day of month and day of week is ?');
  }
  return weekday === '?' ? monthDays(day) : weekDays(weekday);
}

function monthDays(field: string): DayRule | Problem {
  const terms: MonthDay[] = [];
  for (const term of field.split(',')) {
    const special = monthDay(term);
    if (special instanceof Problem) return special;
    if (special !== undefined) {
      terms.push(special);
      continue;
    }
    const values = valuesOf(term, DAY);
    if (values instanceof Problem) return values;
    terms.push(...values.map((value) => ({ day: value })));
  }
  return { by: 'month', terms };
}

/** `L`, `LW`, `L-3`, `15W`; undefined for what is none of them. */
function monthDay(term: string): MonthDay | Problem | undefined {
  if (term === 'L') return { last: 0 };
  if (term === 'LW') return { last: 0, nearest: true };
  const before = /^L-(\d{1,2})$/.exec(term)?.[1];
  if (before !== undefined) {
    const last = Number(before);
    return last >= 1 && last <= 30 ? { last } : new Problem(`${term} is not a day of month`);
  }
  const near = /^(\d{1,2})W$/.exec(term)?.[1];
  if (near === undefined) return undefined;
  const day = Number(near);
  return day >= 1 && day <= 31 ? { day, nearest: true } : new Problem(`${term} is not a day of month`);
}

/** AWS, "Cron expressions": with `#` there can be only one expression in the field; the same holds here for `L`. */
function weekDays(field: string): DayRule | Problem {
  if (field === 'L') return { by: 'week', weekdays: [6] };
  const last = /^(\w+)L$/.exec(field)?.[1];
  if (last !== undefined) {
    const weekday = valueNamed(last, WEEKDAY);
    return weekday === undefined ? notA(WEEKDAY, field) : { by: 'last-weekday', weekday: weekday - 1 };
  }
  const [, nth, instance] = /^(\w+)#([1-5])$/.exec(field) ?? [];
  if (nth !== undefined) {
    const weekday = valueNamed(nth, WEEKDAY);
    return weekday === undefined
      ? notA(WEEKDAY, field)
      : { by: 'nth-weekday', weekday: weekday - 1, nth: Number(instance) };
  }
  const values = valuesOf(field, WEEKDAY);
  return values instanceof Problem ? values : { by: 'week', weekdays: values.map((value) => value - 1) };
}

function valuesOf(field: string, kind: FieldKind): readonly number[] | Problem {
  const found = new Set<number>();
  for (const term of field.toUpperCase().split(',')) {
    const problem = addTerm(term, kind, found);
    if (problem !== undefined) return problem;
  }
  return [...found].sort((a, b) => a - b);
}

/** `*`, `5`, `MON`, `1-5`, each with `/step`. A value with a step goes on to the end: `1/10` is 1, 11, 21 … */
function addTerm(term: string, kind: FieldKind, found: Set<number>): Problem | undefined {
  const [range = '', stepText, ...rest] = term.split('/');
  if (rest.length > 0 || (stepText !== undefined && kind.hasNoSteps === true)) return notA(kind, term);
  const step = stepText === undefined ? 1 : numberOf(stepText);
  const bounds = boundsOf(range, kind, stepText !== undefined);
  if (bounds === undefined || step === undefined || step === 0 || step > kind.max) return notA(kind, term);
  const { from, to } = bounds;
  const span = to < from ? to - from + (kind.max - kind.min + 1) : to - from;
  for (let past = 0; past <= span; past += step) {
    found.add(from + past > kind.max ? from + past - kind.max - 1 + kind.min : from + past);
  }
  return undefined;
}

function boundsOf(range: string, kind: FieldKind, hasStep: boolean): { from: number; to: number } | undefined {
  if (range === '*') return { from: kind.min, to: kind.max };
  const [first = '', second, ...rest] = range.split('-');
  if (rest.length > 0) return undefined;
  const from = valueNamed(first, kind);
  if (from === undefined) return undefined;
  if (second === undefined) return { from, to: hasStep ? kind.max : from };
  const to = valueNamed(second, kind);
  return to === undefined || (to < from && kind.hasNoWrap === true) ? undefined : { from, to };
}

function valueNamed(text: string, kind: FieldKind): number | undefined {
  const named = kind.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + kind.min : numberOf(text);
  return value !== undefined && value >= kind.min && value <= kind.max ? value : undefined;
}

function numberOf(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

function notA(kind: FieldKind, text: string): Problem {
  return new Problem(`${text} is not a ${kind.name} field`);
}
