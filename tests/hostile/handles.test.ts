// Receipt handles, page tokens and other sealed things, used by those they were not made for, or made up; and what is not there: queues,
// topics, functions, in each protocol's own words.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostileServer } from './hostile-server.ts';
import { type Answer, type Asked, closeConnections, type From, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const FROM = { account: '111111111111' };
const OTHER = { account: '222222222222' };

let server: HostileServer;

beforeAll(async () => {
  server = await HostileServer.start();
  await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'mine' }, FROM));
  await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'beside' }, FROM));
  await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'mine' }, OTHER));
});

afterAll(async () => {
  await server.expectUnharmedBy(700_000);
  closeConnections();
  await server.end();
});

const url = (name: string, { account }: From = FROM) => `${server.url}/${account}/${name}`;
const told = ({ status, code }: Answer): string => `${status} ${code}`.trimEnd();
const document = ({ text }: Answer) => JSON.parse(text) as Record<string, unknown>;

async function sqs(operation: string, input: object, from: From = FROM): Promise<Answer> {
  return server.ask(jsonAsk('sqs', operation, input, from));
}

interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
}

async function received(name: string, from: From = FROM): Promise<Received> {
  const QueueUrl = url(name, from);
  await sqs('SendMessage', { QueueUrl, MessageBody: 'x' }, from);
  const { Messages } = document(await sqs('ReceiveMessage', { QueueUrl, VisibilityTimeout: 60 }, from));
  return (Messages as Received[])[0]!;
}

async function count(name: string, from: From = FROM): Promise<string> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const { Attributes } = document(await sqs('GetQueueAttributes', { QueueUrl: url(name, from), AttributeNames }, from));
  return Object.values(Attributes as object).join(' waiting, ');
}

/** Each byte of a handle changed, one at a time, and other ways to spoil it. */
function spoiled(handle: string): string[] {
  const bytes = Buffer.from(handle, 'base64');
  const flipped = Array.from(bytes, (byte, i) => {
    const copy = Buffer.from(bytes);
    copy[i] = byte ^ 1;
    return copy.toString('base64');
  });
  const cut = bytes.subarray(0, -1).toString('base64');
  return [...flipped, cut, Buffer.concat([bytes, bytes]).toString('base64'), handle.slice(0, 8)];
}

