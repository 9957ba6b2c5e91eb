import { describe, expect, test } from 'vitest';
import { DEAD_ARN, QUEUE_ARN, ROLE_ARN, SchedulerTest } from './testing.ts';

// The clock of a test starts on Thursday, 2026-01-15, at 12:00.
const DAY = 1_440;
const THROTTLED = { code: 'Throttled', detail: 'too fast', isRetryable: true };
const DENIED = { code: 'AccessDenied', detail: 'no', isRetryable: false };

describe('schedules run when they should', () => {
  test('a one-time schedule runs once, in its zone, and stays', async () => {
    const test = await SchedulerTest.open();
    await test.create('at(2026-01-15T18:00:30)', { ScheduleExpressionTimezone: 'Asia/Kolkata' });
    await test.advanceMinutes(2 * DAY);
    expect(test.queues.of('jobs').map(({ at, text }) => [at, text])).toEqual([['2026-01-15T12:30:30.000Z', 'go']]);
    expect(await test.call('GetSchedule', { Name: 'nightly' })).toMatchObject({ State: 'ENABLED' });
    expect(test.cell.cell.nextDueAtMs()).toBeUndefined();
  });

  test('a one-time schedule of a minute ago runs at once, an earlier one never', async () => {
    const test = await SchedulerTest.open();
    await test.create('at(2026-01-15T11:59:30)', { Name: 'late' });
    await test.create('at(2026-01-15T11:58:00)', { Name: 'too-late' });
    await test.advanceMinutes(DAY);
    expect(test.times).toEqual(['2026-01-15T12:00']);
  });

  test('a rate runs when it is created, and then at its rate', async () => {
    const test = await SchedulerTest.open();
    await test.create('rate(5 minutes)');
    await test.advanceMinutes(11);
    expect(test.times).toEqual(['2026-01-15T12:00', '2026-01-15T12:05', '2026-01-15T12:10']);
  });

  test('a rate with a start runs there first, and not behind its end', async () => {
    const test = await SchedulerTest.open();
    const StartDate = Date.parse('2026-01-15T12:07:00Z');
    const EndDate = Date.parse('2026-01-15T12:17:00Z');
    await test.create('rate(5 minutes)', { StartDate, EndDate });
    await test.advanceMinutes(60);
    expect(test.times).toEqual(['2026-01-15T12:07', '2026-01-15T12:12', '2026-01-15T12:17']);
  });

  test('cron follows the clocks of its zone', async () => {
    const test = await SchedulerTest.open();
    await test.create('cron(30 2 * * ? *)', {
      ScheduleExpressionTimezone: 'America/New_York',
      StartDate: Date.parse('2026-03-07T00:00:00Z'),
      EndDate: Date.parse('2026-03-10T00:00:00Z'),
    });
    await test.advanceMinutes(60 * DAY);
    expect(test.times).toEqual(['2026-03-07T07:30', '2026-03-09T06:30']);
  });

  test('cron over years', async () => {
    const test = await SchedulerTest.open();
    await test.create('cron(0 0 29 2 ? *)');
    await test.advanceMinutes(11 * 365 * DAY);
    expect(test.times).toEqual(['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']);
  });

  test('a flexible window moves each run by chance, never before its time and never behind its window', async () => {
    const test = await SchedulerTest.open();
    await test.create('cron(0 * * * ? *)', {
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: { Input: '<aws.scheduler.scheduled-time>' },
    });
    await test.advanceMinutes(50 * 60);
    const late = test.queues.of('jobs').map(({ at, text }) => Date.parse(at) - Date.parse(text));
    expect(late).toHaveLength(50);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(15 * 60_000);
    expect(new Set(late).size).toBeGreaterThan(40);
  });

  test('windows that overlap lose no run', async () => {
    const test = await SchedulerTest.open();
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 };
    await test.create('rate(5 minutes)', { FlexibleTimeWindow, Target: { Input: '<aws.scheduler.scheduled-time>' } });
    await test.advanceMinutes(10 * 60);
    const planned = test.queues.of('jobs').map(({ text }) => text);
    expect(planned.slice(0, 3)).toEqual(['2026-01-15T12:00:00Z', '2026-01-15T12:05:00Z', '2026-01-15T12:10:00Z']);
    expect(new Set(planned).size).toBe(planned.length);
    expect(planned.length).toBeGreaterThan(105);
  });

  test('a schedule is deleted behind its last run when it says so', async () => {
    const test = await SchedulerTest.open();
    const ActionAfterCompletion = 'DELETE';
    await test.create('at(2026-01-15T12:30:00)', { Name: 'once', ActionAfterCompletion });
    const EndDate = Date.parse('2026-01-15T12:10:00Z');
    await test.create('rate(5 minutes)', { Name: 'thrice', ActionAfterCompletion, EndDate });
    await test.advanceMinutes(11);
    expect((await test.call('ListSchedules', {})).Schedules!.map(({ Name }) => Name)).toEqual(['once']);
    await test.advanceMinutes(30);
    expect((await test.call('ListSchedules', {})).Schedules).toEqual([]);
    expect(test.times).toHaveLength(4);
  });

  test('a disabled schedule does not run; enabled again it runs, without what it missed', async () => {
    const test = await SchedulerTest.open();
    const timing = { ScheduleExpression: 'cron(0 * * * ? *)', Name: 'nightly' };
    const rest = { FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN } };
    await test.create(timing.ScheduleExpression, { State: 'DISABLED' });
    await test.advanceMinutes(150);
    expect(test.times).toEqual([]);
    await test.call('UpdateSchedule', { ...timing, ...rest });
    await test.advanceMinutes(60);
    expect(test.times).toEqual(['2026-01-15T15:00']);
    await test.call('UpdateSchedule', { ...timing, ...rest, State: 'DISABLED' });
    await test.advanceMinutes(600);
    expect(test.times).toHaveLength(1);
  });

  test('an update that leaves the timing alone leaves the next run alone', async () => {
    const test = await SchedulerTest.open();
    await test.create('rate(10 minutes)');
    await test.advanceMinutes(13);
    const rest = { FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN, Input: 'new' } };
    await test.call('UpdateSchedule', { Name: 'nightly', ScheduleExpression: 'rate(10 minutes)', ...rest });
    await test.advanceMinutes(8);
    expect(test.queues.of('jobs').map(({ at, text }) => `${at.slice(11, 16)} ${text}`)).toEqual([
      '12:00 go',
      '12:10 go',
      '12:20 new',
    ]);
    await test.call('UpdateSchedule', { Name: 'nightly', ScheduleExpression: 'rate(7 minutes)', ...rest });
    await test.advanceMinutes(8);
    expect(test.times.slice(3)).toEqual(['2026-01-15T12:21', '2026-01-15T12:28']);
  });

  test('a deleted schedule does not run', async () => {
    const test = await SchedulerTest.open();
    await test.create('rate(5 minutes)');
    await test.advanceMinutes(1);
    await test.call('DeleteSchedule', { Name: 'nightly' });
    await test.advanceMinutes(60);
    expect(test.times).toHaveLength(1);
  });

  test('ten thousand schedules of the same minute all run', async () => {
    const test = await SchedulerTest.open();
    for (let i = 0; i < 10_000; i += 1) {
      test.cell.start('scheduler', 'CreateSchedule', {
        Name: `s-${i}`,
        ScheduleExpression: 'at(2026-01-15T13:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN },
      });
    }
    await test.advanceMinutes(60);
    expect(test.times).toHaveLength(10_000);
    expect(new Set(test.times)).toEqual(new Set(['2026-01-15T13:00']));
  });
});

