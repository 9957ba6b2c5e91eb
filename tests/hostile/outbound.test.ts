// HTTP endpoints and their secrets, against the real program: what was planted as secret must not be found in the store, in what is printed, told
// or explained, whatever an endpoint answers; and requests go only where they may.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpEndpoint } from '../services/events/http-endpoint.ts';
import { type EddyProcess, startEddy, temporaryFolder } from '../system/eddy-process.ts';
import { type Asked, ask, claim, closeConnections, jsonAsk } from './raw-ask.ts';

const PLANTED = [
  'planted-password',
  'planted-key',
  'planted-secret',
  'planted-header',
  'planted-token',
  'planted-body',
];

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  closeConnections();
});

async function start(...args: string[]): Promise<EddyProcess> {
  const server = await startEddy(['--clock', 'frozen', ...args]);
  closers.push(() => server.end('SIGKILL'));
  return server;
}

async function endpointOf(): Promise<HttpEndpoint> {
  const endpoint = await HttpEndpoint.open();
  closers.push(() => endpoint.close());
  return endpoint;
}

function eventsAsk(operation: string, document: object): Asked {
  const headers = {
    'x-amz-target': `AWSEvents.${operation}`,
    'content-type': 'application/x-amz-json-1.1',
    authorization: claim('events'),
  };
  return { headers, body: JSON.stringify(document) };
}

async function must<T = Record<string, unknown>>(server: EddyProcess, operation: string, input: object): Promise<T> {
  const answer = await ask(server.url, eventsAsk(operation, input));
  expect(`${operation} ${answer.status} ${answer.status === 200 ? '' : answer.text}`).toBe(`${operation} 200 `);
  return JSON.parse(answer.text || '{}') as T;
}

async function route(server: EddyProcess, url: string, auth: object = API_KEY): Promise<void> {
  const AuthorizationType = TYPES[Object.keys(auth)[0] ?? ''];
  const connection = { Name: 'c', AuthorizationType, AuthParameters: auth };
  const { ConnectionArn } = await must(server, 'CreateConnection', connection);
  const destination = { Name: 'd', ConnectionArn, InvocationEndpoint: url, HttpMethod: 'POST' };
  const { ApiDestinationArn } = await must(server, 'CreateApiDestination', destination);
  await ask(server.url, jsonAsk('sqs', 'CreateQueue', { QueueName: 'dead' }));
  await must(server, 'PutRule', { Name: 'r', EventPattern: '{"source":["shop"]}' });
  await must(server, 'PutTargets', { Rule: 'r', Targets: [{ ...TARGET, Arn: ApiDestinationArn }] });
}

const TARGET = {
  Id: 't',
  RoleArn: 'arn:aws:iam::000000000000:role/r',
  DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
};
const API_KEY = { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'planted-key' } };
const TYPES: Readonly<Record<string, string>> = {
  BasicAuthParameters: 'BASIC',
  ApiKeyAuthParameters: 'API_KEY',
  OAuthParameters: 'OAUTH_CLIENT_CREDENTIALS',
};

async function put(server: EddyProcess): Promise<string> {
  const Entries = [{ Source: 'shop', DetailType: 'sold', Detail: '{}' }];
  const { Entries: put } = await must<{ Entries: { EventId: string }[] }>(server, 'PutEvents', { Entries });
  await advance(server, 0);
  return put[0]?.EventId ?? '';
}

/** What the dead-letter queue got, as one text. */
async function deadLetter({ url }: EddyProcess): Promise<string> {
  const input = { QueueUrl: `${url}/000000000000/dead`, MessageAttributeNames: ['All'] };
  return (await ask(url, jsonAsk('sqs', 'ReceiveMessage', input))).text;
}

