import { describe, expect, it } from 'vitest';
import { utf8Encode } from '#base/bytes.ts';
import { defineService, operation } from '#cell/service-definition.ts';
import type { HandOver, HandOverResult } from '#cell/target.ts';
import { TEST_SCOPE, testCell } from '#cell/testing.ts';
import { encodeStoredMessage, type Notification } from '#model/stored-message.ts';
import { sqs } from './service.ts';
import { arnOf, SqsTest } from './testing.ts';

const notification: Notification = {
  kind: 'notification',
  messageId: '11111111-2222-4333-8444-555555555555',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:events',
  subject: 'news',
  message: 'b'.repeat(1024),
  attributes: [{ name: 'kind', dataType: 'String', value: 'test' }],
  timestamp: '2026-01-15T12:00:00.000Z',
  signatureVersion: '1',
  system: {},
};

interface Given {
  readonly targets: readonly (Partial<HandOver> & { readonly targetArn: string })[];
  readonly event?: string;
}

/** Stands for SNS: hands one payload over to many queues in one turn. */
const publisher = defineService<object>({
  name: 'publisher',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    HandOver: operation<object, Given, { results: HandOverResult[] }>({
      authorize: undefined,
      decide(turn, { targets, event }) {
        const payload = turn.storePayload(event === undefined ? encodeStoredMessage(notification) : utf8Encode(event));
        const results = targets.map((target) =>
          turn.doors.targets.get('sqs')?.accept(turn, {
            sourceArn: notification.topicArn,
            principal: {
              kind: 'service',
              service: 'sns.amazonaws.com',
              sourceArn: notification.topicArn,
              account: TEST_SCOPE.account,
            },
            payload,
            content: event === undefined ? { kind: 'message', message: notification } : { kind: 'event', text: event },
            deliveryId: undefined,
            ...target,
          }),
        );
        return { output: { results: results as HandOverResult[] } };
      },
    }),
  },
});

async function open() {
  const test = new SqsTest(await testCell([sqs, publisher]));
  const handOver = async (given: Given) =>
    (await test.cell.call<{ results: HandOverResult[] }>('publisher', 'HandOver', given)).results;
  return { test, handOver };
}

const subscriptionArn = 'arn:aws:sns:us-east-1:000000000000:events:6b0f1b1a-0000-4000-8000-000000000001';
const enveloped = { kind: 'message' as const, message: notification, subscriptionArn };

