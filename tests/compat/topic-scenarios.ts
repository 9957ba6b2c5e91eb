// SNS into SQS: what was published arrives in the envelope, whose signature holds against the certificate that the server gives out.

import { createVerify, X509Certificate } from 'node:crypto';
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { arnOf, queueOf, received } from './queue-scenarios.ts';

async function topicOf(client: Client, name: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { TopicArn = '' } = await client.call('sns', 'CreateTopic', { Name: `${client.prefix}-${name}`, Attributes });
  return TopicArn;
}

/** Subscribes a queue, with the policy that lets the topic send. */
async function subscribe(
  client: Client,
  TopicArn: string,
  given: { readonly QueueUrl: string; readonly Attributes?: Record<string, string> },
): Promise<string> {
  const { QueueUrl, Attributes = {} } = given;
  const Endpoint = await arnOf(client, QueueUrl);
  const Statement = {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: Endpoint },
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await client.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
  const input = { TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true };
  const { SubscriptionArn = '' } = await client.call('sns', 'Subscribe', input);
  expect(SubscriptionArn.startsWith(`${TopicArn}:`)).toBe(true);
  return SubscriptionArn;
}

type Envelope = Readonly<Record<string, string>>;

/** As subscribers verify it. Source: SNS developer guide, "Verifying the signatures of Amazon SNS messages". */
async function isGenuine(envelope: Envelope): Promise<boolean> {
  const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
  const signed = names.filter((name) => envelope[name] !== undefined).map((name) => `${name}\n${envelope[name]}\n`);
  const certificate = await (await fetch(envelope['SigningCertURL'] ?? '')).text();
  const { publicKey, subject } = new X509Certificate(certificate);
  expect(subject).toContain('CN=');
  const algorithm = envelope['SignatureVersion'] === '2' ? 'sha256' : 'sha1';
  return createVerify(algorithm)
    .update(signed.join(''))
    .verify(publicKey, envelope['Signature'] ?? '', 'base64');
}

export async function envelopes(client: Client): Promise<void> {
  const QueueUrl = await queueOf(client, 'envelopes');
  const TopicArn = await topicOf(client, 'envelopes');
  await subscribe(client, TopicArn, { QueueUrl });
  for (const version of ['1', '2']) {
    const change = { TopicArn, AttributeName: 'SignatureVersion', AttributeValue: version };
    await client.call('sns', 'SetTopicAttributes', change);
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'ü & <x>' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.from(Buffer.from('bytes')) },
      list: { DataType: 'String.Array', StringValue: '["a",1]' },
    };
    const Message = 'Grüße, "welt"\n🌍';
    const { MessageId } = await client.call('sns', 'Publish', {
      TopicArn,
      Subject: 'Hello',
      Message,
      MessageAttributes,
    });
    const [message] = await received(client, QueueUrl, { WaitTimeSeconds: 5 });
    const envelope = JSON.parse(message?.Body ?? '') as Envelope;
    expect(envelope).toMatchObject({ Type: 'Notification', MessageId, TopicArn, Subject: 'Hello', Message });
    expect(envelope['SignatureVersion']).toBe(version);
    expect(envelope['MessageAttributes']).toEqual({
      text: { Type: 'String', Value: 'ü & <x>' },
      bytes: { Type: 'Binary', Value: Buffer.from('bytes').toString('base64') },
      list: { Type: 'String.Array', Value: '["a",1]' },
    });
    expect(await isGenuine(envelope)).toBe(true);
    expect(await isGenuine({ ...envelope, Message: 'changed' })).toBe(false);
    await client.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? '' });
  }
}

export async function filtersAndRawDelivery(client: Client): Promise<void> {
  const wanted = await queueOf(client, 'wanted');
  const raw = await queueOf(client, 'raw');
  const TopicArn = await topicOf(client, 'filters');
  const FilterPolicy = JSON.stringify({ kind: ['order'], price: [{ numeric: ['>', 10] }] });
  await subscribe(client, TopicArn, { QueueUrl: wanted, Attributes: { FilterPolicy } });
  const SubscriptionArn = await subscribe(client, TopicArn, { QueueUrl: raw });
  const asRaw = { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue: 'true' };
  await client.call('sns', 'SetSubscriptionAttributes', asRaw);
  const attributes = (price: string) => ({
    kind: { DataType: 'String', StringValue: 'order' },
    price: { DataType: 'Number', StringValue: price },
  });
  const PublishBatchRequestEntries = [
    { Id: 'cheap', Message: 'cheap', MessageAttributes: attributes('10') },
    { Id: 'dear', Message: 'dear', MessageAttributes: attributes('10.5') },
    { Id: 'plain', Message: 'plain' },
  ];
  const published = await client.call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries });
  expect(published.Successful?.map(({ Id }) => Id)).toEqual(['cheap', 'dear', 'plain']);
  const filtered = await received(client, wanted, { WaitTimeSeconds: 5 });
  expect(filtered.map(({ Body }) => (JSON.parse(Body ?? '') as Envelope)['Message'])).toEqual(['dear']);
  const all = await received(client, raw, { WaitTimeSeconds: 5, MessageAttributeNames: ['All'] });
  expect(all.map(({ Body }) => Body).sort()).toEqual(['cheap', 'dear', 'plain']);
  const dear = all.find(({ Body }) => Body === 'dear');
  expect(dear?.MessageAttributes).toMatchObject(attributes('10.5'));
}

export async function topicRefusals(client: Client): Promise<void> {
  const TopicArn = `arn:aws:sns:us-east-1:000000000000:${client.prefix}-missing`;
  const refused = await client.refusal('sns', 'Publish', { TopicArn, Message: 'x' });
  expect(refused).toBe('NotFoundException: Topic does not exist');
  const there = await topicOf(client, 'there');
  const large = { TopicArn: there, Message: 'x'.repeat(262_145) };
  expect(await client.refusal('sns', 'Publish', large)).toMatch(
    /^InvalidParameterException: Invalid parameter: Message too long/,
  );
}
