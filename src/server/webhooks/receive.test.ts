import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  DeactivateEventSourceCommand,
  DescribeEventSourceCommand,
  EventBridgeClient,
  ListEventSourcesCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing.ts';

const SECRET = 'whsec_do_not_write_me_down';
const BILLING = 'aws.partner/stripe.com/billing';
const PATH = '/_eddy/webhooks/000000000000/us-east-1/stripe.com/billing';
const FORCE = 'aws.partner/salesforce.com/sales';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let folder: string;
let server: TestServer;
let events: EventBridgeClient;
const environment = { STRIPE_SECRET: SECRET };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'eddy-webhooks-'));
  await start(['stripe', 'salesforce']);
});

afterEach(async () => {
  expect(server.problems).toEqual([]);
  events.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function start(kinds: readonly string[], args: readonly string[] = []): Promise<void> {
  const all = [
    { name: 'billing', kind: 'stripe', secretEnv: 'STRIPE_SECRET' },
    { name: 'sales', kind: 'salesforce', secretEnv: 'STRIPE_SECRET', organizationId: '00D1' },
  ];
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, JSON.stringify({ webhooks: all.filter(({ kind }) => kinds.includes(kind)) }));
  server = await startTestServer(['--webhooks', file, ...args], environment);
  events = new EventBridgeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** The bus, with everything on it in a queue. */
async function makeBus(name: string): Promise<string> {
  await events.send(new CreateEventBusCommand({ Name: name, EventSourceName: name }));
  const { QueueUrl } = await server.sqs().send(new CreateQueueCommand({ QueueName: 'seen' }));
  const bus = { EventBusName: name };
  await events.send(new PutRuleCommand({ ...bus, Name: 'all', EventPattern: '{"account":["000000000000"]}' }));
  const target = { Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:seen' };
  await events.send(new PutTargetsCommand({ ...bus, Rule: 'all', Targets: [target] }));
  return QueueUrl ?? '';
}

async function seen(QueueUrl: string): Promise<Record<string, unknown>[]> {
  const { Messages } = await server.sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return (Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '') as Record<string, unknown>);
}

const BODY = '{"id":"evt_1","type":"invoice.paid","data":{"amount":12.50}}';

function stripe(
  body = BODY,
  { secret = SECRET, ageSeconds = 0, path = PATH, more = {} as Record<string, string> } = {},
) {
  const time = Math.floor(Date.now() / 1_000) - ageSeconds;
  const v1 = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const headers = { 'stripe-signature': `t=${time},v1=${v1}`, 'content-type': 'application/json', ...more };
  return fetch(server.url + path, { method: 'POST', body, headers });
}

describe('a webhook', () => {
  test('is an event source of its account, whose bus gets what the sender signed', async () => {
    const queue = await makeBus(BILLING);
    const answer = await stripe();
    expect(answer.status).toBe(200);
    const { eventIds } = (await answer.json()) as { eventIds: string[] };
    expect(await seen(queue)).toEqual([
      {
        version: '0',
        id: eventIds[0],
        'detail-type': 'invoice.paid',
        source: BILLING,
        account: '000000000000',
        time: expect.any(String),
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1::event-source/aws.partner/stripe.com/billing'],
        detail: JSON.parse(BODY),
      },
    ]);
  });

  test('of Salesforce is acknowledged as Salesforce wants it, each notification an event', async () => {
    const queue = await makeBus(FORCE);
    const notification =
      '<Notification><Id>1</Id><sObject xsi:type="sf:Account"><sf:Id>2</sf:Id></sObject></Notification>';
    const body = `<Envelope><Body><notifications><OrganizationId>00D1</OrganizationId>${notification}${notification}</notifications></Body></Envelope>`;
    const path = `/_eddy/webhooks/000000000000/us-east-1/salesforce.com/sales?key=${SECRET}`;
    const answer = await fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'text/xml' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(await answer.text()).toContain('<Ack>true</Ack>');
    expect((await seen(queue)).map((event) => event['detail-type'])).toEqual(['Account', 'Account']);
  });

  test('whose account has no bus yet says what to do, to a sender that can sign', async () => {
    const answer = await stripe();
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { message: string }).message).toContain(`has no event bus ${BILLING}`);
    expect((await stripe(BODY, { secret: 'x' })).status).toBe(401);
  });

  test('that is deactivated takes events and drops them, as AWS does with those of partners', async () => {
    const queue = await makeBus(BILLING);
    await events.send(new DeactivateEventSourceCommand({ Name: BILLING }));
    expect((await stripe()).status).toBe(200);
    expect(await seen(queue)).toEqual([]);
  });

  test.each([
    ['another secret', () => stripe(BODY, { secret: 'other' }), 401],
    ['an old signature', () => stripe(BODY, { ageSeconds: 301 }), 401],
    ['no signature', () => fetch(server.url + PATH, { method: 'POST', body: BODY }), 401],
    ['no JSON', () => stripe('hello'), 400],
    ['a type that is too long', () => stripe(JSON.stringify({ type: 'x'.repeat(129) })), 400],
    ['a body that is too large', () => stripe(`{"type":"a","b":"${'x'.repeat(1024 * 1024)}"}`), 413],
    ['a deep body', () => stripe(`{"type":"a","b":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), 400],
    ['another webhook', () => stripe(BODY, { path: `${PATH}2` }), 404],
    ['another account', () => stripe(BODY, { path: PATH.replace('000000000000', '111111111111') }), 404],
    ['a broken path', () => stripe(BODY, { path: `${PATH}%zz` }), 404],
    ['GET', () => fetch(server.url + PATH), 405],
  ])('answers %s: %s %i', async (_what, send, status) => {
    const queue = await makeBus(BILLING);
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain(SECRET);
    expect(await seen(queue)).toHaveLength(status === 200 ? 1 : 0);
  });
});

test('what the file names is offered to its account, and does not expire', async () => {
  expect((await events.send(new ListEventSourcesCommand({}))).EventSources?.map(({ Name }) => Name)).toEqual([
    FORCE,
    BILLING,
  ]);
  const { State, ExpirationTime } = await events.send(new DescribeEventSourceCommand({ Name: BILLING }));
  expect([State, ExpirationTime]).toEqual(['PENDING', undefined]);
});

test('no secret is written to the store; sources follow the file from start to start', async () => {
  events.destroy();
  await server.close();
  await start(['stripe', 'salesforce'], ['--ephemeral=false', '--data-dir', join(folder, 'data')]);
  await makeBus(BILLING);
  expect((await stripe()).status).toBe(200);
  expect((await stripe(BODY, { secret: 'x' })).status).toBe(401);
  events.destroy();
  await server.close();
  const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const stored = files.map((file) => readFileSync(join(file.parentPath, file.name)));
  expect(stored.some((bytes) => bytes.includes('invoice.paid'))).toBe(true);
  expect(stored.some((bytes) => bytes.includes(SECRET) || bytes.includes('v1='))).toBe(false);
  // A start without the salesforce one; the bus of the other stays active.
  await start(['stripe'], ['--ephemeral=false', '--data-dir', join(folder, 'data')]);
  expect((await events.send(new ListEventSourcesCommand({}))).EventSources).toMatchObject([
    { Name: BILLING, State: 'ACTIVE' },
  ]);
  events.destroy();
  await server.close();
  await start([], ['--ephemeral=false', '--data-dir', join(folder, 'data')]);
  expect((await events.send(new DescribeEventSourceCommand({ Name: BILLING }))).State).toBe('DELETED');
  events.destroy();
  await server.close();
  await start(['stripe'], ['--ephemeral=false', '--data-dir', join(folder, 'data')]);
  expect((await events.send(new DescribeEventSourceCommand({ Name: BILLING }))).State).toBe('ACTIVE');
  expect((await stripe()).status).toBe(200);
});
