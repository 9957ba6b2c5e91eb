import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assert } from '#base/assert.ts';
import { nextRunAtMs } from './next-run.ts';
import { parseScheduleExpression, type ScheduleDialect, type ScheduleExpression } from './schedule-expression.ts';
import { instantOfWall, isTimeZone, wallMsAt } from './time-zone.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

function parsed(text: string, kinds: ScheduleDialect = 'scheduler'): ScheduleExpression {
  const result = parseScheduleExpression(text, { kinds });
  assert('expression' in result, `${text}: ${'problem' in result ? result.problem : ''}`);
  return result.expression;
}

function runs(text: string, options: { from: string; count: number; zone?: string; start?: string }): string[] {
  const expression = parsed(text);
  const startMs = Date.parse(`${options.start ?? options.from}Z`);
  const found: string[] = [];
  for (let afterMs = Date.parse(`${options.from}Z`); found.length < options.count; ) {
    const next = nextRunAtMs(expression, { afterMs, startMs, timeZone: options.zone ?? 'UTC' });
    if (next === undefined) return [...found, 'never'];
    found.push(new Date(next).toISOString().slice(0, 16));
    afterMs = next;
  }
  return found;
}

describe('cron expressions mean what AWS documents', () => {
  // EventBridge user guide, "Cron expressions": examples; Scheduler user guide, "Cron-based schedules".
  test.each([
    ['cron(0 10 * * ? *)', ['2026-01-15T10:00', '2026-01-16T10:00']],
    ['cron(15 12 * * ? *)', ['2026-01-15T12:15', '2026-01-16T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-01-15T18:00', '2026-01-16T18:00', '2026-01-19T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-02-01T08:00', '2026-03-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-01-15T00:15', '2026-01-15T00:30', '2026-01-15T00:45', '2026-01-15T01:00']],
    ['cron(0/10 * ? * MON-FRI *)', ['2026-01-15T00:10', '2026-01-15T00:20']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-01-15T08:00', '2026-01-15T08:05']],
    [
      'cron(0/30 20-2 ? * MON-FRI *)',
      [
        '2026-01-15T00:30',
        '2026-01-15T01:00',
        '2026-01-15T01:30',
        '2026-01-15T02:00',
        '2026-01-15T02:30',
        '2026-01-15T20:00',
      ],
    ],
    ['cron(15 10 ? * 6L 2022-2023)', ['never']],
    ['cron(15 10 ? * 6L 2026-2027)', ['2026-01-30T10:15', '2026-02-27T10:15', '2026-03-27T10:15']],
    ['cron(0 12 ? * 3#2 *)', ['2026-02-10T12:00', '2026-03-10T12:00']],
    ['cron(0 12 ? * TUE#2 *)', ['2026-02-10T12:00']],
    ['cron(0 12 ? * 2#5 *)', ['2026-03-30T12:00', '2026-06-29T12:00']],
    ['cron(0 0 3W * ? *)', ['2026-02-03T00:00', '2026-03-03T00:00', '2026-04-03T00:00', '2026-05-04T00:00']],
    ['cron(0 0 1W 8 ? 2026)', ['2026-08-03T00:00', 'never']],
    ['cron(0 0 31W 5 ? 2026)', ['2026-05-29T00:00', 'never']],
    ['cron(0 0 L * ? *)', ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00']],
    ['cron(0 0 LW * ? *)', ['2026-01-30T00:00', '2026-02-27T00:00']],
    ['cron(0 0 L-2 * ? *)', ['2026-01-29T00:00', '2026-02-26T00:00']],
    ['cron(0 0 ? * L *)', ['2026-01-17T00:00', '2026-01-24T00:00']],
    ['cron(0 12 ? * sat-sun *)', ['2026-01-17T12:00', '2026-01-18T12:00', '2026-01-24T12:00']],
    [
      'cron(0 12 ? JAN,jul MON,3 *)',
      ['2026-01-19T12:00', '2026-01-20T12:00', '2026-01-26T12:00', '2026-01-27T12:00', '2026-07-06T12:00'],
    ],
    ['cron(1/10 0 * * ? *)', ['2026-01-15T00:01', '2026-01-15T00:11', '2026-01-15T00:21']],
    ['cron(*/20 6 * * ? *)', ['2026-01-15T06:00', '2026-01-15T06:20', '2026-01-15T06:40', '2026-01-16T06:00']],
    ['cron(30-30 13-13 ? * 2,4,6 *)', ['2026-01-16T13:30', '2026-01-19T13:30']],
    ['cron(1-31/30 1-1 ? * 1,7 *)', ['2026-01-17T01:01', '2026-01-17T01:31', '2026-01-18T01:01']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['cron(0 0 29 2 ? 2096/2)', ['2096-02-29T00:00', '2104-02-29T00:00']],
    ['cron(0 0 30 2 ? *)', ['never']],
    ['cron(59 23 31 12 ? 2199)', ['2199-12-31T23:59', 'never']],
  ])('%s', (text, expected) => {
    expect(runs(text, { from: '2026-01-15T00:00:00', count: expected.length })).toEqual(expected);
  });

  test.each([
    ['cron(0 9 * * * *)', 'exactly one of'],
    ['cron(0 9 ? * ? *)', 'exactly one of'],
    ['cron(0 9 * * ?)', 'fields'],
    ['cron(0 9 * * ? * *)', 'fields'],
    ['cron()', 'fields'],
    ['cron(60 9 * * ? *)', '60 is not a minutes field'],
    ['cron(0 24 * * ? *)', 'hours'],
    ['cron(0 9 32 * ? *)', 'day of month'],
    ['cron(0 9 0 * ? *)', 'day of month'],
    ['cron(0 9 * 13 ? *)', 'month'],
    ['cron(0 9 ? * 0 *)', 'day of week'],
    ['cron(0 9 ? * 8 *)', 'day of week'],
    ['cron(0 9 ? * -1 *)', 'day of week'],
    ['cron(0 9 ? * 3#1,6#3 *)', 'day of week'],
    ['cron(0 9 ? * 3#6 *)', 'day of week'],
    ['cron(0 9 ? * MON/2 *)', 'day of week'],
    ['cron(0 9 L-31 * ? *)', 'day of month'],
    ['cron(0 9 32W * ? *)', 'day of month'],
    ['cron(0 9 * * ? 1969)', 'year'],
    ['cron(0 9 * * ? 2030-2026)', 'year'],
    ['cron(0/0 9 * * ? *)', 'minutes'],
    ['cron(/5 9 * * ? *)', 'minutes'],
    ['cron(1,,2 9 * * ? *)', 'minutes'],
    ['cron(0.5 9 * * ? *)', 'minutes'],
    ['rate(0 minutes)', 'positive'],
    ['rate(-5 minutes)', 'whole number'],
    ['rate(10 seconds)', 'whole number'],
    ['rate(5)', 'whole number'],
    // Seen at AWS: no spaces beside the parentheses.
    ['rate( 10 minutes )', 'whole number'],
    ['cron(7 20 * * NOT *)', 'exactly one of'],
    ['cron(0 dummy ? * MON-FRI *)', 'hours'],
    ['rate(999999999 days)', 'hundred years'],
    ['at(2026-02-30T00:00:00)', 'not a date'],
    ['at(2026-02-03T24:00:00)', 'not a date'],
    ['at(2026-02-03T12:00:00Z)', 'written'],
    ['at(2026-02-03T12:00)', 'written'],
    ['every(5 minutes)', 'none of'],
    [' rate(5 minutes)', 'none of'],
    ['', 'none of'],
  ])('%s is refused', (text, problem) => {
    expect(parseScheduleExpression(text, { kinds: 'scheduler' })).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });

  test('a rule wants the unit of a rate to agree with its number, Scheduler does not', () => {
    for (const text of ['rate(1 hours)', 'rate(5 hour)']) {
      expect(parseScheduleExpression(text, { kinds: 'rule' })).toHaveProperty('problem');
      expect(parseScheduleExpression(text, { kinds: 'scheduler' })).toHaveProperty('expression');
    }
    expect(parsed('rate(1 day)', 'rule')).toEqual({ kind: 'rate', everyMs: DAY });
    expect(parseScheduleExpression('at(2026-01-15T12:00:00)', { kinds: 'rule' })).toHaveProperty('problem');
  });

  test('no text makes the parser throw or the calculation run away', () => {
    const pieces = fc.constantFrom(
      '0',
      '1',
      '5',
      '31',
      '*',
      '?',
      'L',
      'W',
      '#',
      '-',
      ',',
      '/',
      'MON',
      'JAN',
      '2026',
      ' ',
    );
    const field = fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join(''));
    const text = fc.array(field, { minLength: 6, maxLength: 6 }).map((fields) => `cron(${fields.join(' ')})`);
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (given) => {
        const result = parseScheduleExpression(given, { kinds: 'scheduler' });
        if ('problem' in result) return;
        const next = nextRunAtMs(result.expression, { afterMs: 0, startMs: 0, timeZone: 'Europe/Berlin' });
        if (next !== undefined) expect(next).toBeGreaterThan(0);
      }),
    );
  });
});

