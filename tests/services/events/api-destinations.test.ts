// Events to HTTP endpoints: a whole server, AWS's client, real sockets, frozen time.

import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  DescribeConnectionCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';
import { HttpEndpoint } from './http-endpoint.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
const API_KEY = { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'planted-key' } };

let server: TestServer;
let events: EventBridgeClient;
let sqs: SQSClient;
let endpoint: HttpEndpoint;

beforeEach(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  events = new EventBridgeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  sqs = server.sqs();
  endpoint = await HttpEndpoint.open();
});

afterEach(async () => {
  endpoint.close();
  events.destroy();
  await server.close();
  expect(server.problems).toEqual([]);
});

/** A rule that sends everything of its source to this URL. */
async function route(
  name: string,
  url: string,
  more: { auth?: CreateConnectionCommandInput['AuthParameters']; target?: Partial<Target> } = {},
): Promise<void> {
  const { auth = API_KEY, target = {} } = more;
  const AuthorizationType = 'OAuthParameters' in auth ? 'OAUTH_CLIENT_CREDENTIALS' : 'API_KEY';
  const connection = { Name: name, AuthorizationType, AuthParameters: auth } as const;
  const { ConnectionArn } = await events.send(new CreateConnectionCommand(connection));
  const destination = { Name: name, ConnectionArn, InvocationEndpoint: url, HttpMethod: 'POST' } as const;
  const { ApiDestinationArn } = await events.send(new CreateApiDestinationCommand(destination));
  const pattern = JSON.stringify({ source: [name] });
  await events.send(new PutRuleCommand({ Name: name, EventPattern: pattern }));
  const Targets = [{ Id: 't', Arn: ApiDestinationArn, RoleArn: 'arn:aws:iam::000000000000:role/r', ...target }];
  await events.send(new PutTargetsCommand({ Rule: name, Targets }));
}

async function put(Source: string, detail: object = { order: 1 }): Promise<void> {
  const entry = { Source, DetailType: 'ordered', Detail: JSON.stringify(detail) };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
}

/** Moves time, and waits until nothing is under way any more. */
async function advance(ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await fetch(`${server.url}/_eddy/clock`, { method: 'POST', body })).status).toBe(200);
}

async function deadLetter(): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const QueueUrl = `${server.url}/000000000000/dead`;
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
  const attributes = Object.entries(Messages?.[0]?.MessageAttributes ?? {});
  return Messages === undefined
    ? undefined
    : Object.fromEntries(attributes.map(([key, one]) => [key, one.StringValue]));
}

const withDeadLetters = async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  return { target: { DeadLetterConfig: { Arn: QUEUE_ARN } } };
};

describe('an event', () => {
  test('arrives as EventBridge sends it', async () => {
    await route('shop', `${endpoint.url}/orders?a=b`);
    await put('shop');
    await advance(0);
    expect(endpoint.got).toHaveLength(1);
    const [got] = endpoint.got;
    expect(got).toMatchObject({ method: 'POST', url: '/orders?a=b' });
    expect(got?.headers).toEqual({
      host: new URL(endpoint.url).host,
      'content-length': String(Buffer.byteLength(got?.body ?? '')),
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
      'content-type': 'application/json; charset=utf-8',
      'x-key': 'planted-key',
    });
    expect(JSON.parse(got?.body ?? '')).toMatchObject({
      source: 'shop',
      'detail-type': 'ordered',
      detail: { order: 1 },
    });
  });

  test('that is answered 503 with Retry-After comes again when that is over', async () => {
    endpoint.answer = (_got, response) => {
      response.writeHead(endpoint.got.length === 1 ? 503 : 200, { 'Retry-After': '60' }).end();
    };
    await route('shop', endpoint.url);
    await put('shop');
    await advance(59_000);
    expect(endpoint.got).toHaveLength(1);
    await advance(2_000);
    expect(endpoint.got).toHaveLength(2);
    expect(endpoint.got[1]?.body).toBe(endpoint.got[0]?.body);
  });

  test('that is answered 404 is dead-lettered with the reason', async () => {
    endpoint.answer = (_got, response) => response.writeHead(404).end('planted-key is unknown');
    await route('shop', endpoint.url, await withDeadLetters());
    await put('shop');
    await advance(3_600_000);
    expect(endpoint.got).toHaveLength(1);
    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'Unable to invoke ApiDestination endpoint: API destination returned HTTP status 404.',
    });
  });
});

