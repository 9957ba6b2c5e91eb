// Topics, queues, deliveries and permissions together, in one cell: what none of the rooms can show alone.

import { createVerify, X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type TestCell, TestEngine, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { NotificationKey } from '#runtime/signing/notification-key.ts';
import { iam } from '#services/iam/service.ts';
import { snsService } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';

const TOPIC_ARN = 'arn:aws:sns:us-east-1:000000000000:orders';
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
const urlOf = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;
const policyFor = (queue: string, sourceArn: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arnOf(queue),
        Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
      },
    ],
  });

interface Received {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, unknown>>;
}

let cell: TestCell;
let key: NotificationKey;

async function open(iamMode: 'explain' | 'enforce'): Promise<void> {
  key = await NotificationKey.open(new TestEngine().blobs, () => {});
  cell = await testCell([snsService({ signer: key }), deliveries, sqs, iam], { iamMode });
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
}

async function subscribe(queue: string, Attributes: Record<string, string> = {}, Policy?: string): Promise<void> {
  const attributes = Policy === undefined ? {} : { Attributes: { Policy } };
  await cell.call('sqs', 'CreateQueue', { QueueName: queue, ...attributes });
  await cell.call('sns', 'Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: arnOf(queue), Attributes });
}

const publish = (rest: object = {}) => cell.call('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'hello', ...rest });

async function receive(queue: string, at = cell): Promise<readonly Received[]> {
  const input = { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await at.call<{ Messages?: readonly Received[] }>('sqs', 'ReceiveMessage', input)).Messages ?? [];
}

describe('a publish', () => {
  beforeEach(() => open('explain'));

  test('reaches the queue in the envelope, signed with the key whose certificate is served', async () => {
    await subscribe('q');
    await publish({ Subject: 'Hi' });
    const envelope = JSON.parse((await receive('q'))[0]?.Body ?? '') as Record<string, string>;
    const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
    const text = names.map((name) => `${name}\n${envelope[name]}\n`).join('');
    const { publicKey } = new X509Certificate(key.certificate);
    expect(
      createVerify('sha1')
        .update(text)
        .verify(publicKey, envelope['Signature'] ?? '', 'base64'),
    ).toBe(true);
    expect(envelope['SigningCertURL']).toBe(`http://127.0.0.1:4566${key.certificatePath}`);
  });

  test('reaches a queue with raw delivery as it was published, attributes too', async () => {
    await subscribe('q', { RawMessageDelivery: 'true' });
    const store = { DataType: 'String', StringValue: 'a' };
    await publish({ MessageAttributes: { store } });
    expect(await receive('q')).toMatchObject([{ Body: 'hello', MessageAttributes: { store } }]);
  });

  test('that went to a hundred queues is stored once, adds under 100 bytes for each queue, and survives', async () => {
    for (let i = 0; i < 100; i += 1) await subscribe(`q${i}`, {}, policyFor(`q${i}`, TOPIC_ARN));
    // The first message gives each subscription's ARN a number; from then on the number is written.
    await publish();
    const { journal } = cell.engine;
    const before = journal.end;
    await publish({ Message: 'x'.repeat(1_024) });
    const perQueue = (journal.end - before - 1_024) / 100;
    expect(perQueue).toBeLessThan(100);
    expect(cell.cell.payloads.count).toBe(2);
    const next = await cell.restart();
    for (const queue of ['q0', 'q99']) expect(await receive(queue, next)).toHaveLength(2);
  });

  test('to a queue that was deleted ends in the dead-letter queue', async () => {
    await cell.call('sqs', 'CreateQueue', { QueueName: 'dead' });
    await subscribe('q', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead') }) });
    await cell.call('sqs', 'DeleteQueue', { QueueUrl: urlOf('q') });
    await publish();
    expect(JSON.parse((await receive('dead'))[0]?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      Message: 'hello',
    });
  });

  test('with more than ten attributes does not reach a queue with raw delivery, and why is recorded', async () => {
    await subscribe('q', { RawMessageDelivery: 'true' });
    const one = { DataType: 'String', StringValue: 'x' };
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, one]));
    cell.takeFacts();
    await publish({ MessageAttributes: eleven });
    expect(await receive('q')).toEqual([]);
    expect(cell.takeFacts()).toContainEqual(
      expect.objectContaining({
        name: 'DeliveryFailedAtOnce',
        fact: expect.objectContaining({
          detail: 'Number of message attributes [11] exceeds the allowed maximum [10].',
        }),
      }),
    );
  });

  test('what AWS would have denied is noted, and delivered all the same', async () => {
    await subscribe('q');
    cell.takeFacts();
    await publish();
    const denials = cell.takeFacts().filter(({ name }) => name.startsWith('Verdict'));
    expect(denials).toMatchObject([
      {
        name: 'VerdictSeen',
        fact: { verdict: 1, decision: 'implicit-deny', action: 'sqs:SendMessage', resource: arnOf('q') },
      },
      { name: 'VerdictNoted', fact: { verdict: 1 } },
    ]);
    expect(await receive('q')).toHaveLength(1);
  });

  test('a denial that recurs is noted by its number', async () => {
    await subscribe('q');
    await publish();
    cell.takeFacts();
    await publish();
    const denials = cell.takeFacts().filter(({ name }) => name.startsWith('Verdict'));
    expect(denials).toEqual([{ name: 'VerdictNoted', fact: { verdict: 1 } }]);
  });
});

describe('with permissions enforced', () => {
  beforeEach(() => open('enforce'));

  test('a queue whose policy names the topic gets the message', async () => {
    await subscribe('q', {}, policyFor('q', TOPIC_ARN));
    await publish();
    expect(await receive('q')).toHaveLength(1);
  });

  test('a queue whose policy names another topic does not, and why is recorded', async () => {
    await subscribe('q', {}, policyFor('q', `${TOPIC_ARN}-other`));
    cell.takeFacts();
    await publish();
    expect(await receive('q')).toHaveLength(0);
    expect(cell.takeFacts()).toMatchObject([
      { name: 'NotificationPublished' },
      { name: 'DeliveryFailedAtOnce', fact: { code: 'AccessDenied', outcome: 'dropped', targetArn: arnOf('q') } },
    ]);
  });

  test('another account publishes only when the policy of the topic lets it', async () => {
    const scope = { partition: 'aws', account: '111122223333', region: 'us-east-1' };
    const denied = await cell.reply('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'x' }, { scope });
    expect(denied).toMatchObject({
      refused: {
        code: 'AuthorizationError',
        message: expect.stringContaining(`SNS:Publish on resource: ${TOPIC_ARN}`),
      },
    });
    const permission = { Label: 'others', AWSAccountId: ['111122223333'], ActionName: ['Publish'] };
    await cell.call('sns', 'AddPermission', { TopicArn: TOPIC_ARN, ...permission });
    expect(await cell.reply('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'x' }, { scope })).toHaveProperty(
      'output',
    );
  });
});