async function advance(server: EddyProcess, ms: number): Promise<void> {
  const body = JSON.stringify({ action: 'advance', ms });
  expect((await ask(server.url, { path: '/_eddy/clock', body })).status).toBe(200);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function expectNoSecret(what: string, content: string | Buffer): void {
  expect(`${what}: ${PLANTED.filter((secret) => content.includes(secret)).join()}`).toBe(`${what}: `);
}

describe('what is secret', () => {
  test('is nowhere but in requests, whatever the endpoint answers, before and after kill -9', async () => {
    const folder = temporaryFolder();
    closers.push(() => folder.remove());
    const store = join(folder.path, 'store');
    const endpoint = await endpointOf();
    // Answers with everything it was told: headers, body, and a place to go that has them, too.
    endpoint.answer = ({ url, headers, body }, response) => {
      if (url.startsWith('/token')) response.end('{"access_token":"planted-token","expires_in":3600}');
      else
        response.writeHead(500, { location: `/${headers.authorization ?? ''}` }).end(JSON.stringify({ headers, body }));
    };
    const server = await start('--data-dir', store, '--log', 'requests');
    let told = '';
    const tail = get(`${server.url}/_eddy/tail`, (response) => {
      response.on('error', () => {});
      response.on('data', (piece) => {
        told += piece;
      });
    }).on('error', () => {});
    closers.push(() => void tail.destroy());
    const parameters = {
      HeaderParameters: [{ Key: 'X-Hidden', Value: 'planted-header', IsValueSecret: true }],
      BodyParameters: [{ Key: 'hidden', Value: 'planted-body', IsValueSecret: true }],
      QueryStringParameters: [{ Key: 'hidden', Value: 'planted-password', IsValueSecret: true }],
    };
    const OAuthParameters = {
      ClientParameters: { ClientID: 'client', ClientSecret: 'planted-secret' },
      AuthorizationEndpoint: `${endpoint.url}/token`,
      HttpMethod: 'POST',
      OAuthHttpParameters: parameters,
    };
    await route(server, `${endpoint.url}/orders`, { OAuthParameters, InvocationHttpParameters: parameters });
    const Password = 'planted-password\u0000';
    const broken = {
      Name: 'x',
      AuthorizationType: 'BASIC',
      AuthParameters: { BasicAuthParameters: { Username: 'u', Password } },
    };
    const refused = await ask(server.url, eventsAsk('CreateConnection', broken));
    expect(refused.code).toBe('ValidationException');
    expectNoSecret('the refusal', refused.text);
    const id = await put(server);
    await advance(server, 10_000);
    expect(endpoint.got.length).toBeGreaterThan(2);
    expect(endpoint.got.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer planted-token',
      'x-hidden': 'planted-header',
    });
    expectNoSecret('explain', (await ask(server.url, { method: 'GET', path: `/_eddy/explain/${id}` })).text);
    for (const operation of ['DescribeConnection', 'ListConnections', 'DescribeApiDestination']) {
      const Name = operation === 'DescribeConnection' ? 'c' : 'd';
      const input = operation === 'ListConnections' ? {} : { Name };
      expectNoSecret(operation, (await ask(server.url, eventsAsk(operation, input))).text);
    }
    expect(told).toContain('attempt 2');
    expectNoSecret('the tail', told);
    expect(server.output()).toContain('events.CreateConnection');
    expectNoSecret('what was printed', server.output());
    await server.end('SIGKILL');
    for (const path of filesBelow(store)) expectNoSecret(path, readFileSync(path));
    const next = await start('--data-dir', store);
    endpoint.got.length = 0;
    await advance(next, 3_600_000);
    expect(endpoint.got.at(-1)?.headers).toMatchObject({ authorization: 'Bearer planted-token' });
    expect(await next.end()).toBe(0);
    for (const path of filesBelow(store)) expectNoSecret(path, readFileSync(path));
    expect(filesBelow(store).length).toBeGreaterThan(2);
  });
});

describe('requests', () => {
  test('of a server that others reach do not go to this machine', async () => {
    const endpoint = await endpointOf();
    const server = await start('--ephemeral', '--host', '0.0.0.0', '--insecure');
    await route(server, endpoint.url);
    await put(server);
    expect(endpoint.got).toEqual([]);
    expect(await deadLetter(server)).toContain('--allow-outbound');
  });

  test('go there when that was spelled out, and still not to the server itself', async () => {
    const endpoint = await endpointOf();
    const server = await start('--ephemeral', '--host', '0.0.0.0', '--insecure', '--allow-outbound', '127.0.0.0/8');
    await route(server, endpoint.url);
    await put(server);
    expect(endpoint.got).toHaveLength(1);
    const InvocationEndpoint = `http://127.0.0.1:${new URL(server.url).port}/_eddy/clock`;
    await must(server, 'UpdateApiDestination', { Name: 'd', InvocationEndpoint });
    await put(server);
    expect(await deadLetter(server)).toContain('this server itself');
  });
});
