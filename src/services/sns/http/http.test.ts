// HTTP/S endpoints: the handshake, what is sent, what is tried again and when, throttling, restarts, and what is refused.

import { describe, expect, test } from 'vitest';
import { utf8Encode } from '#base/bytes.ts';
import type { HttpAnswer, HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { TestCell } from '#cell/testing.ts';
import { ONCE } from '#deliveries/policies.ts';
import { deliveries } from '#deliveries/service.ts';
import { caller } from '#deliveries/testing.ts';
import { snsService } from '../service.ts';
import { queueArn, type SnsCell, snsCell, TOPIC_ARN } from '../testing.ts';

const ENDPOINT = 'http://127.0.0.1:9000/analytics?from=shop';

class Endpoint {
  readonly posts: (HttpRequest & { readonly atMs: number })[] = [];
  answer: (post: HttpRequest) => HttpOutcome | Promise<HttpOutcome> = () => status(200);
  nowMs = (): number => 0;

  readonly performer = async ({ input }: { readonly input: unknown }): Promise<HttpOutcome> => {
    this.posts.push({ ...(input as HttpRequest), atMs: this.nowMs() });
    return this.answer(input as HttpRequest);
  };

  get notifications() {
    return this.posts.filter((post) => header(post, 'x-amz-sns-message-type') === 'Notification');
  }

  get messages(): string[] {
    return this.notifications.map(({ body = '' }) => (JSON.parse(body) as { Message: string }).Message);
  }
}

const status = (code: number): HttpAnswer => ({ status: code, headers: {}, body: utf8Encode(''), isBodyCut: false });

function header({ headers }: HttpRequest, name: string): string | undefined {
  return headers.find(([own]) => own.toLowerCase() === name)?.[1];
}

async function open(): Promise<{ sns: SnsCell; endpoint: Endpoint }> {
  const endpoint = new Endpoint();
  const sns = await snsCell({ performers: { 'http-request': endpoint.performer } });
  endpoint.nowMs = () => sns.cell.clock.nowMs();
  await sns.call('CreateTopic', { Name: 'orders' });
  return { sns, endpoint };
}

const given = (rest: object = {}) => ({ TopicArn: TOPIC_ARN, Protocol: 'http', Endpoint: ENDPOINT, ...rest });

/** Subscribes, and confirms as the endpoint would: with what it was sent. */
async function confirmed(sns: SnsCell, endpoint: Endpoint, Attributes: object = {}): Promise<string> {
  await sns.call('Subscribe', given({ Attributes }));
  await sns.cell.settle();
  const { Token } = JSON.parse(endpoint.posts.at(-1)?.body ?? '{}') as { Token: string };
  const { SubscriptionArn } = await sns.call<{ SubscriptionArn: string }>('ConfirmSubscription', {
    TopicArn: TOPIC_ARN,
    Token,
  });
  return SubscriptionArn;
}

async function turns(): Promise<void> {
  for (let i = 0; i < 100; i += 1) await Promise.resolve();
}

async function publish(sns: SnsCell, Message: string): Promise<string> {
  const { MessageId } = await sns.call<{ MessageId: string }>('Publish', { TopicArn: TOPIC_ARN, Message });
  await sns.cell.settle();
  return MessageId;
}

describe('the handshake', () => {
  test('an endpoint gets a signed confirmation, and nothing else until it has confirmed', async () => {
    const { sns, endpoint } = await open();
    expect(await sns.call('Subscribe', given())).toEqual({ SubscriptionArn: 'pending confirmation' });
    await publish(sns, 'too early');
    const [post] = endpoint.posts;
    expect(endpoint.posts).toHaveLength(1);
    expect(post).toMatchObject({ method: 'POST', url: ENDPOINT, timeoutMs: 15_000 });
    expect(post?.headers).toContainEqual(['x-amz-sns-message-type', 'SubscriptionConfirmation']);
    expect(post?.headers).toContainEqual(['Content-Type', 'text/plain; charset=UTF-8']);
    const body = JSON.parse(post?.body ?? '') as Record<string, string>;
    expect(body).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn: TOPIC_ARN, SignatureVersion: '1' });
    expect(body['SubscribeURL']).toContain(`Action=ConfirmSubscription&TopicArn=${TOPIC_ARN}&Token=${body['Token']}`);
  });

  test('subscribing again asks an endpoint that has not confirmed once more', async () => {
    const { sns, endpoint } = await open();
    await sns.call('Subscribe', given());
    await sns.call('Subscribe', given());
    await sns.cell.settle();
    expect(endpoint.posts).toHaveLength(2);
    expect(endpoint.posts[0]?.headers[0]).toEqual(endpoint.posts[1]?.headers[0]);
  });

  test('a confirmation that does not arrive is tried again', async () => {
    const { sns, endpoint } = await open();
    endpoint.answer = () => status(503);
    await sns.call('Subscribe', given());
    await sns.cell.settle();
    await sns.cell.advance(60_000);
    expect(endpoint.posts.length).toBeGreaterThan(2);
  });
});

