// The days of one month that a cron expression's day field means.

import type { CronSchedule, DayRule, MonthDay } from './cron.ts';

/** Days of the month (1 to 31) in order; `month` is 1 to 12. */
export function matchingDays({ days }: Pick<CronSchedule, 'days'>, year: number, month: number): readonly number[] {
  const dayCount = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return days.by === 'month' ? monthDays(days.terms, { dayCount, first }) : weekDays(days, { dayCount, first });
}

interface Month {
  readonly dayCount: number;
  /** Weekday of the first; 0 is Sunday. */
  readonly first: number;
}

function monthDays(terms: readonly MonthDay[], month: Month): readonly number[] {
  const found = new Set<number>();
  for (const term of terms) {
    const day = 'day' in term ? term.day : month.dayCount - term.last;
    if (day < 1 || day > month.dayCount) continue;
    found.add(term.nearest === true ? nearestWeekday(day, month) : day);
  }
  return [...found].sort((a, b) => a - b);
}

/** Monday to Friday, closest to the day, in the same month: `1W` on a Saturday is Monday the third. */
function nearestWeekday(day: number, { dayCount, first }: Month): number {
  const weekday = (first + day - 1) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < dayCount ? day + 1 : day - 2;
  return day;
}

function weekDays(rule: Exclude<DayRule, { by: 'month' }>, { dayCount, first }: Month): readonly number[] {
  const found: number[] = [];
  for (let day = 1; day <= dayCount; day += 1) {
    const weekday = (first + day - 1) % 7;
    if (rule.by === 'week' ? rule.weekdays.includes(weekday) : weekday === rule.weekday) found.push(day);
  }
  if (rule.by === 'week') return found;
  if (rule.by === 'last-weekday') return found.slice(-1);
  return found.slice(rule.nth - 1, rule.nth);
}
