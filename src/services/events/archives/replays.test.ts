import { describe, expect, it } from 'vitest';
import { defineService, operation } from '#cell/service-definition.ts';
import { DAY_MS, REPLAY_OPEN_DELIVERIES_MAX, REPLAY_PAUSE_MS } from './limits.ts';
import { ARCHIVE_ARN, ArchiveBench, BUS_ARN, itemsOf } from './testing.ts';

const RULE_ARN = `${BUS_ARN.replace('event-bus/', 'rule/')}/all`;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Archived: items 0 to `count`, a second apart, put in reverse. */
async function filled(count: number): Promise<ArchiveBench> {
  const bench = await ArchiveBench.open();
  await bench.archive();
  const startMs = bench.test.clock.nowMs();
  await bench.put(range(count).reverse(), { atMs: (item) => startMs + item * 1_000 });
  await bench.received();
  return bench;
}

describe('a replay', () => {
  it('puts archived events on the bus again in order of their time, as new events with its name', async () => {
    const bench = await filled(5);
    const [original] = await bench.received();
    expect(original).toBeUndefined();
    expect(await bench.replay({ Description: 'once more' })).toEqual({
      ReplayArn: 'arn:aws:events:us-east-1:000000000000:replay/again',
      State: 'STARTING',
      ReplayStartTime: bench.test.clock.nowMs(),
    });
    await bench.test.settle();
    const received = await bench.received();
    expect(itemsOf(received)).toEqual(range(5));
    expect(received.map((event) => event['replay-name'])).toEqual(new Array(5).fill('again'));
    expect(received[4]?.time).toBe('2026-01-15T12:00:04Z');
    expect(new Set(received.map(({ id }) => id)).size).toBe(5);
  });

  it('tells how far it is, and what it did', async () => {
    const bench = await filled(3);
    const nowMs = bench.test.clock.nowMs();
    const input = { EventStartTime: nowMs, EventEndTime: nowMs + 2_000 };
    await bench.replay({ ...input, Description: 'some', Destination: { Arn: BUS_ARN, FilterArns: [RULE_ARN] } });
    await bench.test.settle();
    expect(await bench.describeReplay()).toEqual({
      ReplayName: 'again',
      ReplayArn: 'arn:aws:events:us-east-1:000000000000:replay/again',
      Description: 'some',
      State: 'COMPLETED',
      EventSourceArn: ARCHIVE_ARN,
      Destination: { Arn: BUS_ARN, FilterArns: [RULE_ARN] },
      ...input,
      EventLastReplayedTime: nowMs + 1_000,
      ReplayStartTime: nowMs,
      ReplayEndTime: nowMs,
    });
    expect(itemsOf(await bench.received())).toEqual([0, 1]);
  });

  it('goes to the chosen rules only', async () => {
    const bench = await filled(1);
    await bench.call('PutRule', { EventBusName: 'shop', Name: 'other', EventPattern: '{"source":["shop"]}' });
    const other = RULE_ARN.replace('/all', '/other');
    await bench.replay({ Destination: { Arn: BUS_ARN, FilterArns: [other] } });
    await bench.test.settle();
    expect(await bench.describeReplay()).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: expect.any(Number),
    });
    expect(await bench.received()).toEqual([]);
  });

  it('is not archived again, by no archive', async () => {
    const bench = await filled(2);
    await bench.archive({ ArchiveName: 'other', EventPattern: '{"replay-name":["again"],"source":["shop"]}' });
    await bench.replay();
    await bench.test.settle();
    expect(itemsOf(await bench.received())).toEqual([0, 1]);
    const counts = (await bench.call<{ Archives: { EventCount: number }[] }>('ListArchives', {})).Archives;
    expect(counts.map(({ EventCount }) => EventCount)).toEqual([0, 2]);
  });

  it('has what was archived when it started, and nothing that expired by then', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive({ RetentionDays: 1 });
    await bench.put([1]);
    await bench.test.advance(DAY_MS / 2);
    await bench.put([2]);
    await bench.received();
    await bench.test.advance(DAY_MS / 2 + 1);
    await bench.replay();
    await bench.put([3]);
    await bench.test.settle();
    expect(itemsOf(await bench.received()).sort()).toEqual([2, 3]);
    expect(await bench.describeReplay()).toMatchObject({ State: 'COMPLETED' });
  });

  it('of nothing is completed at once', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.replay();
    const described = await bench.describeReplay();
    expect(described).toMatchObject({ State: 'COMPLETED', EventLastReplayedTime: undefined });
  });

  it('keeps numbers and order of an event as they were put', async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    const detail = '{"item":1.0,"big":12345678901234567890,"z":1,"a":{"detail":"{\\"x\\"}"}}';
    const entry = {
      EventBusName: 'shop',
      Source: 'shop',
      DetailType: 'sold "now"',
      Detail: detail,
      Resources: ['a"b'],
    };
    await bench.call('PutEvents', { Entries: [entry] });
    const bodies = async (): Promise<string[]> => {
      const { Messages = [] } = await bench.test.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
        QueueUrl: 'http://127.0.0.1:4566/000000000000/orders',
      });
      return Messages.map(({ Body }) => Body);
    };
    const [first] = await bodies();
    await bench.replay();
    await bench.test.settle();
    const [second] = await bodies();
    const plain = (body = ''): string => body.replace(/"id":"[^"]*"/, '').replace(/,?"replay-name":"again"/, '');
    expect(plain(second)).toBe(plain(first));
    expect(second).toContain(detail);
    expect(second).toContain('"region":"us-east-1","replay-name":"again","resources":');
  });
});

