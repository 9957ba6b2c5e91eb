// SQS as older SDKs and curl speak it: query parameters in, XML out. Samples follow the API reference of 2012-11-05.
import { describe, expect, test } from 'vitest';
import { ask, reply } from './ask.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost:4566' };
const form = (body: string, url = '/') => ({ url, headers: FORM, body: `${body}&Version=2012-11-05` });

describe('requests', () => {
  test.each<[string, string, unknown]>([
    [
      'CreateQueue',
      'Action=CreateQueue&QueueName=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=40&Attribute.2.Name=DelaySeconds&Attribute.2.Value=1&Tag.1.Key=team&Tag.1.Value=blue',
      { QueueName: 'q', Attributes: { VisibilityTimeout: '40', DelaySeconds: '1' }, tags: { team: 'blue' } },
    ],
    [
      'SendMessage with attributes',
      'Action=SendMessage&QueueUrl=u&MessageBody=a%20b+c%2Bd&DelaySeconds=3&MessageAttribute.1.Name=n&MessageAttribute.1.Value.StringValue=v&MessageAttribute.1.Value.DataType=String&MessageAttribute.2.Name=b&MessageAttribute.2.Value.BinaryValue=AAEC&MessageAttribute.2.Value.DataType=Binary&MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.StringValue=t&MessageSystemAttribute.1.Value.DataType=String',
      {
        QueueUrl: 'u',
        MessageBody: 'a b c+d',
        DelaySeconds: 3,
        MessageAttributes: {
          n: { DataType: 'String', StringValue: 'v' },
          b: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 2]) },
        },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 't' } },
      },
    ],
    [
      'SendMessageBatch',
      'Action=SendMessageBatch&QueueUrl=u&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=one&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=two&SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=n&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=Number&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=1',
      {
        QueueUrl: 'u',
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'two', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } },
        ],
      },
    ],
    [
      'ReceiveMessage',
      'Action=ReceiveMessage&QueueUrl=u&MaxNumberOfMessages=10&WaitTimeSeconds=0&AttributeName.1=All&MessageAttributeName.1=All&MessageSystemAttributeName.1=SenderId',
      {
        QueueUrl: 'u',
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SenderId'],
      },
    ],
    [
      'ChangeMessageVisibilityBatch',
      'Action=ChangeMessageVisibilityBatch&QueueUrl=u&ChangeMessageVisibilityBatchRequestEntry.1.Id=a&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=r&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=45',
      { QueueUrl: 'u', Entries: [{ Id: 'a', ReceiptHandle: 'r', VisibilityTimeout: 45 }] },
    ],
    [
      'AddPermission',
      'Action=AddPermission&QueueUrl=u&Label=l&AWSAccountId.1=111122223333&ActionName.1=SendMessage&ActionName.2=ReceiveMessage',
      { QueueUrl: 'u', Label: 'l', AWSAccountIds: ['111122223333'], Actions: ['SendMessage', 'ReceiveMessage'] },
    ],
    [
      "AWS's sample of ReceiveMessage, whose list has no index",
      'Action=ReceiveMessage&QueueUrl=u&AttributeName=All&MessageAttributeName=All&MessageSystemAttributeName=SenderId',
      {
        QueueUrl: 'u',
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SenderId'],
      },
    ],
    [
      'SetQueueAttributes of boto 2, whose map has no index',
      'Action=SetQueueAttributes&QueueUrl=u&Attribute.Name=VisibilityTimeout&Attribute.Value=35',
      { QueueUrl: 'u', Attributes: { VisibilityTimeout: '35' } },
    ],
    [
      "TagQueue of the Java SDK before 2.21, whose map has the member's name",
      'Action=TagQueue&QueueUrl=u&Tags.1.Key=a&Tags.1.Value=b&Tags.2.Key=c&Tags.2.Value=d',
      { QueueUrl: 'u', Tags: { a: 'b', c: 'd' } },
    ],
    ['an empty list', 'Action=ReceiveMessage&QueueUrl=u&AttributeName=', { QueueUrl: 'u', AttributeNames: [] }],
    ['UntagQueue', 'Action=UntagQueue&QueueUrl=u&TagKey.1=a&TagKey.2=b', { QueueUrl: 'u', TagKeys: ['a', 'b'] }],
  ])('%s', (_, body, input) => {
    expect(ask(form(body)).input).toEqual(input);
  });

  test('the path names the queue when no parameter does', () => {
    expect(ask(form('Action=PurgeQueue', '/000000000000/q')).input).toEqual({
      QueueUrl: 'http://localhost:4566/000000000000/q',
    });
    expect(ask(form('Action=PurgeQueue', '/queue/eu-west-1/000000000000/q')).input).toEqual({
      QueueUrl: 'http://localhost:4566/queue/eu-west-1/000000000000/q',
    });
    expect(ask(form('Action=PurgeQueue&QueueUrl=u', '/000000000000/q')).input).toEqual({ QueueUrl: 'u' });
    expect(ask(form('Action=PurgeQueue')).input).toEqual({});
    expect(ask(form('Action=ListQueues', '/000000000000/q')).input).toEqual({});
  });

  test('a GET from a browser or curl', () => {
    const raw = {
      method: 'GET',
      url: '/000000000000/q?Action=SendMessage&MessageBody=hello%20world',
      headers: { host: 'h' },
    };
    expect(ask(raw).input).toEqual({ QueueUrl: 'http://h/000000000000/q', MessageBody: 'hello world' });
  });
});

describe('replies', () => {
  test('ReceiveMessage repeats its elements', () => {
    const output = {
      Messages: [
        {
          MessageId: 'm',
          Body: 'a<b&"c"\r\n',
          Attributes: { SenderId: 's' },
          MessageAttributes: { n: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } },
        },
        { MessageId: 'n' },
      ],
    };
    expect(reply(form('Action=ReceiveMessage&QueueUrl=u'), output)).toEqual({
      status: 200,
      headers: [
        ['x-amzn-RequestId', 'request-id'],
        ['Content-Type', 'text/xml'],
      ],
      body: `<?xml version="1.0"?><ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message><MessageId>m</MessageId><Body>a&lt;b&amp;&quot;c&quot;&#xD;\n</Body><Attribute><Name>SenderId</Name><Value>s</Value></Attribute><MessageAttribute><Name>n</Name><Value><DataType>Binary</DataType><BinaryValue>AQ==</BinaryValue></Value></MessageAttribute></Message><Message><MessageId>n</MessageId></Message></ReceiveMessageResult><ResponseMetadata><RequestId>request-id</RequestId></ResponseMetadata></ReceiveMessageResponse>`,
    });
  });

  test('an operation without output has no result element', () => {
    expect(reply(form('Action=DeleteQueue&QueueUrl=u'), {}).body).toBe(
      '<?xml version="1.0"?><DeleteQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ResponseMetadata><RequestId>request-id</RequestId></ResponseMetadata></DeleteQueueResponse>',
    );
  });

  test('a batch lists both outcomes', () => {
    const output = {
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid', SenderFault: true, Message: 'm' }],
    };
    expect(String(reply(form('Action=DeleteMessageBatch&QueueUrl=u'), output).body)).toContain(
      '<DeleteMessageBatchResult><DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry><BatchResultErrorEntry><Id>b</Id><SenderFault>true</SenderFault><Code>ReceiptHandleIsInvalid</Code><Message>m</Message></BatchResultErrorEntry></DeleteMessageBatchResult>',
    );
  });
});
