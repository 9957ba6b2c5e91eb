import { expect, it } from 'vitest';
import type { PolledMessage, RenderedMessage } from '#cell/poll-source.ts';
import { defineService, operation } from '#cell/service-definition.ts';
import { testCell } from '#cell/testing.ts';
import { sqs } from './service.ts';
import { arnOf, SqsTest } from './testing.ts';

const ARN = arnOf('orders');

/** Stands for Lambda: polls a queue and settles what it got. */
const poller = defineService<object>({
  name: 'poller',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Poll: operation<object, { countMax: number }, { polled: readonly PolledMessage[] }>({
      authorize: undefined,
      decide: (turn, options) => ({
        output: { polled: turn.doors.sources.get('sqs')?.receive(turn, ARN, options) ?? [] },
      }),
    }),
    Render: operation<object, PolledMessage, RenderedMessage>({
      authorize: undefined,
      decide: (turn, message) => ({
        reads: [message.payload],
        output: ([bytes]) =>
          turn.doors.sources.get('sqs')?.render(turn, message, bytes as Uint8Array) as RenderedMessage,
      }),
    }),
    Settle: operation<object, { deleted: string[]; released: string[]; delaySeconds: number }, object>({
      authorize: undefined,
      decide(turn, { deleted, released, delaySeconds }) {
        turn.doors.sources.get('sqs')?.delete(turn, ARN, deleted);
        turn.doors.sources.get('sqs')?.release(turn, ARN, released, delaySeconds);
        return { output: {} };
      },
    }),
    Look: operation<object, object, object>({
      authorize: undefined,
      decide(turn) {
        const source = turn.doors.sources.get('sqs');
        return {
          output: {
            exists: source?.exists(turn, ARN),
            isOtherThere: source?.exists(turn, arnOf('none')),
            described: source?.describe(turn, ARN),
            readiness: source?.readiness(turn, ARN),
          },
        };
      },
    }),
  },
});

it('SQS-PLR-01 a poller receives, deletes and releases as clients do', async () => {
  const test = new SqsTest(await testCell([sqs, poller]));
  const url = await test.queue('orders', { VisibilityTimeout: '60' });
  const MessageAttributes = { n: { DataType: 'Number', StringValue: '7' } };
  for (const MessageBody of ['a', 'b', 'c'])
    await test.call('SendMessage', { QueueUrl: url, MessageBody, MessageAttributes });
  expect(await test.cell.call('poller', 'Look', {})).toEqual({
    exists: true,
    isOtherThere: false,
    described: { visibilityTimeoutSeconds: 60, isFifo: false },
    readiness: { visibleCount: 3, nextDueAtMs: undefined },
  });
  const { polled } = await test.cell.call<{ polled: PolledMessage[] }>('poller', 'Poll', { countMax: 2 });
  expect(polled.map(({ receiveCount }) => receiveCount)).toEqual([1, 1]);
  expect(await test.counts(url)).toBe('1 2 0');
  const [a, b] = polled as [PolledMessage, PolledMessage];
  expect(await test.cell.call('poller', 'Render', a)).toEqual({
    body: 'a',
    md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
    md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    messageAttributes: { n: { stringValue: '7', stringListValues: [], binaryListValues: [], dataType: 'Number' } },
    attributes: { SenderId: '000000000000' },
  });
  await test.cell.call('poller', 'Settle', { deleted: [a.handle], released: [b.handle], delaySeconds: 5 });
  expect(await test.counts(url)).toBe('1 1 0');
  await test.cell.advance(5_000);
  expect(await test.bodies(url)).toEqual(['c', 'b']);
  await test.call('DeleteQueue', { QueueUrl: url });
  await test.cell.call('poller', 'Settle', { deleted: [a.handle], released: [b.handle], delaySeconds: 0 });
});