describe('a receipt handle', () => {
  test('that was made up or changed deletes nothing and hides nothing', async () => {
    const { ReceiptHandle } = await received('mine');
    const before = await count('mine');
    const madeUp = ['', 'x', '====', 'AAAA', '\u0000', '__proto__', 'SQS/BACKDOOR/ACCESS', 'x'.repeat(100_000)];
    for (const handle of [...madeUp, ...spoiled(ReceiptHandle)]) {
      const input = { QueueUrl: url('mine'), ReceiptHandle: handle };
      expect(told(await sqs('DeleteMessage', input)), handle).toMatch(/^4\d\d (ReceiptHandleIsInvalid|Missing\w+)$/);
      expect((await sqs('ChangeMessageVisibility', { ...input, VisibilityTimeout: 0 })).status).toBeGreaterThanOrEqual(
        400,
      );
    }
    expect(await count('mine')).toBe(before);
    expect((await sqs('DeleteMessage', { QueueUrl: url('mine'), ReceiptHandle })).status).toBe(200);
  });

  test('of another queue, of another account, deletes nothing', async () => {
    const { ReceiptHandle } = await received('mine');
    await received('beside');
    await received('mine', OTHER);
    const before = [await count('beside'), await count('mine', OTHER)];
    for (const [name, from] of [
      ['beside', FROM],
      ['mine', OTHER],
    ] as const) {
      expect(told(await sqs('DeleteMessage', { QueueUrl: url(name, from), ReceiptHandle }, from))).toMatch(
        /^4\d\d \w+Invalid/,
      );
      const input = { QueueUrl: url(name, from), ReceiptHandle, VisibilityTimeout: 0 };
      expect(told(await sqs('ChangeMessageVisibility', input, from))).toMatch(/^4\d\d \w+Invalid/);
    }
    expect([await count('beside'), await count('mine', OTHER)]).toEqual(before);
  });

  test('among good ones fails alone', async () => {
    const good = await received('mine');
    const Entries = [
      { Id: 'good', ReceiptHandle: good.ReceiptHandle },
      { Id: 'bad', ReceiptHandle: 'AAAA' },
      { Id: 'spoiled', ReceiptHandle: spoiled(good.ReceiptHandle)[3] },
    ];
    const answer = document(await sqs('DeleteMessageBatch', { QueueUrl: url('mine'), Entries }));
    expect(answer['Successful']).toEqual([{ Id: 'good' }]);
    expect(answer['Failed']).toMatchObject([
      { Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
      { Id: 'spoiled', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
    ]);
  });

  test('of a FIFO queue ends with its timeout', async () => {
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'mine.fifo', Attributes }, FROM));
    const QueueUrl = url('mine.fifo');
    await sqs('SendMessage', { QueueUrl, MessageBody: 'x', MessageGroupId: 'g' });
    const { Messages } = document(await sqs('ReceiveMessage', { QueueUrl, VisibilityTimeout: 60 }));
    const { ReceiptHandle } = (Messages as Received[])[0]!;
    await server.advance(61_000);
    expect((await sqs('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 })).status).toBe(400);
    expect((await sqs('DeleteMessage', { QueueUrl, ReceiptHandle })).status).toBe(400);
    expect(await count('mine.fifo')).toBe('1 waiting, 0');
  });

  test('of a deleted message deletes no other', async () => {
    const { ReceiptHandle } = await received('mine');
    expect((await sqs('DeleteMessage', { QueueUrl: url('mine'), ReceiptHandle })).status).toBe(200);
    await received('mine');
    const before = await count('mine');
    expect((await sqs('DeleteMessage', { QueueUrl: url('mine'), ReceiptHandle })).status).toBe(200);
    expect(await count('mine')).toBe(before);
  });

  test('of a queue that was deleted is none of the new queue of that name', async () => {
    const { ReceiptHandle } = await received('beside');
    await server.must(jsonAsk('sqs', 'DeleteQueue', { QueueUrl: url('beside') }, FROM));
    await server.advance(61_000);
    await server.must(jsonAsk('sqs', 'CreateQueue', { QueueName: 'beside' }, FROM));
    await received('beside');
    const before = await count('beside');
    await sqs('DeleteMessage', { QueueUrl: url('beside'), ReceiptHandle });
    await sqs('ChangeMessageVisibility', { QueueUrl: url('beside'), ReceiptHandle, VisibilityTimeout: 0 });
    expect(await count('beside')).toBe(before);
  });
});

describe('tokens', () => {
  test('a page token of one question answers no other, and none that was made up', async () => {
    const pages = { MaxResults: 1 };
    const first = document(await sqs('ListQueues', pages));
    const NextToken = first['NextToken'] as string;
    expect(NextToken).toBeTruthy();
    for (const [from, token] of [
      [OTHER, NextToken],
      [FROM, 'AAAA'],
      [FROM, `${NextToken}x`],
    ] as const) {
      const answer = await sqs('ListQueues', { ...pages, NextToken: token }, from);
      expect(told(answer), token).toBe('400 InvalidParameterValueException');
    }
  });

  test.each([
    ['sns', 'ListTopics', 'NextToken'],
    ['sns', 'ListSubscriptions', 'NextToken'],
    ['iam', 'ListRoles', 'Marker'],
    ['iam', 'ListUsers', 'Marker'],
    ['iam', 'ListPolicies', 'Marker'],
  ])('%s %s refuses a made up %s', async (service, operation, name) => {
    const { status, code } = await server.ask(queryAsk(service, operation, { [name]: 'bWFkZSB1cA==' }));
    expect(`${status} ${code}`).toMatch(/^400 (InvalidParameter|ValidationError)$/);
  });

  test.each(['DescribeLogGroups', 'FilterLogEvents', 'GetLogEvents', 'DescribeLogStreams'])(
    'logs %s refuses a made up token',
    async (operation) => {
      const input = { nextToken: 'bWFkZSB1cA==' };
      const place = operation === 'DescribeLogGroups' ? {} : { logGroupName: 'canary' };
      const stream = operation === 'GetLogEvents' ? { logStreamName: 's' } : {};
      const answer = await server.ask(jsonAsk('logs', operation, { ...input, ...place, ...stream }));
      expect(told(answer)).toBe('400 InvalidParameterException');
    },
  );

  test('a move task is not cancelled with a handle that was made up', async () => {
    const TaskHandle = Buffer.from('{"taskId":"x","sourceArn":"arn:aws:sqs:us-east-1:1:x"}').toString('base64');
    for (const handle of [TaskHandle, 'AAAA', '', '{}']) {
      expect((await sqs('CancelMessageMoveTask', { TaskHandle: handle })).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('what is not there', () => {
  const missingArn = 'arn:aws:sns:us-east-1:111111111111:missing';
  const rows: readonly (readonly [string, () => Asked, string])[] = [
    [
      'a queue, JSON',
      () => jsonAsk('sqs', 'SendMessage', { QueueUrl: url('missing'), MessageBody: 'x' }, FROM),
      '400 QueueDoesNotExist',
    ],
    [
      'a queue, query',
      () => queryAsk('sqs', 'GetQueueUrl', { QueueName: 'missing' }, FROM),
      '400 AWS.SimpleQueueService.NonExistentQueue',
    ],
    [
      'a queue by a URL of nobody',
      () => jsonAsk('sqs', 'ReceiveMessage', { QueueUrl: 'http://nobody.example/x' }, FROM),
      '404 InvalidAddress',
    ],
    ['a topic', () => queryAsk('sns', 'Publish', { TopicArn: missingArn, Message: 'x' }, FROM), '404 NotFound'],
    [
      'a topic with a name of nothing',
      () => queryAsk('sns', 'Publish', { TopicArn: 'x', Message: 'x' }, FROM),
      '400 InvalidParameter',
    ],
    [
      'a subscription',
      () => queryAsk('sns', 'GetSubscriptionAttributes', { SubscriptionArn: `${missingArn}:0` }, FROM),
      '404 NotFound',
    ],
    [
      'a function',
      () => restAsk('POST', '/2015-03-31/functions/missing/invocations', {}, FROM),
      '404 ResourceNotFoundException',
    ],
    ['a function, asynchronously', () => asynchronous('missing'), '404 ResourceNotFoundException'],
    [
      'a mapping',
      () => restAsk('GET', '/2015-03-31/event-source-mappings/00000000-0000-0000-0000-000000000000', undefined, FROM),
      '404 ResourceNotFoundException',
    ],
    [
      'a log group',
      () => jsonAsk('logs', 'FilterLogEvents', { logGroupName: 'missing' }, FROM),
      '400 ResourceNotFoundException',
    ],
    ['a role', () => queryAsk('iam', 'GetRole', { RoleName: 'missing' }, FROM), '404 NoSuchEntity'],
    ['a user', () => queryAsk('iam', 'GetUser', { UserName: 'missing' }, FROM), '404 NoSuchEntity'],
    [
      'a policy',
      () => queryAsk('iam', 'GetPolicy', { PolicyArn: 'arn:aws:iam::111111111111:policy/x' }, FROM),
      '404 NoSuchEntity',
    ],
  ];

  function asynchronous(name: string): Asked {
    const asked = restAsk('POST', `/2015-03-31/functions/${name}/invocations`, {}, FROM);
    return { ...asked, headers: { ...asked.headers, 'x-amz-invocation-type': 'Event' } };
  }

  test.each(rows)('%s', async (_, asked, expected) => {
    const end = await server.journalEnd();
    expect(told(await server.ask(asked()))).toBe(expected);
    expect(await server.journalEnd()).toBe(end);
  });

  test('the older query code and status come along in JSON', async () => {
    const { headers } = await sqs('SendMessage', { QueueUrl: url('missing'), MessageBody: 'x' });
    expect(headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
  });
});
