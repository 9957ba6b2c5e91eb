import { beforeEach, describe, expect, it } from 'vitest';
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { HandOver, HandOverContent, HandOverResult } from '#cell/target.ts';
import { type TestCell, testCell } from '#cell/testing.ts';
import type { Notification } from '#model/stored-message.ts';
import { decodePack } from './record-pack.ts';
import { firehose } from './service.ts';
import type { FirehoseState } from './state.ts';
import { SOURCE_ARN } from './surroundings/testing.ts';
import { STREAM_ARN, s3Stream } from './testing.ts';

const NOTIFICATION: Notification = {
  kind: 'notification',
  messageId: '8d3a3b62-1f38-4c39-9a4f-4f6b0a5f1a11',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:sold',
  message: 'tea',
  timestamp: '2026-01-15T12:00:00.000Z',
  signatureVersion: '1',
  attributes: [],
  system: {},
} as unknown as Notification;

let cell: TestCell;
let asked: Partial<HandOver>;
let result: HandOverResult;

/** Hands over what it is told. */
const sender: ServiceDefinition = defineService<object>({
  name: 'sender',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    Send: {
      authorize: undefined,
      decide(turn) {
        const content = asked.content ?? { kind: 'event' as const, text: 'x' };
        result = turn.doors.targets.get('firehose')!.accept(turn, {
          sourceArn: 'arn:aws:sns:us-east-1:000000000000:sold',
          targetArn: STREAM_ARN,
          principal: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: 'arn', account: '000000000000' },
          payload: turn.storePayload(new Uint8Array(1)),
          deliveryId: undefined,
          ...asked,
          content,
        });
        return { output: {} };
      },
    },
  },
});

beforeEach(async () => {
  cell = await testCell([sender, firehose]);
  await cell.call('firehose', 'CreateDeliveryStream', s3Stream());
});

async function send(content: HandOverContent, more: Partial<HandOver> = {}): Promise<readonly string[]> {
  asked = { content, ...more };
  await cell.call('sender', 'Send', {});
  const state = cell.cell.registry.services.get('firehose')!.state as FirehoseState;
  const { fresh } = [...state.contents.values()][0]!.lanes.get('deliver')?.log ?? { fresh: { count: 0 } };
  const entry = cell.engine.entries.at(-1)!;
  return fresh.count === 0
    ? []
    : decodePack(entry.payloadBytes.at(-1)!).map(({ data }) => Buffer.from(data).toString());
}

describe('a delivery stream as a target', () => {
  it('takes an event as a record', async () => {
    expect(await send({ kind: 'event', text: '{"a":"ü"}' })).toEqual(['{"a":"ü"}']);
    expect(result).toMatchObject({ accepted: true, targetMessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('takes bytes that come as base64', async () => {
    expect(await send({ kind: 'event', text: 'aGk=' }, { parameters: { isBase64: true } })).toEqual(['hi']);
  });

  it('takes a notification with its envelope, and the message alone with raw delivery', async () => {
    const [envelope = ''] = await send({
      kind: 'message',
      message: NOTIFICATION,
      subscriptionArn: 'arn:aws:sns:us-east-1:000000000000:sold:1',
    });
    expect(envelope.endsWith('}\n')).toBe(true);
    expect(envelope.trim()).not.toContain('\n');
    const { messageId: MessageId, topicArn: TopicArn, timestamp: Timestamp } = NOTIFICATION;
    const UnsubscribeURL = expect.stringContaining('Action=Unsubscribe&SubscriptionArn=arn:aws:sns');
    // AWS's members, in its order: no signature.
    const told = { Type: 'Notification', MessageId, TopicArn, Message: 'tea', Timestamp, UnsubscribeURL };
    expect(Object.entries(JSON.parse(envelope))).toEqual(Object.entries(told));
    expect(await send({ kind: 'message', message: NOTIFICATION })).toEqual(['tea']);
  });

  it.each<[string, Partial<HandOver>, string]>([
    ['a stream that is not there', { targetArn: `${STREAM_ARN}s` }, 'ResourceNotFoundException'],
    ['something else', { targetArn: SOURCE_ARN }, 'ResourceNotFoundException'],
    ['what is too large', { content: { kind: 'event', text: 'x'.repeat(1_024_001) } }, 'InvalidArgumentException'],
  ])('does not take %s', async (_what, more, code) => {
    asked = more;
    await cell.call('sender', 'Send', {});
    expect(result).toMatchObject({ failure: { code, isRetryable: false } });
  });
});