describe('what a target gets', () => {
  test('its input with the context attributes', async () => {
    const test = await SchedulerTest.open();
    const Input =
      '{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","attempt":<aws.scheduler.attempt-number>,"other":"<aws.scheduler.nothing>"}';
    await test.create('at(2026-01-15T13:00:00)', { Target: { Input } });
    await test.advanceMinutes(60);
    expect(JSON.parse(test.queues.of('jobs')[0]!.text)).toEqual({
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
      time: '2026-01-15T13:00:00Z',
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      attempt: 1,
      other: '<aws.scheduler.nothing>',
    });
  });

  test('without input, a notification', async () => {
    const test = await SchedulerTest.open();
    await test.call('CreateSchedule', {
      Name: 'nightly',
      ScheduleExpression: 'at(2026-01-15T13:00:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN },
    });
    await test.advanceMinutes(60);
    expect(JSON.parse(test.queues.of('jobs')[0]!.text)).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: '2026-01-15T13:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly'],
      detail: '{}',
    });
  });

  test('from the session of its role, with the group of a FIFO queue', async () => {
    const test = await SchedulerTest.open();
    await test.create('at(2026-01-15T13:00:00)', { Target: { SqsParameters: { MessageGroupId: 'g' } } });
    await test.advanceMinutes(60);
    expect(test.queues.of('jobs')[0]!.handOver).toMatchObject({
      sourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
      messageGroupId: 'g',
      principal: {
        kind: 'session',
        roleArn: ROLE_ARN,
        arn: 'arn:aws:sts::000000000000:assumed-role/scheduler/scheduler',
      },
    });
  });
});