describe('a notification', () => {
  test('is posted as an envelope with its headers', async () => {
    const { sns, endpoint } = await open();
    const arn = await confirmed(sns, endpoint);
    const id = await publish(sns, 'order 1 paid');
    const [post] = endpoint.notifications;
    expect(post?.headers).toEqual([
      ['x-amz-sns-message-type', 'Notification'],
      ['x-amz-sns-message-id', id],
      ['x-amz-sns-topic-arn', TOPIC_ARN],
      ['x-amz-sns-subscription-arn', arn],
      ['Content-Type', 'text/plain; charset=UTF-8'],
      ['User-Agent', 'Amazon Simple Notification Service Agent'],
    ]);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId: id,
      Message: 'order 1 paid',
    });
    expect(JSON.parse(post?.body ?? '')).toHaveProperty('Signature');
  });

  test('of an endpoint with raw delivery is the message alone, marked as such', async () => {
    const { sns, endpoint } = await open();
    const DeliveryPolicy = '{"requestPolicy":{"headerContentType":"application/json"}}';
    await confirmed(sns, endpoint, { RawMessageDelivery: 'true', DeliveryPolicy });
    await publish(sns, '{"order":1}');
    const [post] = endpoint.notifications;
    expect(post?.body).toBe('{"order":1}');
    expect(header(post as HttpRequest, 'x-amz-sns-rawdelivery')).toBe('true');
    expect(header(post as HttpRequest, 'content-type')).toBe('application/json');
  });

  test('takes the text that the message has for its protocol', async () => {
    const { sns, endpoint } = await open();
    await confirmed(sns, endpoint);
    const Message = JSON.stringify({ default: 'for all', http: 'for http' });
    await sns.call('Publish', { TopicArn: TOPIC_ARN, Message, MessageStructure: 'json' });
    await sns.cell.settle();
    expect(endpoint.messages).toEqual(['for http']);
  });

  test('that the filter policy refuses is not posted', async () => {
    const { sns, endpoint } = await open();
    await confirmed(sns, endpoint, { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"kind":["paid"]}' });
    await publish(sns, '{"kind":"declined"}');
    await publish(sns, '{"kind":"paid"}');
    expect(endpoint.messages).toEqual(['{"kind":"paid"}']);
  });
});

