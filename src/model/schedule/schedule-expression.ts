// When something happens again: `rate(5 minutes)`, `cron(0 10 * * ? *)`, and for Scheduler `at(2026-01-15T12:00:00)`.
// Parsed once, when a document changes. What a text of the client's means for AWS's error is for the service to say;
// a problem here is a sentence for people. `next-run.ts` computes with what is parsed here.

import { type CronSchedule, parseCron } from './cron.ts';

export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: CronSchedule }
  /** Wall-clock time of the schedule's zone, written as if it were UTC, epoch milliseconds. */
  | { readonly kind: 'at'; readonly wallMs: number };

/** `rule`: on an event bus, without `at`, and a rate's unit must agree with its number. `scheduler`: both are relaxed. */
export type ScheduleDialect = 'rule' | 'scheduler';

export type ParsedSchedule = { readonly expression: ScheduleExpression } | { readonly problem: string };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** Beyond it a rate's period would leave what a date can say; AWS documents no bound. */
const RATE_DAYS_MAX = 36_500;

export function parseScheduleExpression(text: string, { kinds }: { readonly kinds: ScheduleDialect }): ParsedSchedule {
  const call = /^(rate|cron|at)\(([^()]*)\)$/.exec(text);
  if (call === null) return { problem: 'it is none of rate(value unit), cron(fields) and at(yyyy-mm-ddThh:mm:ss)' };
  const [, kind, inner = ''] = call;
  if (kind === 'rate') return parseRate(inner, kinds);
  if (kind === 'cron') {
    const parsed = parseCron(inner);
    return 'problem' in parsed ? parsed : { expression: { kind: 'cron', cron: parsed.cron } };
  }
  return kinds === 'rule' ? { problem: 'a rule on an event bus takes no at(…)' } : parseAt(inner);
}

/**
 * AWS, EventBridge user guide, "Rate expressions": a value of 1 has a singular unit, others a plural one, `rate(1 hours)`
 * and `rate(5 hour)` are not valid. Scheduler's guide names only plurals and its API reference both, for every value.
 */
function parseRate(text: string, kinds: ScheduleDialect): ParsedSchedule {
  const parts = /^(\d{1,9}) +(minute|hour|day)(s?)$/.exec(text);
  if (parts === null) return { problem: 'a rate is a whole number and one of minutes, hours, days' };
  const [, digits = '', unit = '', plural = ''] = parts;
  const value = Number(digits);
  if (value === 0) return { problem: 'the value of a rate is positive' };
  if (kinds === 'rule' && (value === 1) !== (plural === '')) {
    return { problem: 'the unit of a rate is singular for 1 and plural for more' };
  }
  const everyMs = value * (UNIT_MS[unit] as number);
  if (everyMs > RATE_DAYS_MAX * 86_400_000) return { problem: 'the rate is longer than a hundred years' };
  return { expression: { kind: 'rate', everyMs } };
}

function parseAt(text: string): ParsedSchedule {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (parts === null) return { problem: 'a time is written yyyy-mm-ddThh:mm:ss, without a zone' };
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, ...number[]];
  const wallMs = Date.UTC(year, (month as number) - 1, day, hour, minute, second);
  // A date that does not exist (February 30, 24:00) would become another one.
  const isReal = year >= 1970 && new Date(wallMs).toISOString().slice(0, 19) === text;
  return isReal ? { expression: { kind: 'at', wallMs } } : { problem: `${text} is not a date` };
}
