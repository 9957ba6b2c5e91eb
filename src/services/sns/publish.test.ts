import { beforeEach, describe, expect, test } from 'vitest';
import { TEST_NOW_MS } from '#cell/testing.ts';
import { queueArn, type SnsCell, snsCell, TOPIC_ARN } from './testing.ts';

let sns: SnsCell;
beforeEach(async () => {
  sns = await snsCell();
  await sns.call('CreateTopic', { Name: 'orders' });
});

const subscribe = (queue: string, Attributes: Record<string, string> = {}) =>
  sns.call('Subscribe', { TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: queueArn(queue), Attributes });
const publish = (rest: object = {}, options = {}) =>
  sns.call<{ MessageId: string }>('Publish', { TopicArn: TOPIC_ARN, Message: 'hello', ...rest }, options);
const refusal = (rest: object) => sns.refusal('Publish', { TopicArn: TOPIC_ARN, Message: 'hello', ...rest });
const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const factNames = () => sns.cell.takeFacts().map(({ name }) => name);

describe('what a queue gets', () => {
  test('the envelope, with the keys in the order of AWS', async () => {
    await subscribe('q');
    const { MessageId } = await publish({ Subject: 'Hi', MessageAttributes: { store: text('a') } });
    const [body = ''] = sns.queues.bodies('q');
    const arn = (JSON.parse(body) as { UnsubscribeURL: string }).UnsubscribeURL.split('SubscriptionArn=')[1];
    expect(body).toBe(`{
  "Type" : "Notification",
  "MessageId" : "${MessageId}",
  "TopicArn" : "${TOPIC_ARN}",
  "Subject" : "Hi",
  "Message" : "hello",
  "Timestamp" : "${new Date(TEST_NOW_MS).toISOString()}",
  "SignatureVersion" : "1",
  "Signature" : "v1:176",
  "SigningCertURL" : "http://127.0.0.1:4566/SimpleNotificationService-test.pem",
  "UnsubscribeURL" : "http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=${arn}",
  "MessageAttributes" : {
    "store" : {"Type":"String","Value":"a"}
  }
}`);
  });

  test('without subject and attributes the envelope has no such keys', async () => {
    await subscribe('q');
    await publish();
    expect(Object.keys(JSON.parse(sns.queues.bodies('q')[0] ?? '') as object)).toEqual([
      'Type',
      'MessageId',
      'TopicArn',
      'Message',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
      'UnsubscribeURL',
    ]);
  });

  test('raw: the message itself, with its attributes', async () => {
    await subscribe('q', { RawMessageDelivery: 'true' });
    const bytes = Uint8Array.of(2, 3, 4);
    await publish({ MessageAttributes: { store: { DataType: 'Binary', BinaryValue: bytes } } });
    expect(sns.queues.bodies('q')).toEqual(['hello']);
    expect(sns.queues.received[0]?.content).toMatchObject({
      message: { attributes: [{ name: 'store', dataType: 'Binary', value: bytes }] },
    });
  });

  test('binary attributes are base64 in the envelope', async () => {
    await subscribe('q');
    await publish({ MessageAttributes: { store: { DataType: 'Binary', BinaryValue: Uint8Array.of(2, 3, 4) } } });
    expect(JSON.parse(sns.queues.bodies('q')[0] ?? '')).toMatchObject({
      MessageAttributes: { store: { Type: 'Binary', Value: 'AgME' } },
    });
  });

  test('SignatureVersion 2 when the topic says so', async () => {
    await sns.call('SetTopicAttributes', {
      TopicArn: TOPIC_ARN,
      AttributeName: 'SignatureVersion',
      AttributeValue: '2',
    });
    await subscribe('q');
    await publish();
    expect(JSON.parse(sns.queues.bodies('q')[0] ?? '')).toMatchObject({ SignatureVersion: '2' });
  });

  test('the trace header and the message group, and SNS as the sender with the topic as its source', async () => {
    await subscribe('q');
    const traceHeader = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8';
    await publish({ MessageGroupId: 'tenant-1' }, { request: { traceHeader } });
    expect(sns.queues.received[0]).toMatchObject({
      messageGroupId: 'tenant-1',
      principal: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: TOPIC_ARN, account: '000000000000' },
      content: { message: { system: { AWSTraceHeader: traceHeader } } },
    });
  });
});

