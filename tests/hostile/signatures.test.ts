// A strict server: nobody comes in without a signature that fits the request, for any service, in any protocol, at any path. Requests are signed
// by a signer that is not ours, and then changed.

import aws4 from 'aws4';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EddyProcess, startEddy } from '../system/eddy-process.ts';
import { type Answer, type Asked, ask, closeConnections, jsonAsk, queryAsk, restAsk } from './raw-ask.ts';

const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-root' };
const MINUTE = 60_000;

let server: EddyProcess;
let end: number;

beforeAll(async () => {
  server = await startEddy(['--ephemeral', '--auth', 'strict', '--iam', 'enforce'], {
    EDDY_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
    EDDY_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  });
  await ask(server.url, signed(SERVICES[0]![1]));
});

beforeEach(async () => {
  end = await journalEnd();
});

afterEach(async () => {
  expect(await journalEnd()).toBe(end);
});

afterAll(async () => {
  closeConnections();
  expect(server.output().split('\nReady.\n').at(-1)).toBe('');
  expect(await server.end()).toBe(0);
});

const basic = `Basic ${Buffer.from(`${ROOT.accessKeyId}:${ROOT.secretAccessKey}`).toString('base64')}`;

async function journalEnd(): Promise<number> {
  const { text } = await ask(server.url, { method: 'GET', path: '/_eddy/status', headers: { authorization: basic } });
  return (JSON.parse(text) as { journal: { end: number } }).journal.end;
}

/** One request that would change something, for each service and protocol. */
const SERVICES: readonly (readonly [string, Asked & { readonly service: string }])[] = [
  ['sqs, JSON', { service: 'sqs', ...jsonAsk('sqs', 'CreateQueue', { QueueName: 'q' }) }],
  ['sqs, query', { service: 'sqs', ...queryAsk('sqs', 'CreateQueue', { QueueName: 'r' }) }],
  ['sns', { service: 'sns', ...queryAsk('sns', 'CreateTopic', { Name: 't' }) }],
  ['logs', { service: 'logs', ...jsonAsk('logs', 'CreateLogGroup', { logGroupName: 'g' }) }],
  ['iam', { service: 'iam', ...queryAsk('iam', 'CreateUser', { UserName: 'u' }) }],
  ['sts', { service: 'sts', ...queryAsk('sts', 'GetSessionToken') }],
  [
    'lambda',
    {
      service: 'lambda',
      ...restAsk('PUT', '/2017-10-31/functions/f/concurrency', { ReservedConcurrentExecutions: 1 }),
    },
  ],
];

interface Signing {
  readonly key?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly region?: string;
  readonly service?: string;
  readonly atMs?: number;
  readonly isPresigned?: boolean;
  readonly expires?: string;
}

function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The request as a client with this key sends it. */
function signed(asked: Asked & { readonly service: string }, signing: Signing = {}): Asked {
  const { key = ROOT, region = 'us-east-1', service = asked.service, atMs = Date.now(), isPresigned = false } = signing;
  const { authorization: _, ...headers } = asked.headers ?? {};
  const path = asked.path ?? '/';
  const query = isPresigned ? `?X-Amz-Date=${amzDate(atMs)}&X-Amz-Expires=${signing.expires ?? '300'}` : '';
  const request = {
    ...{ service, region, signQuery: isPresigned, host: new URL(server.url).host, method: asked.method ?? 'POST' },
    path: `${path}${query}`,
    headers: { ...headers, Host: new URL(server.url).host, ...(isPresigned ? {} : { 'X-Amz-Date': amzDate(atMs) }) },
    ...(asked.body === undefined || asked.body === '' ? {} : { body: asked.body }),
  };
  const { path: signedPath = path, headers: sent } = aws4.sign(request, key);
  // Of the body as it is sent in the end.
  const own = Object.entries(sent).filter(([name]) => name !== 'Content-Length');
  const text = own.map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { ...asked, path: signedPath, headers: Object.fromEntries(text) };
}

const withHeaders = (asked: Asked, changed: Readonly<Record<string, string | undefined>>): Asked => {
  const headers = { ...asked.headers, ...changed };
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...asked, headers: Object.fromEntries(kept) };
};

