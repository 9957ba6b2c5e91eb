// Documents inside documents: policies, filters, bodies that are JSON. The outer request is small and right; what it carries is tens of thousands
// of levels deep, or made so that a careless matcher never ends. Whoever looks at it must neither overflow its stack nor stand still.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostileServer } from './hostile-server.ts';
import { ACCOUNT, furniture, queueArn, topicArn } from './playground.ts';
import { type Answer, closeConnections, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const FROM = { account: ACCOUNT };
/** The deepest that fits into 256 KiB as objects; lists could be deeper, but any stack is full by then. */
const DEPTH = 40_000;
const DEEP_LISTS = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
const DEEP_OBJECTS = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;
const DEEP = [DEEP_LISTS, DEEP_OBJECTS, `{"a":${DEEP_LISTS}}`];
/** Policies may be this long; deep enough for most stacks. */
const DEEP_SHORT = `${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}`;
const WILD = `${'*a'.repeat(100)}*b`;
const AS = 'a'.repeat(10_000);

let server: HostileServer;

beforeAll(async () => {
  server = await HostileServer.start();
  for (const asked of furniture()) await server.must(asked);
});

afterAll(async () => {
  closeConnections();
  await server.expectUnharmed();
  await server.end();
});

const queueUrl = (name: string) => `${server.url}/${ACCOUNT}/${name}`;
const sqs = (operation: string, document: object) => server.ask(jsonAsk('sqs', operation, document, FROM));
const query = (service: string, operation: string, parameters: Record<string, string>) =>
  server.ask(queryAsk(service, operation, parameters, FROM));
const logs = (operation: string, document: object) => server.ask(jsonAsk('logs', operation, document, FROM));

function refused({ status, code }: Answer): string {
  return `${status} ${code}`;
}

async function subscriptionOf(topic: string): Promise<string> {
  const { text } = await query('sns', 'ListSubscriptionsByTopic', { TopicArn: topicArn(topic) });
  return /<SubscriptionArn>([^<]+)</.exec(text)?.[1] ?? '';
}

describe('a topic', () => {
  const set = async (AttributeName: string, AttributeValue: string) =>
    query('sns', 'SetSubscriptionAttributes', {
      SubscriptionArn: await subscriptionOf('news'),
      AttributeName,
      AttributeValue,
    });
  const publish = (Message: string, rest: Record<string, string> = {}) =>
    query('sns', 'Publish', { TopicArn: topicArn('news'), Message, ...rest });

  test('filters deep bodies without falling', async () => {
    expect((await set('FilterPolicyScope', 'MessageBody')).status).toBe(200);
    const dots = JSON.stringify({ [Array(100_000).fill('a').join('.')]: ['x'] });
    for (const policy of ['{"a":["x"]}', '{"a":{"a":{"a":["x"]}}}', '{"a":[{"exists":false}]}', dots]) {
      expect((await set('FilterPolicy', policy)).status).toBe(200);
      for (const message of DEEP) expect((await publish(message)).status).toBe(200);
    }
  });

  test('matches many wildcards without standing still', async () => {
    const { status } = await set('FilterPolicy', JSON.stringify({ a: [{ wildcard: '*a*a*a*b' }] }));
    expect([200, 400]).toContain(status);
    expect((await publish(JSON.stringify({ a: AS }))).status).toBe(200);
    const { code } = await set('FilterPolicy', JSON.stringify({ a: [{ wildcard: WILD }] }));
    expect(['', 'InvalidParameter', 'FilterPolicyLimitExceeded']).toContain(code);
    expect((await publish(JSON.stringify({ a: AS }))).status).toBe(200);
    await set('FilterPolicy', '{}');
  });

  test('refuses deep filter policies, delivery policies and messages per protocol', async () => {
    for (const policy of [DEEP_SHORT, ...DEEP]) {
      expect(refused(await set('FilterPolicy', policy))).toBe('400 InvalidParameter');
    }
    expect(refused(await set('RedrivePolicy', DEEP_SHORT))).toBe('400 InvalidParameter');
    for (const message of DEEP) {
      expect(refused(await publish(message, { MessageStructure: 'json' }))).toBe('400 InvalidParameter');
    }
  });
});

describe('a queue', () => {
  const set = (name: string, value: string) =>
    sqs('SetQueueAttributes', { QueueUrl: queueUrl('two'), Attributes: { [name]: value } });

  test.each(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'])('refuses a deep %s', async (name) => {
    for (const value of [DEEP_LISTS, DEEP_OBJECTS, DEEP_SHORT]) {
      const { status, code } = await set(name, value);
      expect([status, code]).toEqual([400, expect.stringMatching(/^Invalid(Attribute|Parameter)Value/)]);
    }
  });

  test('asks a policy full of wildcards without standing still', async () => {
    const Statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
    const Condition = {
      StringLike: { 'aws:UserAgent': WILD },
      ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:*:${WILD}` },
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: { ...Statement, Condition } });
    expect((await set('Policy', policy)).status).toBe(200);
    const asked = jsonAsk(
      'sqs',
      'SendMessage',
      { QueueUrl: queueUrl('two'), MessageBody: 'x' },
      { account: '222222222222' },
    );
    await server.must({ ...asked, headers: { ...asked.headers, 'user-agent': AS } });
    expect((await set('Policy', '')).status).toBe(200);
  });
});

describe('policies of identities', () => {
  test('deep ones are refused, those with wildcards asked without standing still', async () => {
    const put = (PolicyDocument: string) =>
      query('iam', 'PutRolePolicy', { RoleName: 'r', PolicyName: 'deep', PolicyDocument });
    for (const document of [DEEP_SHORT, '['.repeat(5_000)]) {
      expect(refused(await put(document))).toBe('400 MalformedPolicyDocument');
    }
    const trust = { RoleName: 'deep', AssumeRolePolicyDocument: '['.repeat(1_000) + ']'.repeat(1_000) };
    expect(refused(await query('iam', 'CreateRole', trust))).toBe('400 MalformedPolicyDocument');
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/r`;
    const session = { RoleArn, RoleSessionName: 'deep', Policy: '['.repeat(1_000) + ']'.repeat(1_000) };
    expect(refused(await query('sts', 'AssumeRole', session))).toBe('400 MalformedPolicyDocument');
    const wild = { Effect: 'Allow', Action: 'sqs:*', Resource: `arn:aws:sqs:*:*:${WILD}` };
    expect((await put(JSON.stringify({ Version: '2012-10-17', Statement: wild }))).status).toBe(200);
    const simulated = {
      PolicySourceArn: RoleArn,
      'ActionNames.member.1': 'sqs:SendMessage',
      'ResourceArns.member.1': `arn:aws:sqs:us-east-1:1:${AS}`.slice(0, 2_048),
    };
    expect((await query('iam', 'SimulatePrincipalPolicy', simulated)).status).toBe(200);
  });
});

describe('logs', () => {
  const group = { logGroupName: 'g' };

  test('deep events are searched with every kind of pattern', async () => {
    const messages = [...DEEP, AS];
    for (const message of messages) {
      const logEvents = [{ timestamp: Date.now(), message }];
      await logs('PutLogEvents', { ...group, logStreamName: 's', logEvents });
    }
    const patterns = [
      '{ $.a = 1 }',
      '{ $.a.a.a.a EXISTS }',
      '{ $.a[0] = "x*" }',
      `[a, b = "${WILD}"]`,
      `"${AS.slice(0, 900)}b"`,
    ];
    for (const filterPattern of [
      ...patterns,
      `{ $.a = "${WILD}" }`,
      `${'('.repeat(900)}`,
      `{ ${'('.repeat(900)} }`,
      '%(a+)+b%',
    ]) {
      const { status } = await logs('FilterLogEvents', { ...group, filterPattern });
      expect([200, 400]).toContain(status);
    }
  });
});

describe('a function', () => {
  const PATH = '/2015-03-31/functions/f';
  const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`;

  test('gets deep events, and its destinations are told of them', async () => {
    const DestinationConfig = {
      OnSuccess: { Destination: queueArn('dead') },
      OnFailure: { Destination: queueArn('dead') },
    };
    const settings = { DestinationConfig, MaximumRetryAttempts: 0 };
    await server.must(restAsk('PUT', '/2019-09-25/functions/f/event-invoke-config', settings, FROM));
    for (const payload of [...DEEP, '1e400', '"\\ud800"']) {
      const asked = restAsk('POST', `${PATH}/invocations`, payload, FROM);
      const headers = { ...asked.headers, 'x-amz-invocation-type': 'Event' };
      expect((await server.ask({ ...asked, headers })).status).toBe(202);
      const told = await nextMessage('dead');
      expect(told).toContain(`"requestPayload":${payload}`);
    }
  });

  test('is polled for messages with deep bodies, with a filter and without', async () => {
    const Filters = [{ Pattern: '{"body":{"a":{"a":["x"]}}}' }, { Pattern: '{"body":[{"prefix":"x"}]}' }];
    const { text } = await server.must(
      restAsk(
        'POST',
        '/2015-03-31/event-source-mappings',
        {
          ...{ FunctionName: 'f', EventSourceArn: queueArn('one'), FilterCriteria: { Filters } },
        },
        FROM,
      ),
    );
    expect(text).toContain(arn);
    for (const MessageBody of [...DEEP, AS]) {
      expect((await sqs('SendMessage', { QueueUrl: queueUrl('one'), MessageBody })).status).toBe(200);
    }
    await untilEmpty('one');
    const deepFilter = { FilterCriteria: { Filters: [{ Pattern: DEEP_SHORT.slice(0, 4_000) }] } };
    const mapping = { FunctionName: 'f', EventSourceArn: queueArn('dead'), ...deepFilter };
    const answer = await server.ask(restAsk('POST', '/2015-03-31/event-source-mappings', mapping, FROM));
    expect(refused(answer)).toBe('400 InvalidParameterValueException');
  });

  async function nextMessage(queue: string): Promise<string> {
    const asked = { QueueUrl: queueUrl(queue), WaitTimeSeconds: 20 };
    const { text } = await sqs('ReceiveMessage', asked);
    const { Messages } = JSON.parse(text) as { Messages: { Body: string; ReceiptHandle: string }[] };
    await sqs('DeleteMessage', { QueueUrl: queueUrl(queue), ReceiptHandle: Messages[0]!.ReceiptHandle });
    return Messages[0]!.Body;
  }

  async function untilEmpty(queue: string): Promise<void> {
    for (;;) {
      const { messages } = await server.admin<{ messages: object[] }>(`peek?queue=${queueArn(queue)}`);
      if (messages.length === 0) return;
    }
  }
});