describe('a long replay', () => {
  it('goes on where it was after kill -9 at any step, without an event twice or missing', async () => {
    const bench = await filled(1_000);
    bench.holdReads();
    await bench.start('StartReplay', bench.replayInput());
    for (let i = 0; i < 10; i += 1) {
      await bench.crash(i % 3 === 1);
      await bench.releaseRead();
    }
    await bench.releaseRead();
    expect(await bench.describeReplay()).toMatchObject({ State: 'COMPLETED' });
    expect(itemsOf(await bench.received())).toEqual(range(1_000));
  });

  it('shows its progress, and is cancelled between two steps', async () => {
    const bench = await filled(350);
    const startMs = bench.test.clock.nowMs();
    bench.holdReads();
    const started = await bench.start('StartReplay', bench.replayInput());
    expect(started.reply).toMatchObject({ output: { State: 'STARTING' } });
    await bench.releaseRead();
    expect((await bench.start('DescribeReplay', { ReplayName: 'again' })).reply).toMatchObject({
      output: { State: 'RUNNING', EventLastReplayedTime: startMs + 99_000 },
    });
    const cancelled = await bench.start('CancelReplay', { ReplayName: 'again' });
    expect(cancelled.reply).toMatchObject({ output: { State: 'CANCELLING' } });
    expect((await bench.start('DescribeReplay', { ReplayName: 'again' })).reply).toMatchObject({
      output: { State: 'CANCELLING', ReplayEndTime: undefined },
    });
    await bench.releaseRead();
    expect(await bench.describeReplay()).toMatchObject({ State: 'CANCELLED', ReplayEndTime: startMs });
    expect(itemsOf(await bench.received())).toEqual(range(100));
    expect(await bench.refusal('CancelReplay', { ReplayName: 'again' })).toBe(
      'IllegalStatusException: Replay again is not in a valid state for this operation.',
    );
  });

  it('that was cancelled stays cancelled when the process ends before its last step', async () => {
    const bench = await filled(350);
    bench.holdReads();
    await bench.start('StartReplay', bench.replayInput());
    await bench.start('CancelReplay', { ReplayName: 'again' });
    await bench.crash(true);
    expect(await bench.describeReplay()).toMatchObject({ State: 'CANCELLED' });
    expect(await bench.received()).toEqual([]);
  });

  it('fails when its archive is deleted meanwhile, and says so', async () => {
    const bench = await filled(350);
    bench.holdReads();
    await bench.start('StartReplay', bench.replayInput());
    await bench.releaseRead();
    await bench.start('DeleteArchive', { ArchiveName: 'sales' });
    await bench.releaseRead();
    expect(await bench.describeReplay()).toMatchObject({
      State: 'FAILED',
      StateReason: `${ARCHIVE_ARN} was deleted during the replay.`,
    });
    expect(await bench.received()).toHaveLength(100);
  });

  it('fails when a block is lost, and names it to the operator', async () => {
    const bench = await filled(350);
    await bench.test.advance(3_600_000);
    await bench.engine.blobs.delete('events-archive/1/0-350');
    await bench.replay();
    await bench.test.settle();
    expect(await bench.describeReplay()).toMatchObject({
      State: 'FAILED',
      StateReason: 'Stored events could not be read; where is told to the operator.',
    });
    expect(bench.test.takeFacts()).toContainEqual({
      name: 'ReplayEnded',
      fact: expect.objectContaining({ detail: 'the block events-archive/1/0-350 is not in the store' }),
    });
  });

  it('is not disturbed by events that are archived and blocks that grow meanwhile', async () => {
    const bench = await filled(150);
    bench.holdReads();
    await bench.start('StartReplay', bench.replayInput());
    await bench.releaseRead();
    await bench.start('PutEvents', {
      Entries: [{ EventBusName: 'shop', Source: 'quiet', DetailType: 'x', Detail: '{}' }],
    });
    await bench.start('StartReplay', bench.replayInput({ ReplayName: 'second' }));
    expect(await bench.engine.blobs.names()).toEqual(['events-archive/1/0-151']);
    await bench.releaseRead();
    await bench.releaseRead();
    await bench.releaseRead();
    await bench.releaseRead();
    expect(itemsOf(await bench.received())).toHaveLength(300);
    expect(await bench.describeReplay('second')).toMatchObject({ State: 'COMPLETED' });
  });

  it('slows down while its targets are not done with what they were handed, and goes on', async () => {
    const open: number[] = [];
    const slow = defineService<object>({
      name: 'lambda',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        Finish: operation<object, object, object>({
          authorize: undefined,
          decide(turn) {
            for (const id of open.splice(0)) turn.doors.deliveries.ended(turn, id, { succeeded: true });
            return { output: {} };
          },
        }),
      },
      doors: () => ({
        target: {
          accept(_turn, { deliveryId }) {
            if (deliveryId === undefined) return { needsDelivery: true };
            open.push(deliveryId);
            return { attempting: true };
          },
        },
      }),
    });
    const bench = await ArchiveBench.open([slow]);
    await bench.archive();
    await bench.put(range(6_000));
    await bench.received();
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:slow';
    await bench.call('PutTargets', { EventBusName: 'shop', Rule: 'all', Targets: [{ Id: 'q', Arn }] });
    await bench.replay();
    await bench.test.settle();
    expect(open).toHaveLength(REPLAY_OPEN_DELIVERIES_MAX + 100);
    await bench.crash(true);
    await bench.test.advance(3 * REPLAY_PAUSE_MS);
    expect(await bench.describeReplay()).toMatchObject({ State: 'RUNNING' });
    await bench.test.call('lambda', 'Finish', {});
    await bench.test.advance(REPLAY_PAUSE_MS);
    expect(await bench.describeReplay()).toMatchObject({ State: 'COMPLETED' });
  });

  it('of 20,000 events holds no more than a step of them at a time', { timeout: 60_000 }, async () => {
    const bench = await ArchiveBench.open();
    await bench.archive();
    await bench.call('PutRule', { EventBusName: 'shop', Name: 'all', EventPattern: '{"source":["none"]}' });
    await bench.put(range(20_000));
    await bench.test.advance(3_600_000);
    expect(bench.test.cell.payloads.count).toBe(0);
    bench.test.takeFacts();
    const { eventsPerStep } = await bench.watchingSteps(async () => {
      await bench.replay();
      await bench.test.settle();
    });
    expect(await bench.describeReplay()).toMatchObject({ State: 'COMPLETED' });
    expect(eventsPerStep.reduce((sum, count) => sum + count, 0)).toBe(20_000);
    expect(Math.max(...eventsPerStep)).toBe(100);
    expect(bench.test.takeFacts().filter(({ name }) => name === 'EventPut')).toHaveLength(20_000);
    expect(bench.test.cell.payloads.count).toBe(0);
  });
});

