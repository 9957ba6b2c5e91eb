// Signatures of two independent signers are accepted; about sixty ways to get one wrong are refused, each with AWS's code.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import { describe, expect, test } from 'vitest';
import { nodeDigest } from '../runtime/digest.ts';
import { readCredential } from './credential.ts';
import { type WireRequest, wireHeaders } from './http-message.ts';
import { type KnownKey, SignatureVerifier, takeUnverified } from './sigv4.ts';
import { SigningKeys } from './sigv4-keys.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 38, 0);
const MINUTE = 60_000;
const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TEMPORARY = 'ASIAEXAMPLE';
const TOKEN = 'session/token+with=signs';
const BODY = JSON.stringify({ QueueUrl: 'http://127.0.0.1:4566/000000000000/q', MessageBody: 'grüße' });

class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

const KEYS: Record<string, KnownKey> = {
  [KEY]: { secret: SECRET },
  [TEMPORARY]: { secret: 'temporary-secret', sessionToken: TOKEN, expiresAtMs: NOW + 60 * MINUTE },
  ASIAEXPIRED: { secret: 'temporary-secret', sessionToken: TOKEN, expiresAtMs: NOW - 1 },
};

interface Signing {
  method?: string;
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | undefined;
  region?: string;
  service?: string;
  key?: string;
  secret?: string;
  token?: string;
  signedAtMs?: number;
  expiresIn?: number;
}

function signer(options: Signing): SignatureV4 {
  return new SignatureV4({
    service: options.service ?? 'sqs',
    region: options.region ?? 'us-east-1',
    sha256: Sha256 as never,
    credentials: {
      accessKeyId: options.key ?? KEY,
      secretAccessKey: options.secret ?? SECRET,
      ...(options.token === undefined ? {} : { sessionToken: options.token }),
    },
  });
}

function unsignedRequest(options: Signing) {
  return {
    method: options.method ?? 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 4566,
    path: options.path ?? '/',
    query: options.query ?? {},
    headers: {
      host: '127.0.0.1:4566',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
      ...options.headers,
    },
    body: 'body' in options ? options.body : BODY,
  };
}

function toWire(
  request: { method: string; path: string; headers: Record<string, string>; body?: unknown },
  query: string,
): WireRequest {
  const body = Buffer.from((request.body as string | undefined) ?? '');
  return {
    method: request.method,
    path: request.path,
    query,
    headers: wireHeaders(Object.entries(request.headers)),
    body,
  };
}

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function queryText(query: Record<string, unknown>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
    .join('&');
}

async function signed(options: Signing = {}): Promise<WireRequest> {
  const request = await signer(options).sign(unsignedRequest(options), {
    signingDate: new Date(options.signedAtMs ?? NOW),
  });
  return toWire(request as never, queryText(request.query ?? {}));
}

async function presigned(options: Signing = {}): Promise<WireRequest> {
  const request = {
    ...unsignedRequest({ method: 'GET', body: undefined, ...options }),
    headers: { host: '127.0.0.1:4566' },
  };
  const result = await signer(options).presign(request, {
    signingDate: new Date(options.signedAtMs ?? NOW),
    expiresIn: options.expiresIn ?? 300,
  });
  return toWire(result as never, queryText(result.query ?? {}));
}

const verifier = new SignatureVerifier(nodeDigest);

function verify(request: WireRequest, options: { nowMs?: number; signingName?: string } = {}) {
  return verifier.verify(request, readCredential(request), {
    nowMs: NOW,
    signingName: 'sqs',
    keyOf: (id) => (Object.hasOwn(KEYS, id) ? KEYS[id] : undefined),
    ...options,
  });
}

function codeOf(request: WireRequest, options?: { nowMs?: number; signingName?: string }): string {
  const verdict = verify(request, options);
  return verdict.kind === 'refused' ? verdict.refused.code : verdict.kind;
}

function messageOf(request: WireRequest, options?: { nowMs?: number; signingName?: string }): string {
  const verdict = verify(request, options);
  return verdict.kind === 'refused' ? verdict.refused.message : verdict.kind;
}