describe('an endpoint that does not take it', () => {
  test('is tried three times more, twenty seconds apart; then the message is a dead letter', async () => {
    const { sns, endpoint } = await open();
    await confirmed(sns, endpoint, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }) });
    endpoint.answer = () => status(500);
    await publish(sns, 'm');
    await sns.cell.advance(120_000);
    const times = endpoint.notifications.map(({ atMs }) => atMs);
    expect(times).toHaveLength(4);
    for (const [i, atMs] of times.slice(1).entries()) {
      expect(atMs - (times[i] as number)).toBeGreaterThanOrEqual(18_000);
      expect(atMs - (times[i] as number)).toBeLessThanOrEqual(22_000);
    }
    expect(sns.queues.bodies('dead')).toHaveLength(1);
  });

  test.each([400, 403, 404, 301])('with status %i is not tried again', async (code) => {
    const { sns, endpoint } = await open();
    await confirmed(sns, endpoint, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead') }) });
    endpoint.answer = () => status(code);
    await publish(sns, 'm');
    await sns.cell.advance(120_000);
    expect(endpoint.notifications).toHaveLength(1);
    expect(sns.queues.bodies('dead')).toHaveLength(1);
  });

  test.each([
    ['429', status(429)],
    ['a timeout', { failure: { kind: 'timeout', detail: 'no answer' } }],
    ['no connection', { failure: { kind: 'connection', detail: 'refused' } }],
  ] as const)('with %s is tried again until it does', async (_what, outcome) => {
    const { sns, endpoint } = await open();
    await confirmed(sns, endpoint);
    endpoint.answer = () => (endpoint.notifications.length < 3 ? outcome : status(204));
    await publish(sns, 'm');
    await sns.cell.advance(120_000);
    expect(endpoint.messages).toEqual(['m', 'm', 'm']);
    const ids = new Set(endpoint.notifications.map((post) => header(post, 'x-amz-sns-message-id')));
    expect(ids.size).toBe(1);
  });

  test('is tried as its own delivery policy says, unless the topic forbids it', async () => {
    const { sns, endpoint } = await open();
    const healthyRetryPolicy = { numRetries: 4, numNoDelayRetries: 2, minDelayTarget: 5, maxDelayTarget: 9 };
    const DeliveryPolicy = JSON.stringify({ healthyRetryPolicy });
    const SubscriptionArn = await confirmed(sns, endpoint, { DeliveryPolicy });
    endpoint.answer = () => status(500);
    const startMs = sns.cell.clock.nowMs();
    await publish(sns, 'm');
    await sns.cell.advance(0);
    expect(endpoint.notifications).toHaveLength(3);
    await sns.cell.advance(60_000);
    expect(endpoint.notifications.map(({ atMs }) => Math.round((atMs - startMs) / 5_000))).toEqual([0, 0, 0, 1, 3]);
    const AttributeValue = JSON.stringify({
      http: { disableSubscriptionOverrides: true, defaultHealthyRetryPolicy: { numRetries: 1 } },
    });
    await sns.call('SetTopicAttributes', { TopicArn: TOPIC_ARN, AttributeName: 'DeliveryPolicy', AttributeValue });
    await publish(sns, 'n');
    await sns.cell.advance(60_000);
    expect(endpoint.messages.filter((message) => message === 'n')).toHaveLength(2);
    const { Attributes } = await sns.call<{ Attributes: Record<string, string> }>('GetSubscriptionAttributes', {
      SubscriptionArn,
    });
    expect(JSON.parse(Attributes['EffectiveDeliveryPolicy'] ?? '')).toMatchObject({
      healthyRetryPolicy: { numRetries: 1 },
    });
    expect(Attributes['DeliveryPolicy']).toBe(DeliveryPolicy);
  });
});

test('a throttled endpoint gets no more than so many in any second, and all of them', async () => {
  const { sns, endpoint } = await open();
  await confirmed(sns, endpoint, { DeliveryPolicy: '{"throttlePolicy":{"maxReceivesPerSecond":3}}' });
  // The confirmation has been one of them.
  await sns.cell.advance(2_000);
  for (let i = 0; i < 10; i += 1) await publish(sns, String(i));
  expect(endpoint.messages).toHaveLength(3);
  await sns.cell.advance(4_000);
  expect(endpoint.messages).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
  const times = endpoint.notifications.map(({ atMs }) => atMs);
  for (const [i, atMs] of times.entries())
    if (i >= 3) expect(atMs - (times[i - 3] as number)).toBeGreaterThanOrEqual(1_000);
});