test('a bus gets the input as the detail of an event', async () => {
  const test = await SchedulerTest.open();
  const Arn = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
  const EventBridgeParameters = { DetailType: 'due', Source: 'reports' };
  const Input = '{"attempt":"<aws.scheduler.attempt-number>"}';
  await test.create('at(2026-01-15T13:00:00)', { Target: { Arn, Input, EventBridgeParameters } });
  await test.advanceMinutes(60);
  const [received] = test.buses.received;
  expect(received).toMatchObject({ text: '{"attempt":"1"}' });
  expect(received!.handOver).toMatchObject({
    targetArn: Arn,
    parameters: { bus: { source: 'reports', detailType: 'due' } },
  });
});

describe('what a target does not take is tried again', () => {
  test('185 times within 24 hours, then it is a dead letter', async () => {
    const test = await SchedulerTest.open();
    test.queues.failure = THROTTLED;
    await test.create('at(2026-01-15T13:00:00)', { Target: { DeadLetterConfig: { Arn: DEAD_ARN } } });
    await test.advanceMinutes(60 + DAY);
    expect(test.queues.of('jobs')).toHaveLength(186);
    const [letter, ...more] = test.queues.of('dead');
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      text: 'go',
      attributes: {
        ERROR_CODE: 'Throttled',
        ERROR_MESSAGE: 'too fast',
        EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        IS_PAYLOAD_TRUNCATED: 'false',
        RETRY_ATTEMPTS: '185',
        SCHEDULED_TIME: '2026-01-15T13:00:00Z',
        SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
        TARGET_ARN: QUEUE_ARN,
      },
    });
    expect(Date.parse(letter!.at) - Date.parse('2026-01-15T13:00:00Z')).toBeLessThanOrEqual(86_400_000);
  });

  test('the policy of the target counts, and attempts are numbered', async () => {
    const test = await SchedulerTest.open();
    test.queues.failure = THROTTLED;
    const RetryPolicy = { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3_600 };
    const Input = 'attempt <aws.scheduler.attempt-number>';
    await test.create('at(2026-01-15T13:00:00)', {
      Target: { RetryPolicy, Input, DeadLetterConfig: { Arn: DEAD_ARN } },
    });
    await test.advanceMinutes(DAY);
    expect(test.queues.of('jobs').map(({ text }) => text)).toEqual([
      'attempt 1',
      'attempt 2',
      'attempt 3',
      'attempt 4',
    ]);
    expect(test.queues.of('dead')[0]).toMatchObject({ text: 'attempt 4', attributes: { RETRY_ATTEMPTS: '3' } });
  });

  test('for as long as the event may be old', async () => {
    const test = await SchedulerTest.open();
    test.queues.failure = THROTTLED;
    const RetryPolicy = { MaximumEventAgeInSeconds: 60 };
    await test.create('at(2026-01-15T13:00:00)', { Target: { RetryPolicy, DeadLetterConfig: { Arn: DEAD_ARN } } });
    await test.advanceMinutes(DAY);
    expect(test.queues.of('dead')[0]!.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  test('but not when it was refused for good', async () => {
    const test = await SchedulerTest.open();
    test.queues.failure = DENIED;
    await test.create('at(2026-01-15T13:00:00)', { Target: { DeadLetterConfig: { Arn: DEAD_ARN } } });
    await test.advanceMinutes(DAY);
    expect(test.queues.of('jobs')).toHaveLength(1);
    const { attributes } = test.queues.of('dead')[0]!;
    expect(attributes).toMatchObject({ ERROR_CODE: 'AccessDenied', RETRY_ATTEMPTS: '0' });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  test('and without retries it says that those were exhausted', async () => {
    const test = await SchedulerTest.open();
    test.queues.failure = THROTTLED;
    const RetryPolicy = { MaximumRetryAttempts: 0 };
    await test.create('at(2026-01-15T13:00:00)', { Target: { RetryPolicy, DeadLetterConfig: { Arn: DEAD_ARN } } });
    await test.advanceMinutes(DAY);
    expect(test.queues.of('jobs')).toHaveLength(1);
    expect(test.queues.of('dead')[0]!.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '0',
    });
  });
});

describe.each([{ clean: false }, { clean: true }])('after a restart (clean: $clean)', (how) => {
  test('schedules go on where they were', async () => {
    const before = await SchedulerTest.open();
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 3 };
    await before.create('rate(5 minutes)', { Name: 'rate' });
    await before.create('cron(0/10 * * * ? *)', { Name: 'cron', FlexibleTimeWindow });
    await before.create('at(2026-01-15T12:01:00)', { Name: 'over' });
    await before.create('at(2026-01-15T12:02:00)', { Name: 'gone', ActionAfterCompletion: 'DELETE' });
    await before.create('rate(1 minute)', { Name: 'off', State: 'DISABLED' });
    await before.advanceMinutes(22);
    const nextRuns = ['rate', 'cron', 'over', 'gone', 'off']
      .map((name) => keyOf(name))
      .map((key) => before.state.nextRun(key));
    const after = await before.restart(how);
    expect(['rate', 'cron', 'over', 'gone', 'off'].map((name) => after.state.nextRun(keyOf(name)))).toEqual(nextRuns);
    const count = after.times.length;
    await after.advanceMinutes(19);
    expect(after.times.slice(count).filter((time) => time.endsWith('5'))).toEqual(
      expect.arrayContaining(['2026-01-15T12:25', '2026-01-15T12:35']) as string[],
    );
    expect(after.times.slice(count)).toHaveLength(4 + 2);
  });

  test('what was missed runs once, for the latest time', async () => {
    const before = await SchedulerTest.open();
    const Input = '<aws.scheduler.scheduled-time>';
    await before.create('cron(0/5 * * * ? *)', { Name: 'cron', Target: { Input } });
    await before.create('rate(7 minutes)', { Name: 'rate', Target: { Input } });
    await before.create('at(2026-01-15T13:30:00)', { Name: 'once', Target: { Input } });
    await before.advanceMinutes(1);
    const count = before.times.length;
    const after = await before.restart({ ...how });
    after.cell.takeFacts();
    // Nobody was there for four hours.
    after.cell.clock.moveTo(Date.parse('2026-01-15T16:02:00Z'));
    await after.cell.settle();
    expect(
      after.queues
        .of('jobs')
        .slice(count)
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['2026-01-15T13:30:00Z', '2026-01-15T15:58:00Z', '2026-01-15T16:00:00Z']);
    const facts = after.cell.takeFacts().filter(({ name }) => name === 'ScheduleRan');
    expect(facts.map(({ fact }) => fact)).toContainEqual(
      expect.objectContaining({
        schedule: keyOf('cron'),
        missedFromMs: Date.parse('2026-01-15T12:05:00Z'),
        nextPlannedAtMs: Date.parse('2026-01-15T16:05:00Z'),
      }),
    );
    await after.advanceMinutes(4);
    expect(
      after.queues
        .of('jobs')
        .slice(count + 3)
        .map(({ text }) => text),
    ).toEqual(['2026-01-15T16:05:00Z', '2026-01-15T16:05:00Z']);
  });

  test('what is older than the maximum event age does not run, and is a dead letter', async () => {
    const before = await SchedulerTest.open();
    const Target = { DeadLetterConfig: { Arn: DEAD_ARN }, RetryPolicy: { MaximumEventAgeInSeconds: 3_600 } };
    await before.create('at(2026-01-15T13:30:00)', { Name: 'once', Target, ActionAfterCompletion: 'DELETE' });
    await before.create('cron(0 0 * * ? *)', { Name: 'daily', Target });
    const after = await before.restart(how);
    after.cell.clock.moveTo(Date.parse('2026-01-18T00:30:00Z'));
    await after.cell.settle();
    expect(after.queues.of('dead').map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        SCHEDULED_TIME: '2026-01-15T13:30:00Z',
        EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
        RETRY_ATTEMPTS: '0',
      }),
    ]);
    // The last midnight is half an hour ago: that one is made up for.
    expect(after.queues.of('jobs')).toHaveLength(1);
    expect((await after.call('ListSchedules', {})).Schedules!.map(({ Name }) => Name)).toEqual(['daily']);
  });
});

function keyOf(name: string): string {
  return `000000000000/us-east-1/default/${name}`;
}