/** The request with some headers exchanged; undefined removes one. */
function withHeaders(request: WireRequest, changes: Record<string, string | undefined>): WireRequest {
  const headers = { ...request.headers, ...changes };
  const kept = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...request, headers: wireHeaders(kept) };
}

function withAuthorization(request: WireRequest, change: (header: string) => string): WireRequest {
  return withHeaders(request, { authorization: change(request.headers['authorization'] ?? '') });
}

describe('signatures that are right', () => {
  test.each<[string, Signing]>([
    ['a JSON request', {}],
    ['an empty body', { body: '' }],
    [
      'a path with encoded characters',
      { path: '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Ax/invocations' },
    ],
    ['a path with a trailing slash', { path: '/2015-03-31/functions/' }],
    ['a path with a tilde, a space and unicode', { path: '/a~b/%20c/%C3%BC' }],
    ['query parameters in any order', { query: { b: '2', a: '1', 'a-b': 'x y', c: '', d: 'ü*~+/' } }],
    ['a header with many spaces', { headers: { 'x-amz-meta': '  a   b  c ' } }],
    ['another region', { region: 'eu-central-1' }],
    ['temporary credentials', { key: TEMPORARY, secret: 'temporary-secret', token: TOKEN }],
    ['14 minutes ago', { signedAtMs: NOW - 14 * MINUTE }],
    ['14 minutes ahead', { signedAtMs: NOW + 14 * MINUTE }],
  ])('a header signature of the SDK is accepted: %s', async (_, options) => {
    expect(verify(await signed(options))).toMatchObject({
      kind: 'verified',
      key: { secret: options.secret ?? SECRET },
    });
  });

  test.each<[string, Signing]>([
    ['a plain GET', {}],
    ['with parameters', { query: { Action: 'GetCallerIdentity', Version: '2011-06-15' } }],
    ['temporary credentials', { key: TEMPORARY, secret: 'temporary-secret', token: TOKEN }],
    ['valid for a week, used after six days', { signedAtMs: NOW - 6 * 24 * 60 * MINUTE, expiresIn: 604_800 }],
  ])('a presigned request of the SDK is accepted: %s', async (_, options) => {
    expect(verify(await presigned(options))).toMatchObject({ kind: 'verified' });
  });

  test.each([
    ['POST', '/', 'Action=ListQueues&Version=2012-11-05'],
    ['GET', '/?Action=ListQueues&Version=2012-11-05&QueueNamePrefix=a%20b', ''],
    ['POST', '/2015-03-31/functions/f/invocations?Qualifier=%24LATEST', '{}'],
  ])('a header signature of aws4 is accepted: %s %s', (method, path, body) => {
    const date = new Date(NOW).toUTCString();
    const request = aws4.sign(
      { service: 'sqs', region: 'us-east-1', host: 'localhost:4566', method, path, body, headers: { Date: date } },
      { accessKeyId: KEY, secretAccessKey: SECRET },
    );
    const [pathOnly = '/', query = ''] = (request.path ?? path).split('?');
    const headers = wireHeaders(
      Object.entries(request.headers as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
    );
    const wire = { method, path: pathOnly, query, headers, body: Buffer.from(body) };
    expect(verify(wire)).toMatchObject({ kind: 'verified' });
  });

  test('the verdict says who signed what and when', async () => {
    expect(verify(await signed({ region: 'eu-west-1' }))).toMatchObject({
      kind: 'verified',
      signedAtMs: NOW,
      credential: { accessKeyId: KEY, region: 'eu-west-1', service: 'sqs', date: '20261123', place: 'header' },
    });
  });

  test('the same request is accepted again inside the window and refused after it, as at AWS', async () => {
    const request = await signed();
    expect(codeOf(request, { nowMs: NOW + MINUTE })).toBe('verified');
    expect(codeOf(request, { nowMs: NOW + 14 * MINUTE })).toBe('verified');
    expect(codeOf(request, { nowMs: NOW + 16 * MINUTE })).toBe('SignatureDoesNotMatch');
  });

  test('the body that was signed is the body as it was sent, before gzip was undone', async () => {
    const request = await signed({ body: 'compressed' });
    expect(codeOf({ ...request, body: Buffer.from('plain'), signedBody: request.body })).toBe('verified');
    expect(codeOf({ ...request, body: Buffer.from('plain') })).toBe('SignatureDoesNotMatch');
  });

  test('HTTP/2 clients sign the host as :authority, and it must be the one that arrived', async () => {
    const { headers, ...rest } = unsignedRequest({});
    const { host, ...others } = headers;
    const asked = { ...rest, headers: { ...others, ':authority': host } };
    const sent = await signer({}).sign(asked, { signingDate: new Date(NOW) });
    const { ':authority': authority, ...named } = sent.headers;
    const arrived = toWire({ ...sent, headers: { ...named, host: authority ?? '' } } as never, '');
    expect(arrived.headers['authorization']).toContain('SignedHeaders=:authority;');
    expect(codeOf(arrived)).toBe('verified');
    expect(codeOf(withHeaders(arrived, { host: 'elsewhere:4566' }))).toBe('SignatureDoesNotMatch');
  });

  test('spaces and order of the Authorization header do not matter', async () => {
    const request = withAuthorization(await signed(), (header) => {
      const [algorithm, ...parts] = header.split(/,? /);
      return `${algorithm}  ${parts.reverse().join(' ,  ')}`;
    });
    expect(codeOf(request)).toBe('verified');
  });
});

describe('what was changed on the way is refused', () => {
  type Change = (request: WireRequest) => WireRequest;
  const MISMATCH = 'SignatureDoesNotMatch';
  test.each<[string, Change]>([
    ['method', (request) => ({ ...request, method: 'PUT' })],
    ['path', (request) => ({ ...request, path: '/other' })],
    ['path, encoded twice', (request) => ({ ...request, path: '/%252f' })],
    ['query added', (request) => ({ ...request, query: 'Action=DeleteQueue' })],
    ['query that cannot be decoded', (request) => ({ ...request, query: 'a=%ZZ' })],
    ['body', (request) => ({ ...request, body: Buffer.from(BODY.replace('q', 'p')) })],
    ['body emptied', (request) => ({ ...request, body: Buffer.from('') })],
    [
      'body with a line break added',
      (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from('\n')]) }),
    ],
    ['target', (request) => withHeaders(request, { 'x-amz-target': 'AmazonSQS.DeleteQueue' })],
    ['content type', (request) => withHeaders(request, { 'content-type': 'application/x-amz-json-1.1' })],
    ['host', (request) => withHeaders(request, { host: 'evil.example' })],
    ['a signed header removed', (request) => withHeaders(request, { 'x-amz-target': undefined })],
    ['date', (request) => withHeaders(request, { 'x-amz-date': '20261123T063900Z' })],
    ['declared hash', (request) => withHeaders(request, { 'x-amz-content-sha256': 'a'.repeat(64) })],
    [
      'declared hash made UNSIGNED-PAYLOAD',
      (request) => withHeaders(request, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
    ],
    [
      'declared hash made STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      (request) => withHeaders(request, { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }),
    ],
    ['an unsigned x-amz header added', (request) => withHeaders(request, { 'x-amz-security-token': 'x' })],
    ['an unsigned x-amz header without meaning added', (request) => withHeaders(request, { 'x-amz-anything': 'x' })],
    [
      'signature, one digit',
      (request) => withAuthorization(request, (text) => text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
    ],
    [
      'signature in capitals',
      (request) => withAuthorization(request, (text) => text.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase())),
    ],
    ['signature cut', (request) => withAuthorization(request, (text) => text.slice(0, -1))],
    ['signature lengthened', (request) => withAuthorization(request, (text) => `${text}0`)],
    ['region of the scope', (request) => withAuthorization(request, (text) => text.replace('us-east-1', 'eu-west-1'))],
    ['region that is none', (request) => withAuthorization(request, (text) => text.replace('us-east-1', 'US EAST'))],
    ['service of the scope', (request) => withAuthorization(request, (text) => text.replace('/sqs/', '/sns/'))],
    ['date of the scope', (request) => withAuthorization(request, (text) => text.replace('/20261123/', '/20261122/'))],
    ['terminator', (request) => withAuthorization(request, (text) => text.replace('aws4_request', 'aws5_request'))],
    ['host no longer signed', (request) => withAuthorization(request, (text) => text.replace('host;', ''))],
    ['target no longer signed', (request) => withAuthorization(request, (text) => text.replace(';x-amz-target', ''))],
    ['date no longer signed', (request) => withAuthorization(request, (text) => text.replace(';x-amz-date', ''))],
    [
      'a header named that is not there',
      (request) => withAuthorization(request, (text) => text.replace('host;', 'host;if-match;')),
    ],
    [
      'order of signed headers',
      (request) => withAuthorization(request, (text) => text.replace('content-type;host', 'host;content-type')),
    ],
    ['two Authorization headers', (request) => ({ ...request, repeatedHeaders: ['authorization'] })],
    ['two Host headers', (request) => ({ ...request, repeatedHeaders: ['host'] })],
    ['two date headers', (request) => ({ ...request, repeatedHeaders: ['x-amz-date'] })],
    ['two target headers', (request) => ({ ...request, repeatedHeaders: ['x-amz-target'] })],
    ['header and presigned query at once', (request) => ({ ...request, query: 'X-Amz-Signature=0' })],
    ['header and algorithm in the query', (request) => ({ ...request, query: 'a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256' })],
  ])('%s', async (_, change) => {
    expect(codeOf(change(await signed()))).toBe(MISMATCH);
  });

  test.each<[string, (query: string) => string]>([
    ['a parameter added', (query) => `${query}&Action=DeleteQueue`],
    ['a parameter changed', (query) => query.replace('Action=ListQueues', 'Action=DeleteQueue')],
    ['a parameter removed', (query) => query.replace('Action=ListQueues&', '')],
    ['the expiry lengthened', (query) => query.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000')],
    [
      'the signature',
      (query) =>
        query.replace(/X-Amz-Signature=./, (text) => (text.endsWith('0') ? 'X-Amz-Signature=1' : 'X-Amz-Signature=0')),
    ],
    ['the host no longer signed', (query) => query.replace('SignedHeaders=host', 'SignedHeaders=x')],
  ])('presigned: %s', async (_, change) => {
    const request = await presigned({ query: { Action: 'ListQueues' } });
    expect(codeOf({ ...request, query: change(request.query) })).toBe(MISMATCH);
  });

  test('a presigned GET does not let a POST or a body in', async () => {
    const request = await presigned({ query: { Action: 'ListQueues' } });
    expect(codeOf({ ...request, method: 'POST' })).toBe(MISMATCH);
    expect(codeOf({ ...request, body: Buffer.from('Action=DeleteQueue') })).toBe(MISMATCH);
  });

  test('a presigned request cannot be steered by an added x-amz header', async () => {
    const request = await presigned({ query: { Action: 'ListQueues' } });
    expect(codeOf(withHeaders(request, { 'x-amz-target': 'AmazonSQS.DeleteQueue' }))).toBe(MISMATCH);
  });
});