describe('time zones and daylight saving time', () => {
  test('a time that does not exist when clocks go forward is skipped', () => {
    // New York, 2026-03-08: 02:00 EST becomes 03:00 EDT.
    expect(runs('cron(30 2 * * ? *)', { from: '2026-03-06T12:00:00', count: 3, zone: 'America/New_York' })).toEqual([
      '2026-03-07T07:30',
      '2026-03-09T06:30',
      '2026-03-10T06:30',
    ]);
  });

  test('a time that comes twice when clocks go back runs once, the first time', () => {
    // New York, 2026-11-01: 02:00 EDT becomes 01:00 EST.
    expect(runs('cron(30 1 * * ? *)', { from: '2026-10-31T12:00:00', count: 2, zone: 'America/New_York' })).toEqual([
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]);
    expect(runs('cron(0/30 * * * ? *)', { from: '2026-11-01T05:00:00', count: 2, zone: 'America/New_York' })).toEqual([
      '2026-11-01T05:30',
      '2026-11-01T07:00',
    ]);
  });

  test('a day of a rate has 24 hours, whatever the clocks do', () => {
    expect(runs('rate(1 day)', { from: '2026-03-07T07:00:00', count: 2, zone: 'America/New_York' })).toEqual([
      '2026-03-08T07:00',
      '2026-03-09T07:00',
    ]);
  });

  test('a rate counts from its start and runs there first', () => {
    const start = '2026-01-15T12:00:30';
    expect(runs('rate(5 minutes)', { from: '2026-01-15T11:00:00', start, count: 2 })).toEqual([
      '2026-01-15T12:00',
      '2026-01-15T12:05',
    ]);
    expect(runs('rate(5 minutes)', { from: '2026-01-15T12:11:00', start, count: 1 })).toEqual(['2026-01-15T12:15']);
  });

  test('cron runs at its start or later', () => {
    const start = '2026-01-16T10:00:00';
    expect(runs('cron(0 10 * * ? *)', { from: '2026-01-15T00:00:00', start, count: 1 })).toEqual(['2026-01-16T10:00']);
  });

  test('one-time schedules are in their zone, and move with the clocks where their time does not exist', () => {
    const from = '2026-01-01T00:00:00';
    const zone = 'Asia/Kolkata';
    expect(runs('at(2026-06-01T09:00:00)', { from, zone, count: 2 })).toEqual(['2026-06-01T03:30', 'never']);
    expect(runs('at(2026-03-08T02:30:00)', { from, zone: 'America/New_York', count: 1 })).toEqual(['2026-03-08T07:30']);
    expect(runs('at(2020-01-01T00:00:00)', { from, count: 1 })).toEqual(['never']);
  });

  test.each([
    ['America/New_York', true],
    ['Asia/Kolkata', true],
    ['Etc/GMT+1', true],
    ['UTC', true],
    ['america/new_york', false],
    ['+01:00', false],
    ['Mars/Olympus', false],
    ['', false],
    ['constructor', false],
  ])('%s is a time zone: %s', (zone, expected) => {
    expect(isTimeZone(zone)).toBe(expected);
  });

  test('wall time leads back to its instant, but for what is skipped', () => {
    const zones = ['America/New_York', 'Australia/Lord_Howe', 'Europe/Dublin', 'Pacific/Apia', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2005, 0, 1) / MINUTE, max: Date.UTC(2035, 0, 1) / MINUTE }),
        (zone, minute) => {
          const { atMs, isSkipped } = instantOfWall(zone, wallMsAt(zone, minute * MINUTE));
          expect(isSkipped).toBe(false);
          expect(atMs).toBeLessThanOrEqual(minute * MINUTE);
        },
      ),
    );
  });
});