type Replacement = (found: string) => string;

const changed = (asked: Asked, name: string, from: RegExp | string, to: string | Replacement): Asked =>
  withHeaders(asked, { [name]: (asked.headers?.[name] ?? '').replace(from, typeof to === 'string' ? () => to : to) });

const REFUSED =
  /^40[03] (SignatureDoesNotMatch|InvalidSignatureException|InvalidClientTokenId|UnrecognizedClientException|IncompleteSignature\w*|MissingAuthenticationToken\w*|AuthorizationQueryParametersError|AccessDenied\w*|UnknownOperationException|InvalidAction)$/;

async function expectRefused(asked: Asked, name?: string): Promise<void> {
  const answer: Answer = await ask(server.url, asked);
  expect(`${answer.status} ${answer.code}`, name).toMatch(REFUSED);
}

describe.each(SERVICES)('%s', (_, asked) => {
  const tampered: readonly (readonly [string, () => Asked])[] = [
    ['no signature', () => withHeaders(asked, { authorization: undefined })],
    ['a signature of zeros', () => asked],
    ['a wrong secret', () => signed(asked, { key: { ...ROOT, secretAccessKey: 'wrong' } })],
    ['an unknown key', () => signed(asked, { key: { ...ROOT, accessKeyId: 'AKIAUNKNOWNUNKNOWN' } })],
    ['an account as the key', () => signed(asked, { key: { ...ROOT, accessKeyId: '000000000000' } })],
    ['a key called like a property', () => signed(asked, { key: { ...ROOT, accessKeyId: '__proto__' } })],
    ['a session token that was not given out', () => signed(asked, { key: { ...ROOT, sessionToken: 'token' } })],
    ['another body', () => ({ ...signed(asked), body: `${String(asked.body)} ` })],
    [
      'another path',
      () => ({ ...signed(asked), path: `${asked.path ?? '/'}${asked.path === undefined ? 'x' : ''}?x=1` }),
    ],
    ['a date of sixteen minutes ago', () => signed(asked, { atMs: Date.now() - 16 * MINUTE })],
    ['a date in sixteen minutes', () => signed(asked, { atMs: Date.now() + 16 * MINUTE })],
    ['a date that was changed', () => withHeaders(signed(asked), { 'x-amz-date': amzDate(Date.now() + 1_000) })],
    ['no date', () => withHeaders(signed(asked), { 'x-amz-date': undefined })],
    ['a date that is none', () => withHeaders(signed(asked), { 'x-amz-date': 'yesterday' })],
    ['another service', () => signed(asked, { service: 'dynamodb' })],
    ['another region than was signed', () => changed(signed(asked), 'authorization', 'us-east-1', 'eu-west-1')],
    ['another algorithm', () => changed(signed(asked), 'authorization', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512')],
    ['a signature that is shorter', () => changed(signed(asked), 'authorization', /.$/, '')],
    [
      'a signature with one digit changed',
      () => changed(signed(asked), 'authorization', /.$/, (digit) => (digit === '0' ? '1' : '0')),
    ],
    ['no signature in the header', () => changed(signed(asked), 'authorization', /, Signature=.*/, '')],
    ['no signed headers', () => changed(signed(asked), 'authorization', /SignedHeaders=[^,]*,/, '')],
    ['host not signed', () => changed(signed(asked), 'authorization', /host;/, '')],
    ['an x-amz header that was not signed', () => withHeaders(signed(asked), { 'x-amz-extra': '1' })],
    ['another host', () => withHeaders(signed(asked), { host: 'sqs.us-east-1.amazonaws.com' })],
    ['a checksum of another body', () => withHeaders(signed(asked), { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })],
    [
      'header and query at once',
      () => ({ ...signed(asked), path: `${asked.path ?? '/'}?X-Amz-Signature=0&X-Amz-Algorithm=AWS4-HMAC-SHA256` }),
    ],
    ['basic authentication with the root key', () => withHeaders(asked, { authorization: basic })],
    ['a presigned request that has expired', () => presignedTampering({ atMs: Date.now() - 10 * MINUTE })],
    ['a presigned request for longer than a week', () => presignedTampering({ expires: '604801' })],
    ['a presigned request for a negative time', () => presignedTampering({ expires: '-1' })],
    [
      'a presigned request with a wrong secret',
      () => presignedTampering({ key: { ...ROOT, secretAccessKey: 'wrong' } }),
    ],
  ];

  function presignedTampering(signing: Signing): Asked {
    return signed(asked, { ...signing, isPresigned: true });
  }

  test.each(tampered)('is not let in with %s', async (_name, make) => {
    await expectRefused(make());
  });
});

describe('presigned requests', () => {
  const list = (): Asked => {
    const asked = { service: 'sqs', method: 'GET', path: '/?Action=ListQueues&Version=2012-11-05', headers: {} };
    const request = { ...asked, host: new URL(server.url).host, region: 'us-east-1', signQuery: true };
    const path = `${asked.path}&X-Amz-Expires=300`;
    return { method: 'GET', path: aws4.sign({ ...request, path }, ROOT).path ?? '', headers: {} };
  };

  test('work as they were signed, and in no other way', async () => {
    const asked = list();
    expect((await ask(server.url, asked)).status).toBe(200);
    await expectRefused({ ...asked, method: 'POST' });
    await expectRefused({ ...asked, path: asked.path!.replace('ListQueues', 'DeleteQueue') });
    await expectRefused({ ...asked, path: `${asked.path}&QueueNamePrefix=x` });
    await expectRefused({ ...asked, path: asked.path!.replace('X-Amz-Expires=300', 'X-Amz-Expires=30000') });
  });
});

describe('what needs no signature', () => {
  test.each(['/_eddy/live', '/_eddy/ready', '/_eddy/health', '/_localstack/health', '/_eddy/capabilities'])(
    '%s',
    async (path) => {
      expect((await ask(server.url, { method: 'GET', path })).status).toBe(200);
    },
  );

  test('shows nothing of what is stored', async () => {
    for (const path of [
      '/_eddy/status',
      '/_eddy/peek?queue=q',
      '/_eddy/metrics',
      '/_eddy/explain/x',
      '/_eddy/tail',
      '/_eddy/clock',
    ]) {
      expect((await ask(server.url, { method: 'GET', path })).status, path).toBe(401);
      const wrong = `Basic ${Buffer.from(`${ROOT.accessKeyId}:wrong`).toString('base64')}`;
      expect((await ask(server.url, { method: 'GET', path, headers: { authorization: wrong } })).status, path).toBe(
        401,
      );
    }
    expect((await ask(server.url, { path: '/_eddy/clock', body: '{"action":"freeze"}' })).status).toBe(401);
    const alias = { method: 'GET', path: '/_aws/sqs/messages?QueueUrl=q' };
    expect((await ask(server.url, alias)).status).toBe(401);
  });

  test('confirms no subscription with a token that was made up, and ends none that is not there', async () => {
    const arn = 'arn:aws:sns:us-east-1:000000000000:t';
    const confirm = `/?Action=ConfirmSubscription&TopicArn=${arn}&Token=${'0'.repeat(200)}`;
    expect((await ask(server.url, { method: 'GET', path: confirm })).status).toBe(400);
    // The journal did not move, which is asked after each test; AWS answers so whether there is a subscription or not.
    const unsubscribe = `/?Action=Unsubscribe&SubscriptionArn=${arn}:00000000-0000-0000-0000-000000000000`;
    expect((await ask(server.url, { method: 'GET', path: unsubscribe })).status).toBe(200);
  });
});

test('whether a resource exists is not told to those who may not come in', async () => {
  const peek = (name: string) => {
    const asked = jsonAsk('sqs', 'GetQueueUrl', { QueueName: name });
    return ask(server.url, signed({ service: 'sqs', ...asked }, { key: { ...ROOT, secretAccessKey: 'wrong' } }));
  };
  const [existing, missing] = [await peek('q'), await peek('missing')];
  expect([existing.status, existing.code]).toEqual([missing.status, missing.code]);
});