describe('fan-out', () => {
  test('to a hundred queues stores the body once, and journals under 100 bytes for each queue', async () => {
    for (let i = 0; i < 100; i += 1) await subscribe(`q${i}`);
    const { journal } = sns.cell.engine;
    const Message = 'x'.repeat(10_000);
    const before = journal.end;
    await publish({ Message });
    const bytes = journal.end - before;
    expect(sns.queues.received).toHaveLength(100);
    expect(new Set(sns.queues.received.map(({ payload }) => payload)).size).toBe(1);
    expect(bytes).toBeGreaterThan(10_000);
    expect((bytes - 10_000) / 100).toBeLessThan(100);
    expect(sns.cell.cell.payloads.count).toBe(1);
  });

  test('is one entry of the journal: one publish, one fact for each queue', async () => {
    await subscribe('a');
    await subscribe('b', { RawMessageDelivery: 'true' });
    sns.cell.takeFacts();
    const entries = sns.cell.engine.entries.length;
    await publish();
    expect(sns.cell.engine.entries.length).toBe(entries + 1);
    expect(factNames()).toEqual(['NotificationPublished', 'MessageCounted', 'MessageCounted']);
  });

  test('to nobody stores no body', async () => {
    await publish();
    expect(factNames()).toEqual(['DocumentPut', 'NotificationPublished']);
    expect(sns.cell.cell.payloads.count).toBe(0);
  });
});

describe('filter policies', () => {
  test('on attributes: who does not want it does not get it, and why is told', async () => {
    await subscribe('a', { FilterPolicy: '{"store":["a"]}' });
    await subscribe('b', { FilterPolicy: '{"store":["b"]}' });
    sns.cell.takeFacts();
    await publish({ MessageAttributes: { store: text('a') } });
    expect(sns.queues.bodies('a')).toHaveLength(1);
    expect(sns.queues.bodies('b')).toHaveLength(0);
    const filtered = sns.cell.takeFacts().find(({ name }) => name === 'NotificationFiltered');
    expect(filtered?.fact).toMatchObject({ subscription: 3, reason: 'store: expected "b", found "a"' });
  });

  test('on the body', async () => {
    const scope = { FilterPolicyScope: 'MessageBody' };
    await subscribe('a', { ...scope, FilterPolicy: '{"order":{"state":["new"]}}' });
    await publish({ Message: '{"order":{"state":"new"}}' });
    await publish({ Message: '{"order":{"state":"old"}}' });
    await publish({ Message: 'no json' });
    expect(sns.queues.bodies('a')).toHaveLength(1);
  });

  test('a long reason is cut', async () => {
    await subscribe('a', { FilterPolicy: JSON.stringify({ store: [`long${'x'.repeat(5000)}`] }) });
    sns.cell.takeFacts();
    await publish({ MessageAttributes: { store: text('a') } });
    const filtered = sns.cell.takeFacts().find(({ name }) => name === 'NotificationFiltered');
    expect(filtered).toMatchObject({ fact: { reason: expect.stringMatching(/^store: expected .{223}…$/) } });
  });
});