test('an endpoint that hangs holds up no other one, and gets the rest when it answers', async () => {
  const { sns, endpoint } = await open();
  await confirmed(sns, endpoint);
  await sns.call('Subscribe', given({ Endpoint: 'http://127.0.0.1:9001/' }));
  await sns.cell.settle();
  const { Token } = JSON.parse(endpoint.posts.at(-1)?.body ?? '{}') as { Token: string };
  await sns.call('ConfirmSubscription', { TopicArn: TOPIC_ARN, Token });
  const hanging: ((outcome: HttpOutcome) => void)[] = [];
  endpoint.answer = ({ url }) =>
    url === ENDPOINT ? new Promise((resolve) => void hanging.push(resolve)) : status(200);
  for (let i = 0; i < 50; i += 1) sns.cell.start('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: String(i) });
  await turns();
  expect(hanging).toHaveLength(32);
  expect(endpoint.notifications.filter(({ url }) => url !== ENDPOINT)).toHaveLength(50);
  endpoint.answer = () => status(200);
  for (const resolve of hanging) resolve(status(200));
  await sns.cell.settle();
  expect(endpoint.notifications).toHaveLength(100);
});

test('what was under way at the end of the process is posted again by the next one', async () => {
  const { sns, endpoint } = await open();
  await confirmed(sns, endpoint);
  endpoint.answer = () => new Promise(() => {});
  sns.cell.start('sns', 'Publish', { TopicArn: TOPIC_ARN, Message: 'm' });
  await turns();
  expect(endpoint.messages).toEqual(['m']);
  endpoint.answer = () => status(200);
  // As after kill -9: the request that hangs is never heard of again.
  const options = { services: sns.services, performers: { 'http-request': endpoint.performer } };
  await (await new TestCell(options, sns.cell.engine).open()).settle();
  expect(endpoint.messages).toEqual(['m', 'm']);
});

test('whoever else names a subscription as a target reaches no endpoint', async () => {
  const endpoint = new Endpoint();
  const services = [snsService(), deliveries, caller] as unknown as readonly ServiceDefinition[];
  const cell = await new TestCell({ services, performers: { 'http-request': endpoint.performer } }).open();
  await cell.call('sns', 'CreateTopic', { Name: 'orders' });
  const again = { ...given(), ReturnSubscriptionArn: true };
  const { SubscriptionArn } = await cell.call<{ SubscriptionArn: string }>('sns', 'Subscribe', again);
  await cell.settle();
  await cell.call('caller', 'HandOver', { policy: ONCE, event: '{"n":1}', targetArn: SubscriptionArn });
  await cell.call('caller', 'HandOver', { policy: ONCE, event: '{"n":1}', targetArn: `${SubscriptionArn}0` });
  await cell.settle();
  expect(endpoint.posts).toHaveLength(1);
  expect(cell.fatal).toBeUndefined();
});

describe('what is refused', () => {
  test.each([
    [{ Endpoint: 'https://example.com' }, 'Endpoint must match the specified protocol'],
    [{ Protocol: 'https' }, 'Endpoint must match the specified protocol'],
    [{ Endpoint: 'http://a:b@example.com/' }, /user and password/],
    [{ Endpoint: 'http://exa mple.com/' }, /not a URL/],
    [{ Endpoint: 'http://' }, /not a URL/],
    [{ Attributes: { DeliveryPolicy: '[]' } }, /DeliveryPolicy: failed to parse JSON/],
    [{ Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":101}}' } }, /numRetries must be/],
    [
      { Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"backoffFunction":"sudden"}}' } },
      /backoffFunction must be/,
    ],
    [{ Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"minDelayTarget":30}}' } }, /minDelayTarget must be/],
    [
      { Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":100,"maxDelayTarget":900}}' } },
      /3600 seconds/,
    ],
    [{ Attributes: { DeliveryPolicy: '{"throttlePolicy":{"maxReceivesPerSecond":0}}' } }, /at least 1/],
    [{ Attributes: { DeliveryPolicy: '{"requestPolicy":{"headerContentType":"a\\r\\nb: c"}}' } }, /headerContentType/],
    [{ Attributes: { DeliveryPolicy: '{"http":{}}' } }, /Unexpected JSON member: http/],
  ] as const)('%j', async (rest, text) => {
    const { sns } = await open();
    expect(await sns.refusal('Subscribe', given(rest))).toMatch(text);
  });

  test('a delivery policy of a queue', async () => {
    const { sns } = await open();
    const input = given({
      Protocol: 'sqs',
      Endpoint: queueArn('q'),
      Attributes: { DeliveryPolicy: '{"guaranteed":false}' },
    });
    expect(await sns.refusal('Subscribe', input)).toContain('Delivery protocol [sqs] does not support DeliveryPolicy.');
  });
});

test.each(['linear', 'arithmetic', 'geometric', 'exponential'])(
  '%s backoff grows from the first delay to the last',
  async (backoffFunction) => {
    const { retryDelaysMs } = await import('./backoff.ts');
    const phases = {
      minDelayTarget: 1,
      maxDelayTarget: 60,
      numRetries: 50,
      numNoDelayRetries: 3,
      numMinDelayRetries: 2,
      numMaxDelayRetries: 35,
    };
    const delays = retryDelaysMs({ ...phases, backoffFunction: backoffFunction as 'linear' });
    expect(delays.slice(0, 6)).toEqual([0, 0, 0, 1_000, 1_000, 1_000]);
    expect(delays.slice(14)).toEqual(new Array(36).fill(60_000));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
  },
);
