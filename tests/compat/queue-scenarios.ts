// SQS as its users use it: standard and FIFO queues, batches, dead letters.

import { expect } from 'vitest';
import type { Message } from '#wire/generated/sqs.ts';
import { md5OfAttributes, md5OfBody } from './checksums.ts';
import type { Client } from './client.ts';

export async function queueOf(client: Client, name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const QueueName = `${client.prefix}-${name}`;
  const { QueueUrl = '' } = await client.call('sqs', 'CreateQueue', { QueueName, Attributes });
  expect(QueueUrl).toMatch(new RegExp(`/000000000000/${QueueName}$`));
  return QueueUrl;
}

export async function received(client: Client, QueueUrl: string, rest: object = {}): Promise<readonly Message[]> {
  const { Messages } = await client.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...rest });
  return Messages ?? [];
}

export async function arnOf(client: Client, QueueUrl: string): Promise<string> {
  const { Attributes } = await client.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
  return Attributes?.['QueueArn'] ?? '';
}

export async function messageWithAttributes(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'attributes', { VisibilityTimeout: '45' });
  const MessageBody = 'Grüße, 世界 🌍 <&>"\'\t\n end';
  const MessageAttributes = {
    'a.name-with_signs': { DataType: 'String', StringValue: 'ü < & >' },
    Count: { DataType: 'Number', StringValue: '-12.5' },
    bytes: { DataType: 'Binary.some', BinaryValue: Uint8Array.from(Buffer.from('\u0001bytes ü')) },
    custom: { DataType: 'String.custom', StringValue: 'x' },
  };
  const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };
  const MessageSystemAttributes = { AWSTraceHeader };
  const input = { QueueUrl, MessageBody, MessageAttributes, MessageSystemAttributes };
  const sent = await client.call('sqs', 'SendMessage', input);
  expect(sent.MD5OfMessageBody).toBe(md5OfBody(MessageBody));
  expect(sent.MD5OfMessageAttributes).toBe(md5OfAttributes(MessageAttributes));
  expect(sent.MD5OfMessageSystemAttributes).toBe(md5OfAttributes(MessageSystemAttributes));

  const asked = { MessageAttributeNames: ['All'], AttributeNames: ['All'] };
  const [message] = await received(client, QueueUrl, asked);
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: MessageBody, MD5OfBody: sent.MD5OfMessageBody });
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message?.Attributes).toMatchObject({
    ApproximateReceiveCount: '1',
    AWSTraceHeader: AWSTraceHeader.StringValue,
  });
  for (const [name, { DataType, ...value }] of Object.entries(MessageAttributes)) {
    const found = message?.MessageAttributes?.[name];
    expect(found?.DataType).toBe(DataType);
    if ('StringValue' in value) expect(found?.StringValue).toBe(value.StringValue);
    else expect(Buffer.from(found?.BinaryValue ?? []).toString()).toBe(Buffer.from(value.BinaryValue).toString());
  }

  const ReceiptHandle = message?.ReceiptHandle ?? '';
  await client.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  const [again] = await received(client, QueueUrl, { MessageAttributeNames: ['a.*'], AttributeNames: ['All'] });
  expect(again?.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  expect(Object.keys(again?.MessageAttributes ?? {})).toEqual(['a.name-with_signs']);
  await client.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: again?.ReceiptHandle ?? '' });
  expect(await received(client, QueueUrl)).toEqual([]);
  await client.call('sqs', 'DeleteQueue', { QueueUrl });
}

export async function attributesAndTags(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'settings', { DelaySeconds: '7', MessageRetentionPeriod: '3600' });
  await client.call('sqs', 'SetQueueAttributes', {
    QueueUrl,
    Attributes: { DelaySeconds: '0', VisibilityTimeout: '60' },
  });
  const all = await client.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  expect(all.Attributes).toMatchObject({
    DelaySeconds: '0',
    VisibilityTimeout: '60',
    MessageRetentionPeriod: '3600',
    QueueArn: `arn:aws:sqs:us-east-1:000000000000:${client.prefix}-settings`,
  });
  await client.call('sqs', 'TagQueue', { QueueUrl, Tags: { team: 'ü / co', empty: '' } });
  await client.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: ['empty'] });
  expect((await client.call('sqs', 'ListQueueTags', { QueueUrl })).Tags).toEqual({ team: 'ü / co' });
  const QueueNamePrefix = `${client.prefix}-settings`;
  expect((await client.call('sqs', 'ListQueues', { QueueNamePrefix })).QueueUrls).toEqual([QueueUrl]);
  const found = await client.call('sqs', 'GetQueueUrl', { QueueName: QueueNamePrefix });
  expect(found.QueueUrl).toBe(QueueUrl);
}

export async function pages(client: Client): Promise<void> {
  const names = ['a', 'b', 'c'].map((each) => `${client.prefix}-page-${each}`);
  for (const QueueName of names) await client.call('sqs', 'CreateQueue', { QueueName });
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const asked = { QueueNamePrefix: `${client.prefix}-page-`, MaxResults: 2, ...(NextToken && { NextToken }) };
    const page = await client.call('sqs', 'ListQueues', asked);
    seen.push(...(page.QueueUrls ?? []).map((url) => url.split('/').at(-1) ?? ''));
    NextToken = page.NextToken;
  } while (NextToken);
  expect(seen).toEqual(names);
}