describe('a queue as a target', () => {
  it('SQS-HND-01 shows a notification in the envelope of its subscription, or raw with its attributes', async () => {
    const { test, handOver } = await open();
    const one = await test.queue('one');
    const raw = await test.queue('raw');
    const [first] = await handOver({
      targets: [{ targetArn: arnOf('one'), content: enveloped }, { targetArn: arnOf('raw') }],
    });
    const [message] = await test.receive(one, { MessageAttributeNames: ['All'], AttributeNames: ['SenderId'] });
    expect(first).toEqual({ accepted: true, targetMessageId: message?.MessageId });
    expect(JSON.parse(message?.Body as string)).toEqual({
      Type: 'Notification',
      MessageId: notification.messageId,
      TopicArn: notification.topicArn,
      Subject: 'news',
      Message: notification.message,
      Timestamp: notification.timestamp,
      UnsubscribeURL: `http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
      MessageAttributes: { kind: { Type: 'String', Value: 'test' } },
    });
    expect(message?.MessageAttributes).toBeUndefined();
    expect(message?.Attributes).toEqual({ SenderId: 'AIDAIT2UOQQY3AUEKVGXU' });
    const [plain] = await test.receive(raw, { MessageAttributeNames: ['All'] });
    expect(plain?.Body).toBe(notification.message);
    expect(plain?.MessageAttributes).toEqual({ kind: { DataType: 'String', StringValue: 'test' } });
  });

  it('SQS-HND-02 a hundred queues share one body: less than 100 bytes are journaled for each delivery', async () => {
    const { test, handOver } = await open();
    const targets = [];
    for (let i = 0; i < 100; i += 1) {
      await test.queue(`queue-${i}`);
      const content = { ...enveloped, subscriptionArn: `${subscriptionArn}${i}` };
      targets.push({ targetArn: arnOf(`queue-${i}`), content });
    }
    await handOver({ targets });
    const before = test.cell.engine.entries.length;
    await handOver({ targets });
    expect(test.cell.engine.entries.length).toBe(before + 1);
    const entry = test.cell.engine.entries[before];
    expect(entry?.payloadBytes).toHaveLength(1);
    expect((entry?.facts.length ?? 0) / 100).toBeLessThan(60);
    expect(test.cell.cell.payloads.count).toBe(2);
    const [message] = await test.receive('http://h/000000000000/queue-7', { MaxNumberOfMessages: 1 });
    expect(message?.Body).toContain(`${subscriptionArn}7"`);
    for (let i = 0; i < 100; i += 1) await test.call('PurgeQueue', { QueueUrl: `http://h/000000000000/queue-${i}` });
    await test.cell.advance(0);
    expect(test.cell.cell.payloads.count).toBe(0);
  });

  it('SQS-HND-03 does not take bare text that no XML can carry, and takes it in an envelope', async () => {
    const { test, handOver } = await open();
    await test.queue('one');
    const bell = { ...notification, message: 'a\u0007' };
    const refused = { failure: expect.objectContaining({ code: 'InvalidMessageContents', isRetryable: false }) };
    const targetArn = arnOf('one');
    expect(
      await handOver({ targets: [{ targetArn, content: { kind: 'event', text: 'a\u0007' } }], event: 'a\u0007' }),
    ).toEqual([refused]);
    expect(await handOver({ targets: [{ targetArn, content: { kind: 'message', message: bell } }] })).toEqual([
      refused,
    ]);
    const ringing = [{ name: 'kind', dataType: 'String', value: '\u0007' }];
    const attributed = { kind: 'message' as const, message: { ...notification, attributes: ringing } };
    expect(await handOver({ targets: [{ targetArn, content: attributed }] })).toEqual([refused]);
    const [taken] = await handOver({ targets: [{ targetArn, content: { ...enveloped, message: bell } }] });
    expect(taken).toHaveProperty('accepted', true);
  });

  it('SQS-HND-01 takes an event as bare text', async () => {
    const { test, handOver } = await open();
    const url = await test.queue('one');
    await handOver({
      targets: [{ targetArn: arnOf('one'), content: { kind: 'event', text: '{"detail":1}' } }],
      event: '{"detail":1}',
    });
    expect(await test.bodies(url)).toEqual(['{"detail":1}']);
    const [empty] = await handOver({
      targets: [{ targetArn: arnOf('one'), content: { kind: 'event', text: '' } }],
      event: '',
    });
    expect(empty).toEqual({ failure: expect.objectContaining({ isRetryable: false }) });
  });

  it('SQS-HND-03 says what it does not take, in AWS’s codes', async () => {
    const { test, handOver } = await open();
    await test.queue('small', { MaximumMessageSize: '1024' });
    await test.queue('orders.fifo');
    const targets = ['none', 'small', 'orders.fifo'].map((name) => ({ targetArn: arnOf(name) }));
    expect(await handOver({ targets })).toEqual([
      {
        failure: {
          code: 'AWS.SimpleQueueService.NonExistentQueue',
          detail: 'The specified queue does not exist.',
          isRetryable: false,
        },
      },
      {
        failure: {
          code: 'InvalidParameterValue',
          detail: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
          isRetryable: false,
        },
      },
      {
        failure: {
          code: 'InvalidParameterValue',
          detail: 'The request must contain the parameter MessageGroupId.',
          isRetryable: false,
        },
      },
    ]);
    const fifo = { targetArn: arnOf('orders.fifo'), messageGroupId: 'g', messageDeduplicationId: 'd' };
    const [first, second] = await handOver({ targets: [fifo, fifo] });
    expect(second).toEqual({ ...first, note: 'a repetition within five minutes, not enqueued' });
    expect(await test.counts('http://h/000000000000/orders.fifo')).toBe('1 0 0');
  });

  it('SQS-HND-03 holds group and deduplication id to what a client may send', async () => {
    const { test, handOver } = await open();
    await test.queue('standard');
    await test.queue('orders.fifo');
    const fifo = { targetArn: arnOf('orders.fifo'), messageGroupId: 'g', messageDeduplicationId: 'd' };
    const targets = [
      { ...fifo, messageGroupId: 'two words' },
      { ...fifo, messageDeduplicationId: 'x'.repeat(129) },
      { ...fifo, targetArn: arnOf('standard') },
      { targetArn: arnOf('standard'), messageGroupId: '' },
    ];
    const results = await handOver({ targets });
    expect(results.map((result) => ('failure' in result ? result.failure.detail : 'accepted'))).toEqual([
      expect.stringMatching(/^Value two words for parameter MessageGroupId is invalid/),
      expect.stringMatching(/parameter MessageDeduplicationId is invalid/),
      'Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
      expect.stringMatching(/parameter MessageGroupId is invalid/),
    ]);
  });
});