describe('replays', () => {
  it.each([
    [
      { ReplayName: 'x'.repeat(65) },
      /^ValidationException: 1 validation error detected: .* at 'replayName' .* less than or equal to 64$/,
    ],
    [
      { Destination: { Arn: 'arn:aws:sqs:us-east-1:000000000000:orders' } },
      /^ValidationException: Parameter Destination\.Arn is not valid\. Reason: Must contain an event bus ARN\.$/,
    ],
    [{ Destination: { Arn: `${BUS_ARN}-none` } }, /^ResourceNotFoundException: Event bus shop-none does not exist\.$/],
    [
      { Destination: { Arn: BUS_ARN.replace('shop', 'default') } },
      /^ValidationException: Parameter Destination\.Arn is not valid\. Reason: Cross event bus replay is not permitted\.$/,
    ],
    [
      { EventSourceArn: `${ARCHIVE_ARN}-none` },
      /^ValidationException: Parameter EventSourceArn is not valid\. Reason: Archive sales-none does not exist\.$/,
    ],
    [
      { EventSourceArn: BUS_ARN },
      /^ValidationException: Parameter EventSourceArn is not valid\. Reason: Must contain an archive ARN\.$/,
    ],
    [
      { EventStartTime: 5, EventEndTime: 5 },
      /^ValidationException: Parameter EventEndTime is not valid\. Reason: EventStartTime must be before EventEndTime\.$/,
    ],
    [
      { Destination: { Arn: BUS_ARN, FilterArns: [`${RULE_ARN}s`] } },
      /^ValidationException: Parameter Destination\.FilterArns is not valid\. Reason: .*rule\/shop\/alls is not a rule of the destination event bus\.$/,
    ],
    [{ ReplayName: 'again' }, /^ResourceAlreadyExistsException: Replay again already exists\.$/],
    [{ Destination: undefined, EventEndTime: undefined }, /^ValidationException: 2 validation errors detected: /],
  ])('are refused with AWS words: %j', async (change, text) => {
    const bench = await filled(0);
    await bench.replay();
    expect(await bench.refusal('StartReplay', bench.replayInput({ ReplayName: 'new', ...change }))).toMatch(text);
  });

  it('run ten at a time, and are forgotten after 90 days', async () => {
    const bench = await filled(1);
    bench.holdReads();
    for (let i = 0; i < 10; i += 1) await bench.start('StartReplay', bench.replayInput({ ReplayName: `r${i}` }));
    const eleventh = await bench.start('StartReplay', bench.replayInput());
    expect(eleventh.reply).toMatchObject({ refused: { code: 'LimitExceededException' } });
    for (let i = 0; i < 10; i += 1) await bench.releaseRead();
    expect(itemsOf(await bench.received())).toHaveLength(10);
    await bench.start('StartReplay', bench.replayInput());
    await bench.releaseRead();
    await bench.test.advance(90 * DAY_MS - 1);
    expect(await bench.describeReplay()).toMatchObject({ State: 'COMPLETED' });
    await bench.test.advance(1);
    expect(await bench.refusal('DescribeReplay', { ReplayName: 'again' })).toBe(
      'ResourceNotFoundException: Replay again does not exist.',
    );
  });

  it('are listed by name, archive or state', async () => {
    const bench = await filled(1);
    await bench.archive({ ArchiveName: 'other' });
    await bench.replay({ ReplayName: 'a' });
    await bench.replay({ ReplayName: 'ab', EventSourceArn: ARCHIVE_ARN.replace('sales', 'other') });
    await bench.test.settle();
    bench.holdReads();
    await bench.start('StartReplay', bench.replayInput({ ReplayName: 'b' }));
    const names = async (input: unknown): Promise<unknown> => {
      const { reply } = await bench.start('ListReplays', input);
      const { output } = reply as { output: { Replays: { ReplayName: string }[] } };
      return output.Replays.map(({ ReplayName }) => ReplayName);
    };
    expect(await names({})).toEqual(['a', 'ab', 'b']);
    expect(await names({ NamePrefix: 'a' })).toEqual(['a', 'ab']);
    expect(await names({ EventSourceArn: ARCHIVE_ARN })).toEqual(['a', 'b']);
    expect(await names({ State: 'STARTING' })).toEqual(['b']);
    expect((await bench.start('ListReplays', { State: 'STARTING', NamePrefix: 'a' })).reply).toMatchObject({
      refused: { code: 'ValidationException' },
    });
    await bench.releaseRead();
  });
});