export async function batches(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'batches');
  const Entries = [
    ...Array.from({ length: 8 }, (_, i) => ({ Id: `id-${i}`, MessageBody: `message ${i}` })),
    { Id: 'empty', MessageBody: '' },
    { Id: 'late', MessageBody: 'x', DelaySeconds: 901 },
  ];
  const sent = await client.call('sqs', 'SendMessageBatch', { QueueUrl, Entries });
  expect(sent.Successful?.map(({ Id, MD5OfMessageBody }) => [Id, MD5OfMessageBody])).toEqual(
    Entries.slice(0, 8).map(({ Id, MessageBody }) => [Id, md5OfBody(MessageBody)]),
  );
  expect(sent.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])).toEqual([
    ['empty', true],
    ['late', true],
  ]);
  const messages = await received(client, QueueUrl);
  expect(messages.map(({ Body }) => Body).sort()).toEqual(Entries.slice(0, 8).map(({ MessageBody }) => MessageBody));
  const handles = messages.map(({ ReceiptHandle = '' }, i) => ({ Id: `h${i}`, ReceiptHandle }));
  const hidden = handles.slice(0, 2).map((entry) => ({ ...entry, VisibilityTimeout: 100 }));
  const changed = await client.call('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl, Entries: hidden });
  expect(changed.Successful?.map(({ Id }) => Id)).toEqual(['h0', 'h1']);
  const withBad = [...handles, { Id: 'bad', ReceiptHandle: 'made up' }];
  const deleted = await client.call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries: withBad });
  expect(deleted.Successful).toHaveLength(8);
  expect(deleted.Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([['bad', 'ReceiptHandleIsInvalid']]);
}

export async function fifo(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const numbers: string[] = [];
  for (const [MessageBody, MessageGroupId] of [
    ['one', 'a'],
    ['two', 'a'],
    ['two', 'a'],
    ['three', 'b'],
  ] as const) {
    const { SequenceNumber = '' } = await client.call('sqs', 'SendMessage', { QueueUrl, MessageBody, MessageGroupId });
    numbers.push(SequenceNumber);
  }
  expect(numbers[1]).toBe(numbers[2]);
  expect([...numbers].sort()).toEqual(numbers);
  const [first] = await received(client, QueueUrl, { MaxNumberOfMessages: 1, AttributeNames: ['All'] });
  expect(first).toMatchObject({ Body: 'one', Attributes: { MessageGroupId: 'a', SequenceNumber: numbers[0] } });
  // The group of a message in flight waits, the others do not.
  const others = await received(client, QueueUrl);
  expect(others.map(({ Body }) => Body)).toEqual(['three']);
  await client.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: first?.ReceiptHandle ?? '' });
  expect((await received(client, QueueUrl)).map(({ Body }) => Body)).toEqual(['two']);
}

export async function deadLetters(client: Client): Promise<void> {
  const deadUrl = await queueOf(client, 'dead');
  const deadLetterTargetArn = await arnOf(client, deadUrl);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
  const QueueUrl = await queueOf(client, 'source', { RedrivePolicy, VisibilityTimeout: '0' });
  await client.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'poison' });
  for (let i = 0; i < 2; i += 1) expect(await received(client, QueueUrl)).toHaveLength(1);
  expect(await received(client, QueueUrl)).toEqual([]);
  const sources = await client.call('sqs', 'ListDeadLetterSourceQueues', { QueueUrl: deadUrl });
  expect(sources.queueUrls).toEqual([QueueUrl]);
  const [dead] = await received(client, deadUrl, { AttributeNames: ['All'], VisibilityTimeout: 0 });
  expect(dead).toMatchObject({
    Body: 'poison',
    Attributes: { DeadLetterQueueSourceArn: await arnOf(client, QueueUrl) },
  });
  const { TaskHandle } = await client.call('sqs', 'StartMessageMoveTask', { SourceArn: deadLetterTargetArn });
  expect(TaskHandle).toBeTruthy();
  const [back] = await received(client, QueueUrl, { WaitTimeSeconds: 10 });
  expect(back?.Body).toBe('poison');
  const tasks = await client.call('sqs', 'ListMessageMoveTasks', { SourceArn: deadLetterTargetArn });
  expect(tasks.Results?.map(({ Status, SourceArn }) => [Status, SourceArn])).toEqual([
    ['COMPLETED', deadLetterTargetArn],
  ]);
}

export async function refusals(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'refusals');
  const missing = { QueueUrl: `${QueueUrl}-missing`, MessageBody: 'x' };
  expect(await client.refusal('sqs', 'SendMessage', missing)).toMatch(
    /^QueueDoesNotExist: The specified queue does not exist/,
  );
  const unknown = { QueueUrl, AttributeNames: ['Nothing'] };
  expect(await client.refusal('sqs', 'GetQueueAttributes', unknown)).toBe(
    'InvalidAttributeName: Unknown Attribute Nothing.',
  );
  const made = { QueueName: `${client.prefix}-refusals`, Attributes: { DelaySeconds: '5' } };
  expect(await client.refusal('sqs', 'CreateQueue', made)).toMatch(/^QueueNameExists: A queue already exists/);
  const twice = { QueueUrl, Entries: ['a', 'a'].map((Id) => ({ Id, MessageBody: 'x' })) };
  expect(await client.refusal('sqs', 'SendMessageBatch', twice)).toBe('BatchEntryIdsNotDistinct: Id a repeated.');
  const empty = { QueueUrl, ReceiptHandle: 'made up' };
  expect(await client.refusal('sqs', 'DeleteMessage', empty)).toMatch(/^ReceiptHandleIsInvalid: /);
}
