import { request as httpRequest } from 'node:http';
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './testing.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  await server.close();
});

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** fetch does not let a test choose the Host header. */
function raw(
  headers: Record<string, string>,
  options: { path?: string; method?: string; body?: string } = {},
): Promise<RawAnswer> {
  const { path = '/', method = 'POST', body = '' } = options;
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const LIST_QUEUES = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };

describe('whose resources', () => {
  test('accounts (12-digit keys) and regions do not see each other', async () => {
    const key = (account: string) => ({ accessKeyId: account, secretAccessKey: 'x' });
    await server.sqs(key('111111111111')).send(new CreateQueueCommand({ QueueName: 'mine' }));
    const own = await server.sqs(key('111111111111')).send(new ListQueuesCommand({}));
    expect(own.QueueUrls).toEqual([`${server.url}/111111111111/mine`]);
    const others = [server.sqs(key('222222222222')), server.sqs(key('111111111111'), 'eu-west-1'), server.sqs()];
    for (const client of others) {
      const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
      expect(QueueUrls).not.toContain(`${server.url}/111111111111/mine`);
    }
  });

  test('URLs begin with the address that the client used', async () => {
    const { port } = new URL(server.url);
    const create = { ...LIST_QUEUES, 'x-amz-target': 'AmazonSQS.CreateQueue', host: `sqs.us-east-1.localhost:${port}` };
    const { body } = await raw(create, { body: '{"QueueName":"named"}' });
    expect(JSON.parse(body)).toEqual({ QueueUrl: `http://sqs.us-east-1.localhost:${port}/000000000000/named` });
  });
});

describe('what is not there', () => {
  test('an operation of the API that Eddy has not is refused by its name, with 501', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await raw(headers, { body: 'Action=CreateSAMLProvider&Version=2010-05-08' });
    expect(status).toBe(501);
    expect(body).toContain('CreateSAMLProvider of IAM is not available in Eddy');
  });

  test('an operation that no API has gets AWS’s error', async () => {
    const { status, body } = await raw({ ...LIST_QUEUES, 'x-amz-target': 'AmazonSQS.MakeCoffee' }, { body: '{}' });
    expect(status).toBe(400);
    expect(body).toContain('UnknownOperationException');
  });

  test('a body that is no JSON changes nothing and gets AWS’s error', async () => {
    const { status, body } = await raw(LIST_QUEUES, { body: '{"QueueNamePrefix": ' });
    expect(status).toBe(400);
    expect(body).toContain('SerializationException');
  });

  test('so does a large one', async () => {
    const { status, body } = await raw(LIST_QUEUES, { body: `{"QueueNamePrefix": "${'x'.repeat(300_000)}` });
    expect(status).toBe(400);
    expect(body).toContain('SerializationException');
  });

  test('every answer names the request, with an id of its own', async () => {
    const ids = await Promise.all([raw(LIST_QUEUES, { body: '{}' }), raw(LIST_QUEUES, { body: '{}' })]);
    const [one, other] = ids.map(({ headers }) => headers['x-amzn-requestid']);
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other).not.toBe(one);
  });
});

describe('pages of foreign sites', () => {
  test('a Host header that is no name of this machine is refused', async () => {
    const { status, body } = await raw({ ...LIST_QUEUES, host: 'evil.example' }, { body: '{}' });
    expect(status).toBe(403);
    expect(body).toContain('--allowed-hosts');
    expect((await raw({ host: 'evil.example' }, { method: 'GET', path: '/_eddy/status' })).status).toBe(403);
  });

  test('a request of another origin is refused, whatever it asks for', async () => {
    const origin = 'https://evil.example';
    expect((await raw({ ...LIST_QUEUES, origin }, { body: '{}' })).status).toBe(403);
    expect((await raw({ origin }, { method: 'GET', path: '/_eddy/status' })).status).toBe(403);
    const preflight = await raw({ origin }, { method: 'OPTIONS' });
    expect(preflight.status).toBe(403);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('an origin that was named may call, and is answered with CORS headers', async () => {
    const open = await startTestServer(['--allowed-origins', 'http://localhost:3000']);
    const headers = { origin: 'http://localhost:3000', 'access-control-request-headers': 'x-amz-target' };
    const preflight = await fetch(open.url, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-amz-target');
    const answer = await fetch(open.url, { method: 'POST', headers: { ...LIST_QUEUES, ...headers }, body: '{}' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    await open.close();
  });
});

describe('behind a proxy', () => {
  const forwarded = { 'x-forwarded-host': 'queues.example', 'x-forwarded-proto': 'https' };
  const create = { ...LIST_QUEUES, 'x-amz-target': 'AmazonSQS.CreateQueue', ...forwarded };

  test('forwarded headers count only when the proxy is trusted', async () => {
    const { body } = await raw(create, { body: '{"QueueName":"proxied"}' });
    expect(JSON.parse(body)).toEqual({ QueueUrl: `${server.url}/000000000000/proxied` });
    const trusting = await startTestServer(['--trust-proxy']);
    const answer = await fetch(trusting.url, { method: 'POST', headers: create, body: '{"QueueName":"proxied"}' });
    expect(await answer.json()).toEqual({ QueueUrl: 'https://queues.example/000000000000/proxied' });
    await trusting.close();
  });
});

test('a client that goes away takes its long poll with it', async () => {
  const client = server.sqs();
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'abandoned' }));
  const controller = new AbortController();
  const headers = { ...LIST_QUEUES, 'x-amz-target': 'AmazonSQS.ReceiveMessage' };
  const body = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 });
  const poll = fetch(server.url, { method: 'POST', headers, body, signal: controller.signal });
  await waitFor(async () => (await statusOf()).waitingPolls === 1);
  controller.abort();
  await expect(poll).rejects.toThrow();
  await waitFor(async () => (await statusOf()).waitingPolls === 0);
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for somebody else' }));
  const { messages } = (await (await fetch(`${server.url}/_eddy/peek?queue=abandoned`)).json()) as {
    messages: { state: string }[];
  };
  expect(messages.map((message) => message.state)).toEqual(['visible']);
});

async function statusOf(): Promise<{ waitingPolls: number }> {
  return (await (await fetch(`${server.url}/_eddy/status`)).json()) as { waitingPolls: number };
}

/** Asks again until it is so; the test's own time limit ends it otherwise. */
async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