test('an OAuth token is got, used, and replaced when it is refused', async () => {
  let issued = 0;
  endpoint.answer = ({ url, headers }, response) => {
    if (url === '/token') {
      issued += 1;
      response.end(JSON.stringify({ access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3600 }));
    } else response.writeHead(headers.authorization === `Bearer token-${issued}` && issued > 1 ? 200 : 401).end();
  };
  const auth = {
    OAuthParameters: {
      ClientParameters: { ClientID: 'client', ClientSecret: 'secret' },
      AuthorizationEndpoint: `${endpoint.url}/token`,
      HttpMethod: 'POST' as const,
    },
  };
  await route('shop', `${endpoint.url}/orders`, { auth });
  await advance(0);
  expect(await events.send(new DescribeConnectionCommand({ Name: 'shop' }))).toMatchObject({
    ConnectionState: 'AUTHORIZED',
    AuthParameters: { OAuthParameters: { ClientParameters: { ClientID: 'client' } } },
  });
  await put('shop');
  await advance(0);
  expect(endpoint.got.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/token', undefined],
    ['/orders', 'Bearer token-1'],
    ['/token', undefined],
    ['/orders', 'Bearer token-2'],
  ]);
  expect(endpoint.got[0]?.body).toBe('grant_type=client_credentials&client_id=client&client_secret=secret');
});

test('credentials that are refused take the authorization away until better ones are given', async () => {
  endpoint.answer = ({ headers }, response) => response.writeHead(headers['x-key'] === 'better' ? 200 : 401).end();
  await route('shop', endpoint.url);
  await put('shop');
  await advance(0);
  const described = () => events.send(new DescribeConnectionCommand({ Name: 'shop' }));
  expect((await described()).ConnectionState).toBe('DEAUTHORIZED');
  const AuthParameters = { ApiKeyAuthParameters: { ApiKeyValue: 'better' } };
  await events.send(new UpdateConnectionCommand({ Name: 'shop', AuthParameters }));
  await advance(60_000);
  expect(endpoint.got.map(({ headers }) => headers['x-key'])).toEqual(['planted-key', 'better']);
});

test('an endpoint that never answers holds up nobody else', async () => {
  const silent = await HttpEndpoint.open();
  silent.answer = () => {};
  await route('silent', silent.url);
  await route('shop', endpoint.url);
  const arrived = new Promise<void>((resolve) => {
    endpoint.answer = (_got, response) => {
      response.end();
      resolve();
    };
  });
  for (let i = 0; i < 200; i += 1) await put('silent', { i });
  await put('shop');
  await arrived;
  expect(silent.openMax).toBeLessThanOrEqual(64);
  expect(endpoint.got).toHaveLength(1);
  silent.close();
});

test.each([
  ['a metadata service', () => 'http://169.254.169.254/latest/meta-data'],
  ['a metadata service in another spelling', () => 'http://0xa9fea9fe/latest/meta-data'],
  ['this server’s admin API', () => `${server.url}/_eddy/clock`],
  ['this server by another name', () => `http://localhost:${new URL(server.url).port}/_eddy/clock`],
  ['the internet without TLS', () => 'http://1.1.1.1/'],
])('%s is never asked, and the event is dead-lettered at once', async (_what, urlOf) => {
  await route('shop', urlOf(), await withDeadLetters());
  await put('shop', { action: 'advance', ms: 1e9 });
  await advance(0);
  const letter = await deadLetter();
  expect(letter).toMatchObject({ ERROR_CODE: 'SDK_CLIENT_ERROR' });
  expect(letter).not.toHaveProperty('RETRY_ATTEMPTS');
});