describe('MessageStructure json', () => {
  const structured = (message: unknown) => ({ MessageStructure: 'json', Message: JSON.stringify(message) });

  test('gives each protocol its own text, and others the default', async () => {
    await subscribe('q', { RawMessageDelivery: 'true' });
    await publish(structured({ default: 'for all', sqs: 'for queues' }));
    await publish(structured({ default: 'for all', lambda: 'for functions', sqs: 7 }));
    expect(sns.queues.bodies('q')).toEqual(['for queues', 'for all']);
  });

  test.each([
    [structured({ sqs: 'x' }), 'Invalid parameter: Message Structure - No default entry in JSON message body'],
    [structured({ default: { a: 1 } }), 'Invalid parameter: Message Structure - No default entry in JSON message body'],
    [
      { MessageStructure: 'json', Message: '{"default": "x"' },
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
    [{ MessageStructure: 'yaml' }, 'Invalid parameter: MessageStructure'],
  ])('%j is refused', async (input, message) => {
    expect(await refusal(input)).toBe(`InvalidParameter: ${message}`);
  });
});

describe('what may not be published', () => {
  test.each([
    [{ Message: '' }, 'InvalidParameter: Invalid parameter: Empty message'],
    [{ Subject: '' }, 'InvalidParameter: Invalid parameter: Subject'],
    [{ Subject: 'two\nlines' }, 'InvalidParameter: Invalid parameter: Subject'],
    [{ Subject: 'x'.repeat(101) }, 'InvalidParameter: Invalid parameter: Subject'],
    [{ Message: 'x'.repeat(262_145) }, 'InvalidParameter: Invalid parameter: Message too long'],
    [
      { Message: 'x'.repeat(262_130), MessageAttributes: { k: text('12345678') } },
      'InvalidParameter: Invalid parameter: Message too long',
    ],
    [
      { MessageDeduplicationId: 'd' },
      'InvalidParameter: Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      { TopicArn: undefined },
      'InvalidParameter: Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
    ],
    [
      { TopicArn: undefined, PhoneNumber: '+15550100' },
      'InvalidParameter: Invalid parameter: PhoneNumber Reason: sending text messages is not available on this server',
    ],
    [
      { TopicArn: undefined, TargetArn: 'arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/x' },
      'InvalidParameter: Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified',
    ],
  ])('%j', async (input, message) => {
    expect(await refusal(input)).toBe(message);
  });

  test('a message of exactly 256 KiB may', async () => {
    expect(await publish({ Message: 'x'.repeat(262_144) })).toHaveProperty('MessageId');
  });

  test('a topic may be named by TargetArn', async () => {
    expect(await publish({ TopicArn: undefined, TargetArn: TOPIC_ARN })).toHaveProperty('MessageId');
  });
});

describe('message attributes', () => {
  const must = "must contain non-empty message attribute value for message attribute type 'String'.";
  test.each([
    [{ attr1: { DataType: 'String', StringValue: '' } }, `The message attribute 'attr1' ${must}`],
    [{ attr1: { DataType: 'String' } }, `The message attribute 'attr1' ${must}`],
    [
      { attr1: { DataType: 'String', BinaryValue: Uint8Array.of(1) } },
      "The message attribute 'attr1' with type 'String' must use field 'String'.",
    ],
    [
      { attr1: { DataType: 'Binary', StringValue: 'x' } },
      "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
    ],
    [
      { attr1: { DataType: 'InvalidType', StringValue: 'x' } },
      "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      { attr1: { DataType: 'Stringprefixed', StringValue: 'x' } },
      "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [{ ['a'.repeat(257)]: text('x') }, 'Length of message attribute name must be less than 256 bytes.'],
    [
      { 'a^b': text('x') },
      "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
    ],
    [{ '.a': text('x') }, "Invalid message attribute name starting with character '.' was found."],
    [{ 'a.': text('x') }, "Invalid message attribute name ending with character '.' was found."],
    [{ 'a..b': text('x') }, "Message attribute name can not have successive '.' character."],
  ])('%j are refused', async (MessageAttributes, message) => {
    expect(await refusal({ MessageAttributes })).toBe(`ParameterValueInvalid: ${message}`);
  });

  test('must have a type', async () => {
    expect(await refusal({ MessageAttributes: { attr1: { StringValue: 'x' } } })).toBe(
      "ValidationError: 1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
    );
  });

  test.each(['String.custom', 'Number.float', 'String.Array'])('may have the type %s', async (DataType) => {
    expect(await publish({ MessageAttributes: { a: { DataType, StringValue: '1' } } })).toHaveProperty('MessageId');
  });
});

describe('PublishBatch', () => {
  const batch = (...entries: object[]) => ({ TopicArn: TOPIC_ARN, PublishBatchRequestEntries: entries });
  const entry = (Id: string, rest: object = {}) => ({ Id, Message: `message ${Id}`, ...rest });

  test('publishes all of them in one entry of the journal', async () => {
    await subscribe('q', { RawMessageDelivery: 'true' });
    const entries = sns.cell.engine.entries.length;
    const reply = await sns.call<{ Successful: { Id: string }[] }>('PublishBatch', batch(entry('1'), entry('2')));
    expect(reply).toMatchObject({ Successful: [{ Id: '1' }, { Id: '2' }], Failed: [] });
    expect(sns.queues.bodies('q')).toEqual(['message 1', 'message 2']);
    expect(sns.cell.engine.entries.length).toBe(entries + 1);
  });

  test('an entry whose subject may not be fails alone', async () => {
    expect(await sns.call('PublishBatch', batch(entry('1'), entry('2', { Subject: '' })))).toMatchObject({
      Successful: [{ Id: '1' }],
      Failed: [{ Id: '2', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true }],
    });
  });

  test.each([
    [[], "EmptyBatchRequest: The batch request doesn't contain any entries."],
    [
      Array.from({ length: 11 }, (_, i) => entry(String(i))),
      'TooManyEntriesInBatchRequest: The batch request contains more entries than permissible.',
    ],
    [[entry('1'), entry('1')], 'BatchEntryIdsNotDistinct: Two or more batch entries in the request have the same Id.'],
    [
      [entry('a b')],
      'InvalidBatchEntryId: The Id of a batch entry in the batch request contains an impermissible character: a b',
    ],
    [
      [entry('1', { Message: 'x'.repeat(200_000) }), entry('2', { Message: 'x'.repeat(100_000) })],
      'BatchRequestTooLong: The length of all the messages put together is more than the limit.',
    ],
    [
      [entry('1', { MessageStructure: 'json', Message: '{}' })],
      'InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    [
      [entry('1', { MessageAttributes: { a: { StringValue: 'x' } } })],
      "ValidationError: 1 validation error detected: Value null at 'publishBatchRequestEntries.1.member.messageAttributes.a.member.dataType' failed to satisfy constraint: Member must not be null",
    ],
  ])('refuses %#', async (entries, message) => {
    expect(await sns.refusal('PublishBatch', batch(...entries))).toBe(message);
  });

  test('to a topic that does not exist', async () => {
    const PublishBatchRequestEntries = [entry('1')];
    expect(await sns.refusal('PublishBatch', { TopicArn: `${TOPIC_ARN}x`, PublishBatchRequestEntries })).toBe(
      'NotFound: Topic does not exist',
    );
  });
});

describe('a queue that does not take a message', () => {
  const failure = { code: 'QueueDoesNotExist', detail: 'no such queue', isRetryable: false };

  test('its dead-letter queue gets it, as the queue would have', async () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
    await subscribe('q', { RedrivePolicy, RawMessageDelivery: 'true' });
    sns.queues.answers.set(queueArn('q'), { failure });
    await publish({ MessageAttributes: { a: text('1') } });
    expect(sns.queues.bodies('dead')).toEqual(['hello']);
    expect(sns.queues.received.at(-1)?.content).toMatchObject({ message: { attributes: [{ name: 'a' }] } });
  });

  test('without a dead-letter queue the drop is recorded, and others get theirs', async () => {
    await subscribe('q');
    await subscribe('r');
    sns.queues.answers.set(queueArn('q'), { failure });
    sns.cell.takeFacts();
    await publish();
    expect(sns.cell.takeFacts()).toMatchObject([
      { name: 'NotificationPublished' },
      {
        name: 'DeliveryFailedAtOnce',
        fact: { outcome: 'dropped', code: 'QueueDoesNotExist', targetArn: queueArn('q') },
      },
      { name: 'MessageCounted' },
    ]);
  });

  test('for now: it is tried again at once, three times, then a second later', async () => {
    await subscribe('q');
    sns.queues.answers.set(queueArn('q'), { failure: { ...failure, isRetryable: true } });
    await publish();
    await sns.cell.advance(899);
    expect(sns.queues.received).toHaveLength(4);
    await sns.cell.advance(202);
    expect(sns.queues.received).toHaveLength(5);
    sns.queues.answers.clear();
    await sns.cell.advance(1_200);
    expect(sns.queues.received).toHaveLength(6);
    await sns.cell.advance(60_000);
    expect(sns.queues.received).toHaveLength(6);
  });
});

test('subscriptions and their filters work after a restart, with and without a snapshot', async () => {
  await subscribe('a', { FilterPolicy: '{"store":["a"]}' });
  let { cell } = sns;
  for (const clean of [false, true]) {
    cell = await cell.restart({ clean });
    for (const store of ['a', 'b']) {
      await cell.call('sns', 'Publish', {
        TopicArn: TOPIC_ARN,
        Message: 'x',
        MessageAttributes: { store: text(store) },
      });
    }
  }
  expect(sns.queues.bodies('a')).toHaveLength(2);
});
