import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS } from '#cell/testing.ts';
import { EventsTest, queueArnOf, ruleArnOf } from '../testing.ts';

const MINUTE = 60_000;

async function open(ScheduleExpression: string, more: object = {}): Promise<EventsTest> {
  const test = await EventsTest.open();
  await test.queue('ticks');
  await test.call('PutRule', { Name: 'tick', ScheduleExpression, ...more });
  await test.call('PutTargets', { Rule: 'tick', Targets: [{ Id: '1', Arn: queueArnOf('ticks') }] });
  return test;
}

const timesOf = async (test: EventsTest): Promise<string[]> =>
  (await test.eventsIn('ticks')).map(({ time }) => time.slice(11, 19));

describe('a rule with a schedule', () => {
  it('makes an event each time, which its targets get', async () => {
    const test = await open('rate(5 minutes)');
    await test.cell.advance(4 * MINUTE);
    expect(await test.eventsIn('ticks')).toEqual([]);
    await test.cell.advance(7 * MINUTE);
    expect(await test.eventsIn('ticks')).toMatchObject([
      {
        version: '0',
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-15T12:05:00Z',
        region: 'us-east-1',
        resources: [ruleArnOf('tick')],
        detail: {},
      },
      { time: '2026-01-15T12:10:00Z' },
    ]);
  });

  it('runs at the times of its cron expression, in UTC', async () => {
    const test = await open('cron(15,45 12-13 * * ? *)');
    await test.cell.advance(24 * 60 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:15:00', '12:45:00', '13:15:00', '13:45:00']);
  });

  it('is seen by other rules of the bus, once by itself, whatever its own pattern', async () => {
    const pattern = '{"source":["aws.events"]}';
    const test = await open('rate(1 minute)', { EventPattern: pattern });
    await test.queue('seen');
    await test.call('PutRule', { Name: 'see', EventPattern: pattern });
    await test.call('PutTargets', { Rule: 'see', Targets: [{ Id: '1', Arn: queueArnOf('seen') }] });
    await test.cell.advance(MINUTE);
    const own = await test.eventsIn('ticks');
    expect(own).toHaveLength(1);
    expect(await test.eventsIn('seen')).toEqual(own);
  });

  it('stops while it is disabled, and begins anew when it is enabled', async () => {
    const test = await open('rate(5 minutes)');
    await test.call('DisableRule', { Name: 'tick' });
    await test.cell.advance(7 * MINUTE);
    await test.call('EnableRule', { Name: 'tick' });
    await test.cell.advance(5 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:12:00']);
    await test.call('RemoveTargets', { Rule: 'tick', Ids: ['1'] });
    await test.call('DeleteRule', { Name: 'tick' });
    await test.cell.advance(60 * MINUTE);
    expect(test.cell.cell.nextDueAtMs() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(TEST_NOW_MS + 72 * MINUTE);
  });

  it('keeps its beat when it is put again with the same expression, and begins anew with another', async () => {
    const test = await open('rate(5 minutes)');
    await test.cell.advance(3 * MINUTE);
    await test.call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(5 minutes)', Description: 'new' });
    await test.cell.advance(3 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:05:00']);
    await test.call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(10 minutes)' });
    await test.cell.advance(10 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:16:00']);
    await test.call('PutRule', { Name: 'tick', EventPattern: '{"source":["shop"]}' });
    await test.cell.advance(60 * MINUTE);
    expect(await timesOf(test)).toEqual([]);
  });

  it.each([false, true])('goes on after a restart, without the runs it missed (orderly stop: %s)', async (isClean) => {
    const test = await open('rate(5 minutes)');
    await test.cell.advance(6 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:05:00']);
    const { clock } = test.cell;
    // The process is not there for 26 minutes: 12:10 to 12:30 are missed.
    const stopped = test.cell;
    await stopped.settle();
    if (isClean) await stopped.cell.close();
    clock.moveTo(TEST_NOW_MS + 32 * MINUTE);
    await test.restart(false);
    await test.cell.advance(4 * MINUTE);
    expect(await timesOf(test)).toEqual(['12:35:00']);
  });

  it('that never comes again makes nothing', async () => {
    const test = await open('cron(0 0 1 1 ? 2020)');
    await test.cell.advance(60 * MINUTE);
    expect(await timesOf(test)).toEqual([]);
  });
});