describe('what is missing or unreadable is refused', () => {
  const INCOMPLETE = 'IncompleteSignature';
  test.each<[string, (request: WireRequest) => WireRequest, string]>([
    ['nothing signed', (request) => withHeaders(request, { authorization: undefined }), 'MissingAuthenticationToken'],
    ['an empty Authorization header', (request) => withHeaders(request, { authorization: '' }), INCOMPLETE],
    ['Basic', (request) => withHeaders(request, { authorization: 'Basic dGVzdDp0ZXN0' }), INCOMPLETE],
    [
      'SigV2',
      (request) => withHeaders(request, { authorization: `AWS ${KEY}:frJIUN8DYpKDtOLCwo//yllqDzg=` }),
      INCOMPLETE,
    ],
    [
      'SigV4A',
      (request) => withAuthorization(request, (text) => text.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')),
      INCOMPLETE,
    ],
    ['another digest', (request) => withAuthorization(request, (text) => text.replace('SHA256', 'SHA1')), INCOMPLETE],
    [
      'no Credential',
      (request) => withAuthorization(request, (text) => text.replace(/Credential=[^,]+, /, '')),
      INCOMPLETE,
    ],
    ['no Signature', (request) => withAuthorization(request, (text) => text.replace(/, Signature=.*/, '')), INCOMPLETE],
    [
      'no SignedHeaders',
      (request) => withAuthorization(request, (text) => text.replace(/SignedHeaders=[^,]+, /, '')),
      INCOMPLETE,
    ],
    [
      'two Signatures',
      (request) => withAuthorization(request, (text) => `${text}, Signature=${'0'.repeat(64)}`),
      INCOMPLETE,
    ],
    [
      'a scope of four parts',
      (request) => withAuthorization(request, (text) => text.replace('/us-east-1', '')),
      INCOMPLETE,
    ],
    [
      'a scope of six parts',
      (request) => withAuthorization(request, (text) => text.replace(`${KEY}/`, `${KEY}/x/`)),
      INCOMPLETE,
    ],
    ['an empty key id', (request) => withAuthorization(request, (text) => text.replace(KEY, '')), INCOMPLETE],
    ['no date', (request) => withHeaders(request, { 'x-amz-date': undefined }), INCOMPLETE],
    ['a date that is none', (request) => withHeaders(request, { 'x-amz-date': 'yesterday' }), INCOMPLETE],
    ['a day that does not exist', (request) => withHeaders(request, { 'x-amz-date': '20261131T000000Z' }), INCOMPLETE],
    [
      'an Authorization header of 9 KiB',
      (request) => withAuthorization(request, (text) => text.padEnd(9 * 1024, ' ')),
      INCOMPLETE,
    ],
    [
      'an unknown key',
      (request) => withAuthorization(request, (text) => text.replace(KEY, 'AKIDUNKNOWN')),
      'InvalidClientTokenId',
    ],
    [
      'a key that is a name of Object',
      (request) => withAuthorization(request, (text) => text.replace(KEY, '__proto__')),
      'InvalidClientTokenId',
    ],
  ])('%s', async (_, change, code) => {
    expect(codeOf(change(await signed()))).toBe(code);
  });

  test.each<[string, Signing, string]>([
    ['a wrong secret', { secret: 'wrong' }, 'SignatureDoesNotMatch'],
    ['a secret of another key', { key: TEMPORARY, token: TOKEN }, 'SignatureDoesNotMatch'],
    ['temporary credentials without the token', { key: TEMPORARY, secret: 'temporary-secret' }, 'InvalidClientTokenId'],
    [
      'temporary credentials with another token',
      { key: TEMPORARY, secret: 'temporary-secret', token: 'x' },
      'InvalidClientTokenId',
    ],
    [
      'temporary credentials that ended',
      { key: 'ASIAEXPIRED', secret: 'temporary-secret', token: TOKEN },
      'ExpiredToken',
    ],
    ['a token with a key that has none', { token: TOKEN }, 'InvalidClientTokenId'],
    ['16 minutes ago', { signedAtMs: NOW - 16 * MINUTE }, 'SignatureDoesNotMatch'],
    ['16 minutes ahead', { signedAtMs: NOW + 16 * MINUTE }, 'SignatureDoesNotMatch'],
    ['another service', { service: 'sns' }, 'SignatureDoesNotMatch'],
  ])('%s', async (_, options, code) => {
    expect(codeOf(await signed(options))).toBe(code);
  });

  test.each<[string, Signing, (query: string) => string, string]>([
    ['presigned: expired', { signedAtMs: NOW - 6 * MINUTE }, (query) => query, 'SignatureDoesNotMatch'],
    ['presigned: not yet', { signedAtMs: NOW + 16 * MINUTE }, (query) => query, 'SignatureDoesNotMatch'],
    [
      'presigned: more than a week',
      {},
      (query) => query.replace('Expires=300', 'Expires=604801'),
      'AuthorizationQueryParametersError',
    ],
    [
      'presigned: negative',
      {},
      (query) => query.replace('Expires=300', 'Expires=-1'),
      'AuthorizationQueryParametersError',
    ],
    [
      'presigned: no number',
      {},
      (query) => query.replace('Expires=300', 'Expires=soon'),
      'AuthorizationQueryParametersError',
    ],
    ['presigned: no date', {}, (query) => query.replace(/&?X-Amz-Date=[^&]+/, ''), 'IncompleteSignature'],
    ['presigned: no credential', {}, (query) => query.replace(/&?X-Amz-Credential=[^&]+/, ''), 'IncompleteSignature'],
    ['presigned: no signature', {}, (query) => query.replace(/&?X-Amz-Signature=[^&]+/, ''), 'IncompleteSignature'],
    ['presigned: SigV4A', {}, (query) => query.replace('AWS4-HMAC', 'AWS4-ECDSA-P256'), 'IncompleteSignature'],
    ['presigned: no algorithm', {}, (query) => query.replace(/&?X-Amz-Algorithm=[^&]+/, ''), 'IncompleteSignature'],
    [
      'presigned: token missing',
      { key: TEMPORARY, secret: 'temporary-secret' },
      (query) => query,
      'InvalidClientTokenId',
    ],
  ])('%s', async (_, options, change, code) => {
    const request = await presigned(options);
    expect(codeOf({ ...request, query: change(request.query) })).toBe(code);
  });
});

describe('texts', () => {
  test('a mismatch tells the canonical request and the string to sign', async () => {
    const request = await signed({ secret: 'wrong', headers: { 'x-amz-user-agent': 'x' } });
    expect(messageOf(request)).toBe(
      `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.

The Canonical String for this request should have been
'POST
/

content-type:application/x-amz-json-1.0
host:127.0.0.1:4566
x-amz-content-sha256:${nodeDigest.sha256Hex(BODY)}
x-amz-date:20261123T063800Z
x-amz-target:AmazonSQS.SendMessage
x-amz-user-agent:x

content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent
${nodeDigest.sha256Hex(BODY)}'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
20261123T063800Z
20261123/us-east-1/sqs/aws4_request
${/[0-9a-f]{64}(?='\n$)/.exec(messageOf(request))?.[0]}'
`,
    );
  });

  test('a wrong scope is told whole, as AWS does', async () => {
    const request = withAuthorization(await signed(), (text) =>
      text.replace('/20261123/us-east-1/sqs/aws4_request', '/b/C/d/e'),
    );
    expect(messageOf(request)).toBe(
      "Credential should be scoped to a valid region, not 'C'. Credential should be scoped to correct service: 'sqs'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20261123', from '20261123T063800Z'.",
    );
  });

  test('an expired signature tells both times', async () => {
    const request = await signed({ signedAtMs: NOW - 20 * MINUTE });
    expect(messageOf(request)).toBe(
      'Signature expired: 20261123T061800Z is now earlier than 20261123T062300Z (20261123T063800Z - 15 min.)',
    );
  });

  test('missing parts are listed', async () => {
    const request = withHeaders(await signed(), { authorization: 'AWS4-HMAC-SHA256 x', 'x-amz-date': undefined });
    expect(messageOf(request)).toBe(
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 x",
    );
  });
});

test('signing keys are kept for a bounded number of scopes, and never under another secret', () => {
  const keys = new SigningKeys(nodeDigest);
  const scope = { date: '20261123', region: 'us-east-1', service: 'sqs' };
  const first = keys.key('A', 'one', scope);
  expect(keys.key('A', 'one', scope)).toBe(first);
  expect(keys.key('A', 'two', scope)).not.toEqual(first);
  for (let i = 0; i < 3_000; i += 1) keys.key('A', 'one', { ...scope, region: `r${i}` });
  expect(keys.size).toBe(1_000);
});

test('without checks, what a request claims is taken as it is', async () => {
  const request = await signed({ secret: 'whatever', key: '123456789012', region: 'eu-west-3' });
  expect(takeUnverified(readCredential(request))).toMatchObject({
    reason: 'signatures are not checked',
    credential: { accessKeyId: '123456789012', region: 'eu-west-3', service: 'sqs' },
  });
  expect(takeUnverified(readCredential(withHeaders(request, { authorization: undefined })))).toMatchObject({
    reason: 'not signed',
  });
  expect(takeUnverified(readCredential(withHeaders(request, { authorization: 'x' })))).toMatchObject({
    reason: 'incomplete signature',
  });
});