describe('the next run is what a walk minute by minute finds', () => {
  const numbers = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min, max }).map(String),
      fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: 20 })).map(([from, step]) => `${from}/${step}`),
      fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${a}-${b}`),
      fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(',')),
    );

  /** Independent of the parser: does this value satisfy the field's text? */
  function matches(field: string, value: number, bounds: { min: number; max: number }): boolean {
    return field.split(',').some((term) => {
      const [range = '', step = '1'] = term.split('/');
      const [from, to] = range === '*' ? [bounds.min, bounds.max] : range.split('-').map(Number);
      const end = to ?? (term.includes('/') ? bounds.max : from);
      const size = bounds.max - bounds.min + 1;
      const past = (value - (from as number) + size) % size;
      const span = ((end as number) - (from as number) + size) % size;
      return past <= span && past % Number(step) === 0;
    });
  }

  const change = fc.constantFrom(
    { zone: 'UTC', atMs: Date.UTC(2026, 1, 27) },
    { zone: 'America/New_York', atMs: Date.UTC(2026, 2, 8) },
    { zone: 'America/New_York', atMs: Date.UTC(2026, 10, 1) },
    { zone: 'Australia/Lord_Howe', atMs: Date.UTC(2026, 3, 4) },
    { zone: 'Europe/Berlin', atMs: Date.UTC(2026, 9, 24) },
  );

  test('for random fields around changes of the clocks', () => {
    fc.assert(
      fc.property(
        change,
        fc.integer({ min: 0, max: 24 * 60 }),
        fc.record({
          minute: numbers(0, 59),
          hour: numbers(0, 23),
          weekday: numbers(1, 7).filter((f) => !f.includes('/')),
        }),
        ({ zone, atMs }, offset, { minute, hour, weekday }) => {
          const afterMs = atMs + offset * MINUTE;
          const expression = parsed(`cron(${minute} ${hour} ? * ${weekday} *)`);
          // Walls that were shown in the hours before are shown again when the clocks go back: those do not run.
          const shown = new Set<number>();
          for (let at = afterMs - 180 * MINUTE; at <= afterMs; at += MINUTE) shown.add(wallMsAt(zone, at));
          let expected: number | undefined;
          for (let at = afterMs + MINUTE; at <= afterMs + 2 * DAY && expected === undefined; at += MINUTE) {
            const wallMs = wallMsAt(zone, at);
            const wall = new Date(wallMs);
            const isMatch =
              !shown.has(wallMs) &&
              matches(minute, wall.getUTCMinutes(), { min: 0, max: 59 }) &&
              matches(hour, wall.getUTCHours(), { min: 0, max: 23 }) &&
              matches(weekday, wall.getUTCDay() + 1, { min: 1, max: 7 });
            shown.add(wallMs);
            if (isMatch) expected = at;
          }
          const found = nextRunAtMs(expression, { afterMs, startMs: 0, timeZone: zone });
          if (expected === undefined) expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThan(afterMs + 2 * DAY);
          else expect(found).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('over decades: every run of a century is on the day it should be', () => {
    const days = runs('cron(0 9 ? * FRI#3 *)', { from: '2026-01-01T00:00:00', count: 1_200, zone: 'Europe/Berlin' });
    expect(new Set(days.map((day) => new Date(`${day}Z`).getUTCDay()))).toEqual(new Set([5]));
    expect(days.every((day) => Number(day.slice(8, 10)) >= 15 && Number(day.slice(8, 10)) <= 21)).toBe(true);
    expect(days.at(-1)).toMatch(/^2125-12-/);
  });
});
