import { describe, expect, it } from 'vitest';
import { SqsTest } from '../testing.ts';

describe('SendMessage', () => {
  it('SQS-SND-01 answers with the id and the digests of what was sent, and stores the body once', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    test.facts();
    const sent = await test.call('SendMessage', { QueueUrl: url, MessageBody: 'hello' });
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent).toMatchObject({ SequenceNumber: undefined });
    expect(test.facts()).toEqual(['MessageSent']);
    const [message] = await test.receive(url);
    expect(message).toMatchObject({ Body: 'hello', MessageId: sent.MessageId, MD5OfBody: sent.MD5OfMessageBody });
  });

  it('SQS-SND-02 digests attributes as AWS does', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    // Digests recorded from AWS: LocalStack, test_receive_message_message_attribute_names_filters and …_binary_attributes.
    const sent = await test.call('SendMessage', {
      QueueUrl: url,
      MessageBody: 'msg',
      MessageAttributes: {
        'Help.Me': { DataType: 'String', StringValue: 'Me' },
        Hello: { DataType: 'String', StringValue: 'There' },
        General: { DataType: 'String', StringValue: 'Kenobi' },
      },
    });
    expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
    const binary = new TextEncoder().encode('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const other = await test.call('SendMessage', {
      QueueUrl: url,
      MessageBody: 'test',
      MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue: binary } },
    });
    expect(other.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
    const [, second] = await test.receive(url, { MessageAttributeNames: ['All'] });
    expect(second?.MessageAttributes).toEqual({ attr1: { DataType: 'Binary', BinaryValue: binary } });
  });

  it.each([
    ['no body', {}, 'MissingParameter: The request must contain the parameter MessageBody.'],
    ['an empty body', { MessageBody: '' }, 'MissingParameter: The request must contain the parameter MessageBody.'],
    [
      'a control character',
      { MessageBody: 'a\u0001' },
      'InvalidMessageContents: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    ],
    [
      'half a surrogate pair',
      { MessageBody: 'a\ud800b' },
      'InvalidMessageContents: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    ],
    [
      'a delay beyond 15 minutes',
      { MessageBody: 'a', DelaySeconds: 901 },
      'InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [
      'a deduplication id on a standard queue',
      { MessageBody: 'a', MessageDeduplicationId: 'x' },
      'InvalidParameterValue: Value x for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
    [
      'an empty attribute',
      { MessageBody: 'a', MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } },
      "InvalidParameterValue: Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [
      'a number that is none',
      { MessageBody: 'a', MessageAttributes: { n: { DataType: 'Number', StringValue: 'ten' } } },
      "InvalidParameterValue: Can't cast the value of message (user) attribute 'n' to a number.",
    ],
    [
      'an unknown data type',
      { MessageBody: 'a', MessageAttributes: { n: { DataType: 'Text', StringValue: 'ten' } } },
      'InvalidParameterValue: Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: Text',
    ],
    [
      'a reserved attribute name',
      { MessageBody: 'a', MessageAttributes: { 'AWS.x': { DataType: 'String', StringValue: 'v' } } },
      "InvalidParameterValue: You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    ],
    [
      'eleven attributes',
      {
        MessageBody: 'a',
        MessageAttributes: Object.fromEntries(
          Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'v' }]),
        ),
      },
      'InvalidParameterValue: Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
    [
      'a system attribute that cannot be sent',
      { MessageBody: 'a', MessageSystemAttributes: { SenderId: { DataType: 'String', StringValue: 'me' } } },
      "InvalidParameterValue: Message system attribute name 'SenderId' is invalid. Only AWSTraceHeader can be sent.",
    ],
    [
      'a system attribute beside the one that can be sent',
      {
        MessageBody: 'a',
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
          SenderId: { DataType: 'String', StringValue: 'me' },
        },
      },
      "InvalidParameterValue: Message system attribute name 'SenderId' is invalid. Only AWSTraceHeader can be sent.",
    ],
    [
      'a second value of a system attribute',
      {
        MessageBody: 'a',
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1', BinaryValue: new Uint8Array([1]) },
        },
      },
      "InvalidParameterValue: The message system attribute 'AWSTraceHeader' with type 'String' must use field 'StringValue'.",
    ],
    [
      'a control character in an attribute',
      { MessageBody: 'a', MessageAttributes: { n: { DataType: 'String', StringValue: 'a\u0001' } } },
      'InvalidParameterValue: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    ],
    [
      'periods in a sequence in the name of an attribute',
      { MessageBody: 'a', MessageAttributes: { 'a..b': { DataType: 'String', StringValue: 'v' } } },
      "InvalidParameterValue: Message (user) attribute name can not have successive '.' character.",
    ],
  ])('SQS-SND-03 refuses %s and records nothing', async (_what, input, text) => {
    const test = await SqsTest.open();
    const url = await test.queue();
    test.facts();
    expect(await test.refusal('SendMessage', { QueueUrl: url, ...input })).toBe(text);
    expect(test.facts()).toEqual([]);
  });

  it('SQS-SND-04 counts body and attributes against the size limit, 1 MiB unless the queue says less', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'x'.repeat(1_048_576) });
    expect(await test.refusal('SendMessage', { QueueUrl: url, MessageBody: 'x'.repeat(1_048_577) })).toBe(
      'InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    );
    const small = await test.queue('small', { MaximumMessageSize: '1024' });
    const MessageAttributes = { name: { DataType: 'String', StringValue: 'v'.repeat(100) } };
    await test.call('SendMessage', { QueueUrl: small, MessageBody: 'x'.repeat(914), MessageAttributes });
    expect(
      await test.refusal('SendMessage', { QueueUrl: small, MessageBody: 'x'.repeat(915), MessageAttributes }),
    ).toContain('Message must be shorter than 1024 bytes.');
  });

  it('SQS-SND-05 hides a message for its own delay, or for the queue’s', async () => {
    const test = await SqsTest.open();
    const url = await test.queue('orders', { DelaySeconds: '10' });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'queue' });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'own', DelaySeconds: 3 });
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'now', DelaySeconds: 0 });
    expect(await test.counts(url)).toBe('1 0 2');
    expect(await test.bodies(url)).toEqual(['now']);
    await test.cell.advance(2_999);
    expect(await test.bodies(url)).toEqual([]);
    await test.cell.advance(1);
    expect(await test.bodies(url)).toEqual(['own']);
    await test.cell.advance(7_000);
    expect(await test.bodies(url)).toEqual(['queue']);
  });

  it('SQS-SND-06 shows sender and trace header to the receiver', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    const sent = await test.call('SendMessage', {
      QueueUrl: url,
      MessageBody: 'traced',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
    });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const [message] = await test.receive(url, { MessageSystemAttributeNames: ['All'] });
    expect(message?.Attributes).toEqual({
      SenderId: '000000000000',
      SentTimestamp: '1768478400000',
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: '1768478400000',
      AWSTraceHeader: traceHeader,
    });
  });

  it('SQS-SND-06 takes the trace header of the request, of every message of a batch, unless a message has its own', async () => {
    const test = await SqsTest.open();
    const url = await test.queue();
    const request = { request: { traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' } };
    const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-00000000-000000000000000000000001' } };
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'a' }, request);
    const Entries = [
      { Id: 'b', MessageBody: 'b' },
      { Id: 'c', MessageBody: 'c', MessageSystemAttributes: own },
    ];
    const { Successful = [] } = await test.call('SendMessageBatch', { QueueUrl: url, Entries }, request);
    expect(Successful.map((one) => one.MD5OfMessageSystemAttributes !== undefined)).toEqual([false, true]);
    await test.call('SendMessage', { QueueUrl: url, MessageBody: 'd' }, { request: { traceHeader: '' } });
    const messages = await test.receive(url, { MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(messages.map(({ Body, Attributes }) => [Body, Attributes?.AWSTraceHeader])).toEqual([
      ['a', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
      ['b', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
      ['c', 'Root=1-00000000-000000000000000000000001'],
      ['d', undefined],
    ]);
  });

  it('SQS-QUE-09 finds the queue by whatever host its URL has, and refuses what is no URL or no queue', async () => {
    const test = await SqsTest.open();
    await test.queue();
    for (const url of [
      'http://localhost:4566/000000000000/orders',
      'https://sqs.us-east-1.amazonaws.com/000000000000/orders',
      'http://127.0.0.1:4566/queue/us-east-1/000000000000/orders',
      'http://us-east-1.queue.localhost:4566/000000000000/orders',
      // As AWS's samples write it.
      'https://sqs.us-east-1.amazonaws.com/000000000000/orders/',
    ]) {
      await test.call('SendMessage', { QueueUrl: url, MessageBody: 'x' });
    }
    const refused = 'AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.';
    for (const url of [
      'https://sqs.eu-west-1.amazonaws.com/000000000000/orders',
      'http://localhost:4566/111111111111/orders',
      'http://localhost:4566/000000000000/others',
      'http://localhost:4566/000000000000/others/',
    ]) {
      expect(await test.refusal('SendMessage', { QueueUrl: url, MessageBody: 'x' })).toBe(refused);
    }
    expect(await test.refusal('SendMessage', { QueueUrl: 'orders', MessageBody: 'x' })).toBe(
      'InvalidAddress: The address orders is not valid for this endpoint.',
    );
    for (const url of ['http://localhost:4566/000000000000/', 'http://localhost:4566/000000000000/orders//', '/']) {
      expect(await test.refusal('SendMessage', { QueueUrl: url, MessageBody: 'x' })).toMatch(/^InvalidAddress: /);
    }
    expect(await test.refusal('SendMessage', { MessageBody: 'x' })).toBe(
      'MissingParameter: The request must contain the parameter QueueUrl.',
    );
  });
});
