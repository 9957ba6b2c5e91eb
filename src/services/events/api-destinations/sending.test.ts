// How events get to an API destination: against a scripted endpoint, in virtual time.

import { describe, expect, test } from 'vitest';
import { utf8Decode } from '#base/bytes.ts';
import type { HttpOutcome } from '#cell/http-request.ts';
import type { TestCell } from '#cell/testing.ts';
import {
  API_KEY,
  answers,
  BASIC,
  ENDPOINT,
  endpointsCell,
  failed,
  header,
  OAUTH,
  type Pushed,
  ScriptedHttp,
  setUp,
  status,
  TOKEN_ENDPOINT,
} from './testing.ts';

const push = (cell: TestCell, targetArn: string, more: Omit<Pushed, 'targetArn'> = {}) =>
  cell.call('pusher', 'HandOver', { targetArn, ...more });

/** The last facts about the delivery: how it ended, or when it is tried again. */
function fates(cell: TestCell): { name: string; code?: string; detail?: string; outcome?: string; dueAtMs?: number }[] {
  return cell
    .takeFacts()
    .filter(({ name }) => /^Delivery(Ended|RetryPlanned|FailedAtOnce)$/.test(name))
    .map(({ name, fact }) => ({ name, ...(fact as object) }));
}

const stateOf = async (cell: TestCell) =>
  (await cell.call<{ ConnectionState: string }>('events', 'DescribeConnection', { Name: 'c' })).ConnectionState;

const tokens = (...list: readonly string[]) => {
  const left = [...list];
  return (): HttpOutcome => {
    const access_token = left.length > 1 ? left.shift() : left[0];
    return status(200, {}, JSON.stringify({ access_token, token_type: 'bearer', expires_in: 3600 }));
  };
};

describe('a request', () => {
  test('has AWS’s headers, the authorization and the event as its body', async () => {
    const { test: cell, http } = await endpointsCell();
    await push(cell, await setUp(cell));
    expect(http.sent).toHaveLength(1);
    expect(http.sent[0]).toMatchObject({ method: 'POST', url: ENDPOINT, body: '{"order":1}', timeoutMs: 5_000 });
    expect(Object.fromEntries(http.sent[0]!.headers)).toEqual({
      'User-Agent': 'Amazon/EventBridge/ApiDestinations',
      Range: 'bytes=0-1048575',
      'Accept-Encoding': 'gzip,deflate',
      Connection: 'close',
      'Content-Type': 'application/json; charset=utf-8',
      'X-Key': 'planted-key',
    });
    expect(fates(cell)).toMatchObject([{ name: 'DeliveryEnded', outcome: 'succeeded' }]);
  });

  test('with basic authorization', async () => {
    const { test: cell, http } = await endpointsCell();
    const auth = { BasicAuthParameters: { Username: 'ännä', Password: 'p w' } };
    await push(cell, await setUp(cell, auth));
    expect(header(http.sent[0]!, 'authorization')).toBe(`Basic ${Buffer.from('ännä:p w').toString('base64')}`);
  });

  test('gets headers, query and body of the connection, which stand above the target’s', async () => {
    const { test: cell, http } = await endpointsCell();
    const invocation = {
      HeaderParameters: [
        { Key: 'X-Both', Value: 'connection', IsValueSecret: false },
        { Key: 'x-key', Value: 'not the key' },
      ],
      QueryStringParameters: [{ Key: 'both', Value: 'c & d', IsValueSecret: true }],
      BodyParameters: [
        { Key: 'order', Value: 'changed' },
        { Key: 'site', Value: 'Ö' },
      ],
    };
    const arn = await setUp(
      cell,
      { ...API_KEY, InvocationHttpParameters: invocation },
      { InvocationEndpoint: `${ENDPOINT}?own=1&both=0` },
    );
    const http_ = {
      headerParameters: { 'x-both': 'target', 'X-Target': 't' },
      queryStringParameters: { both: 'x', q: '/' },
    };
    await push(cell, arn, { text: '{"order":1,"n":12345678901234567890}', parameters: { http: http_ } });
    const [sent] = http.sent;
    expect(header(sent!, 'x-both')).toBe('connection');
    expect(header(sent!, 'x-target')).toBe('t');
    expect(header(sent!, 'x-key')).toBe('planted-key');
    expect(sent?.url).toBe(`${ENDPOINT}?own=1&both=c%20%26%20d&q=%2F`);
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ order: 'changed', site: 'Ö' });
  });

  test('body parameters are added behind a text that is otherwise left as it is', async () => {
    const { test: cell, http } = await endpointsCell();
    const BodyParameters = [{ Key: 'site', Value: 'north' }];
    const arn = await setUp(cell, { ...API_KEY, InvocationHttpParameters: { BodyParameters } });
    await push(cell, arn, { text: '{ "big": 12345678901234567890 } ' });
    await push(cell, arn, { text: '{}' });
    expect(http.sent.map(({ body }) => body)).toEqual([
      '{ "big": 12345678901234567890,"site":"north"}',
      '{"site":"north"}',
    ]);
    await push(cell, arn, { text: '"a text"' });
    expect(http.sent).toHaveLength(2);
    expect(fates(cell).at(-1)).toMatchObject({ outcome: 'dropped', code: 'INVALID_PARAMETER' });
  });

  test('fills the wildcards of the path in order, with values that stay in their place', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { InvocationEndpoint: 'https://api.example.com/a/*/b/*?c=*' });
    await push(cell, arn, { parameters: { http: { pathParameterValues: ['1/2', '../x?y#z'] } } });
    await push(cell, arn, { parameters: { http: { pathParameterValues: ['1'] } } });
    expect(http.sent.map(({ url }) => url)).toEqual([
      'https://api.example.com/a/1%2F2/b/..%2Fx%3Fy%23z?c=*',
      'https://api.example.com/a/1/b/*?c=*',
    ]);
    for (const value of ['..', '.'])
      await push(cell, arn, { parameters: { http: { pathParameterValues: ['1', value] } } });
    expect(http.sent).toHaveLength(2);
    expect(fates(cell).slice(2)).toMatchObject([{ code: 'INVALID_PARAMETER' }, { code: 'INVALID_PARAMETER' }]);
  });

  test('headers that are EventBridge’s own, or would change what HTTP means, are not taken from parameters', async () => {
    const { test: cell, http } = await endpointsCell();
    const names = ['Host', 'User-Agent', 'range', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Expect', 'Via'];
    const HeaderParameters = names.map((Key) => ({ Key, Value: 'planted' }));
    const arn = await setUp(cell, { ...API_KEY, InvocationHttpParameters: { HeaderParameters } });
    const headerParameters = { Upgrade: 'planted', TE: 'planted', 'Content-Type': 'text/plain' };
    await push(cell, arn, { parameters: { http: { headerParameters } } });
    expect(http.sent[0]?.headers.filter(([, value]) => value === 'planted')).toEqual([]);
    expect(header(http.sent[0]!, 'content-type')).toBe('text/plain');
    expect(header(http.sent[0]!, 'range')).toBe('bytes=0-1048575');
  });
});

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('%d: delivered', async (code) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(code);
    await push(cell, await setUp(cell));
    expect(fates(cell)).toMatchObject([{ outcome: 'succeeded' }]);
  });

  test.each([301, 302, 304, 400, 403, 404, 405, 410, 413, 422])('%d: not tried again', async (code) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(code, { 'retry-after': '1' });
    await push(cell, await setUp(cell));
    await cell.advance(3_600_000);
    expect(http.sent).toHaveLength(1);
    const detail = `Unable to invoke ApiDestination endpoint: API destination returned HTTP status ${code}.`;
    expect(fates(cell)).toMatchObject([{ outcome: 'dropped', code: 'ERROR_FROM_TARGET', detail }]);
  });

  test.each([409, 429, 500, 502, 503, 504])('%d: tried again by the policy until it is at its end', async (code) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(code);
    await push(cell, await setUp(cell));
    const [first] = http.sent;
    await cell.advance(3_600_000);
    expect(http.sent.map(({ atMs }) => atMs - first!.atMs)).toEqual([0, 1_000, 3_000, 5_000]);
    expect(fates(cell).at(-1)).toMatchObject({ name: 'DeliveryEnded', outcome: 'dropped', code: 'ERROR_FROM_TARGET' });
  });

  test.each(['timeout', 'connection', 'tls', 'answer'] as const)('%s: tried again', async (kind) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => (http.sent.length < 2 ? failed(kind) : status(200));
    await push(cell, await setUp(cell));
    await cell.advance(1_000);
    expect(http.sent).toHaveLength(2);
    expect(fates(cell)).toMatchObject([{ name: 'DeliveryRetryPlanned' }, { outcome: 'succeeded' }]);
  });

  test.each(['address-not-allowed', 'name-not-found', 'request'] as const)('%s: not tried again', async (kind) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => failed(kind);
    await push(cell, await setUp(cell));
    await cell.advance(3_600_000);
    expect(http.sent).toHaveLength(1);
    expect(fates(cell)).toMatchObject([{ outcome: 'dropped', code: 'SDK_CLIENT_ERROR' }]);
  });

  test.each([
    ['seconds longer than the policy', '60', 60_000],
    ['seconds shorter than the policy', '0', 1_000],
    ['a date', 'Thu, 15 Jan 2026 12:05:00 GMT', 300_000],
    ['a date that has passed', 'Thu, 15 Jan 2026 11:00:00 GMT', 1_000],
    ['nonsense', 'soon', 1_000],
  ])('Retry-After with %s', async (_what, value, waitMs) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => (http.sent.length < 2 ? status(429, { 'retry-after': value }) : status(200));
    await push(cell, await setUp(cell));
    await cell.advance(waitMs - 1);
    expect(http.sent).toHaveLength(1);
    await cell.advance(1);
    expect(http.sent).toHaveLength(2);
  });

  test('a negative Retry-After ends the attempts', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(503, { 'retry-after': '-1' });
    await push(cell, await setUp(cell));
    await cell.advance(3_600_000);
    expect(http.sent).toHaveLength(1);
  });
});

describe('credentials that are refused', () => {
  test.each([401, 407])('%d takes the authorization away; new credentials give it back', async (code) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = (request) => (header(request, 'authorization') === undefined ? status(200) : status(code));
    const arn = await setUp(cell, BASIC);
    await push(cell, arn);
    expect(await stateOf(cell)).toBe('DEAUTHORIZED');
    await cell.advance(1_000);
    expect(http.sent).toHaveLength(1);
    await cell.call('events', 'UpdateConnection', { Name: 'c', AuthorizationType: 'API_KEY', AuthParameters: API_KEY });
    expect(await stateOf(cell)).toBe('AUTHORIZED');
    await cell.advance(2_000);
    expect(http.sent).toHaveLength(2);
    expect(fates(cell).at(-1)).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('OAuth', () => {
  test('a token is got once, with the client’s credentials, and used for every request', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = ({ url }) => (url === TOKEN_ENDPOINT ? tokens('t1')() : status(200));
    const arn = await setUp(cell, OAUTH);
    await push(cell, arn);
    await push(cell, arn);
    expect(http.tokenRequests).toHaveLength(1);
    expect(http.tokenRequests[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=client&client_secret=planted-secret',
    });
    expect(header(http.tokenRequests[0]!, 'content-type')).toBe('application/x-www-form-urlencoded');
    expect(http.invocations.map((sent) => header(sent, 'authorization'))).toEqual(['Bearer t1', 'Bearer t1']);
  });

  test.each(['GET', 'PUT'])('its own parameters go with the request for the token, by %s', async (HttpMethod) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = tokens('t1');
    const OAuthHttpParameters = {
      HeaderParameters: [{ Key: 'X-Tenant', Value: 'a' }],
      QueryStringParameters: [{ Key: 'q', Value: '1' }],
      BodyParameters: [{ Key: 'grant_type', Value: 'password' }],
    };
    await setUp(cell, { OAuthParameters: { ...OAUTH.OAuthParameters, HttpMethod, OAuthHttpParameters } });
    const form = 'client_id=client&client_secret=planted-secret&grant_type=password';
    const [sent] = http.sent;
    expect(header(sent!, 'x-tenant')).toBe('a');
    expect([sent?.url, sent?.body]).toEqual(
      HttpMethod === 'GET' ? [`${TOKEN_ENDPOINT}?q=1&${form}`, undefined] : [`${TOKEN_ENDPOINT}?q=1`, form],
    );
  });

  test('a refused token is replaced once, and the request sent again in the same attempt', async () => {
    const { test: cell, http } = await endpointsCell();
    const token = tokens('old', 'new');
    http.answer = (sent) => {
      if (sent.url === TOKEN_ENDPOINT) return token();
      return header(sent, 'authorization') === 'Bearer new' ? status(200) : status(401);
    };
    await push(cell, await setUp(cell, OAUTH));
    expect(http.invocations.map((sent) => header(sent, 'authorization'))).toEqual(['Bearer old', 'Bearer new']);
    expect(fates(cell)).toMatchObject([{ outcome: 'succeeded' }]);
    expect(await stateOf(cell)).toBe('AUTHORIZED');
  });

  test('an endpoint that refuses every token is asked twice an attempt', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = ({ url }) => (url === TOKEN_ENDPOINT ? tokens('t')() : status(401));
    await push(cell, await setUp(cell, OAUTH));
    expect(http.invocations).toHaveLength(2);
    await cell.advance(1_000);
    expect(http.invocations).toHaveLength(4);
    expect(await stateOf(cell)).toBe('AUTHORIZED');
  });

  test('a token is replaced before it expires', async () => {
    const { test: cell, http } = await endpointsCell();
    const token = tokens('first', 'second');
    http.answer = ({ url }) => (url === TOKEN_ENDPOINT ? token() : status(200));
    const arn = await setUp(cell, OAUTH);
    await push(cell, arn);
    await cell.advance(3_539_000);
    await push(cell, arn);
    expect(http.tokenRequests).toHaveLength(1);
    await cell.advance(2_000);
    await push(cell, arn);
    expect(http.tokenRequests).toHaveLength(2);
    expect(header(http.invocations.at(-1)!, 'authorization')).toBe('Bearer second');
  });

  test('until the first token the connection is authorizing, and requests wait', async () => {
    const http = new ScriptedHttp();
    let give: (outcome: HttpOutcome) => void = () => {};
    http.answer = ({ url }) =>
      url === TOKEN_ENDPOINT
        ? new Promise((resolve) => {
            give = resolve;
          })
        : status(200);
    const { test: cell } = await endpointsCell(http);
    const type = { Name: 'c', AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS', AuthParameters: OAUTH };
    const start = cell.start('events', 'CreateConnection', type);
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    expect(start.reply).toMatchObject({ output: { ConnectionState: 'AUTHORIZING' } });
    give(tokens('t')());
    await cell.settle();
    expect(await stateOf(cell)).toBe('AUTHORIZED');
  });

  test.each([
    ['says no', () => status(400), /HTTP status 400/],
    ['gives no token', () => status(200, {}, '{"token":"x"}'), /no access_token/],
    ['gives a token that is none', () => status(200, {}, '{"access_token":"a\\r\\nb"}'), /no access_token/],
    ['answers nonsense', () => status(200, {}, '<html>'), /no access_token/],
    ['does not answer', () => failed('timeout'), /cannot be reached/],
  ])('a connection whose endpoint %s is not authorized, and says why', async (_what, answer, reason) => {
    const { test: cell, http } = await endpointsCell();
    http.answer = answer;
    const arn = await setUp(cell, OAUTH);
    const told = await cell.call('events', 'DescribeConnection', { Name: 'c' });
    expect(told).toMatchObject({ ConnectionState: 'DEAUTHORIZED', StateReason: expect.stringMatching(reason) });
    await push(cell, arn);
    expect(http.invocations).toEqual([]);
    expect(fates(cell)).toMatchObject([{ name: 'DeliveryRetryPlanned', code: 'SDK_CLIENT_ERROR' }]);
  });

  test('an authorization endpoint that fails for a while costs attempts, not the authorization', async () => {
    const { test: cell, http } = await endpointsCell();
    let isDown = false;
    http.answer = ({ url }) => (url !== TOKEN_ENDPOINT ? status(200) : isDown ? status(503) : tokens('t')());
    const arn = await setUp(cell, OAUTH);
    isDown = true;
    await cell.advance(3_600_000);
    await push(cell, arn);
    expect(fates(cell)).toMatchObject([{ name: 'DeliveryRetryPlanned' }]);
    expect(await stateOf(cell)).toBe('AUTHORIZED');
    isDown = false;
    await cell.advance(1_000);
    expect(fates(cell)).toMatchObject([{ outcome: 'succeeded' }]);
  });
});

describe('the rate', () => {
  test('is never exceeded within any second, and what waits goes in order', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 3 });
    for (let i = 0; i < 10; i += 1) await push(cell, arn, { text: `{"n":${i}}` });
    expect(http.sent).toHaveLength(3);
    await cell.advance(400);
    expect(http.sent).toHaveLength(3);
    await cell.advance(10_000);
    expect(http.sent.map(({ body }) => body)).toEqual(Array.from({ length: 10 }, (_, i) => `{"n":${i}}`));
    const times = http.sent.map(({ atMs }) => atMs);
    for (const [i, atMs] of times.entries()) {
      expect(times.filter((other) => other >= atMs && other < atMs + 1_000).length).toBeLessThanOrEqual(3);
      expect(atMs - times[0]!).toBe(Math.floor(i / 3) * 1_000);
    }
  });

  test('of one destination does not hold up another one', async () => {
    const { test: cell, http } = await endpointsCell();
    const slow = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 1 });
    const { ConnectionArn } = await cell.call<{ ConnectionArn: string }>('events', 'DescribeConnection', { Name: 'c' });
    const other = { Name: 'e', ConnectionArn, InvocationEndpoint: 'https://other.example.com/', HttpMethod: 'PUT' };
    const { ApiDestinationArn } = await cell.call<{ ApiDestinationArn: string }>(
      'events',
      'CreateApiDestination',
      other,
    );
    for (let i = 0; i < 5; i += 1) await push(cell, slow);
    for (let i = 0; i < 5; i += 1) await push(cell, ApiDestinationArn);
    expect(http.sent.filter(({ url }) => url === ENDPOINT)).toHaveLength(1);
    expect(http.sent.filter(({ url }) => url !== ENDPOINT)).toHaveLength(5);
  });

  test('what is too much to be kept ready waits as a delivery', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 300 });
    for (let i = 0; i < 1_310; i += 1) await push(cell, arn, { text: `{"n":${i}}` });
    const bounced = fates(cell).filter(({ name }) => name === 'DeliveryRetryPlanned');
    expect(bounced).toHaveLength(10);
    expect(bounced[0]).toMatchObject({ code: 'THROTTLING', dueAtMs: cell.clock.nowMs() + 3_334 });
    await cell.advance(20_000);
    expect(new Set(http.sent.map(({ body }) => body)).size).toBe(1_310);
  });
});

describe('an endpoint that never answers', () => {
  test('holds its own slots and nobody else’s', async () => {
    const http = new ScriptedHttp();
    const hanging: ((outcome: HttpOutcome) => void)[] = [];
    http.answer = ({ url }) => (url === ENDPOINT ? new Promise((resolve) => hanging.push(resolve)) : status(200));
    const { test: cell } = await endpointsCell(http);
    const dead = await setUp(cell);
    const { ConnectionArn } = await cell.call<{ ConnectionArn: string }>('events', 'DescribeConnection', { Name: 'c' });
    const other = { Name: 'e', ConnectionArn, InvocationEndpoint: 'https://other.example.com/', HttpMethod: 'PUT' };
    const { ApiDestinationArn } = await cell.call<{ ApiDestinationArn: string }>(
      'events',
      'CreateApiDestination',
      other,
    );
    const turns = async () => {
      for (let i = 0; i < 30; i += 1) await Promise.resolve();
    };
    for (let i = 0; i < 100; i += 1) cell.start('pusher', 'HandOver', { targetArn: dead });
    await turns();
    expect(hanging).toHaveLength(64);
    cell.start('pusher', 'HandOver', { targetArn: ApiDestinationArn });
    await turns();
    expect(http.sent.filter(({ url }) => url !== ENDPOINT)).toHaveLength(1);
    for (const end of hanging.splice(0, 10)) end(failed('timeout'));
    await turns();
    expect(hanging).toHaveLength(64);
    http.answer = () => status(200);
    for (const end of hanging) end(status(200));
    await cell.settle();
  });

  test('and whose events are large leaves memory for those of others', async () => {
    const http = new ScriptedHttp();
    http.answer = ({ url }) => (url === ENDPOINT ? new Promise(() => {}) : status(200));
    const { test: cell } = await endpointsCell(http);
    const dead = await setUp(cell);
    const ConnectionArn = (await cell.call<{ ConnectionArn: string }>('events', 'DescribeConnection', { Name: 'c' }))
      .ConnectionArn;
    const other = { Name: 'e', ConnectionArn, InvocationEndpoint: 'https://other.example.com/', HttpMethod: 'PUT' };
    const made = await cell.call<{ ApiDestinationArn: string }>('events', 'CreateApiDestination', other);
    const text = JSON.stringify({ large: 'x'.repeat(1_000_000) });
    for (let i = 0; i < 90; i += 1) cell.start('pusher', 'HandOver', { targetArn: dead, text });
    for (let i = 0; i < 3; i += 1) cell.start('pusher', 'HandOver', { targetArn: made.ApiDestinationArn, text });
    for (let i = 0; i < 300; i += 1) await Promise.resolve();
    expect(fates(cell)).toContainEqual(expect.objectContaining({ code: 'THROTTLING' }));
    expect(http.sent.filter(({ url }) => url === ENDPOINT)).toHaveLength(64);
    expect(http.sent.filter(({ url }) => url !== ENDPOINT)).toHaveLength(3);
  });
});

describe('what is not there any more', () => {
  test('a destination that does not exist fails at once', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell);
    await push(cell, `${arn}x`);
    expect(fates(cell)).toMatchObject([{ name: 'DeliveryFailedAtOnce', code: 'NO_RESOURCE' }]);
    expect(http.sent).toEqual([]);
  });

  test('what waits for a destination that is deleted fails, as does what comes for a deleted connection', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 1 });
    await push(cell, arn);
    await push(cell, arn);
    await cell.call('events', 'DeleteConnection', { Name: 'c' });
    await push(cell, arn);
    await cell.call('events', 'DeleteApiDestination', { Name: 'd' });
    expect(http.sent).toHaveLength(1);
    expect(fates(cell).filter(({ code }) => code === 'NO_RESOURCE')).toHaveLength(2);
  });
});

describe('a restart', () => {
  test('makes the requests again that were under way or waited', async () => {
    const http = new ScriptedHttp();
    http.answer = () => new Promise(() => {});
    const { test: cell } = await endpointsCell(http);
    const arn = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 1 });
    cell.start('pusher', 'HandOver', { targetArn: arn, text: '{"n":1}' });
    cell.start('pusher', 'HandOver', { targetArn: arn, text: '{"n":2}' });
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    expect(http.sent.map(({ body }) => body)).toEqual(['{"n":1}']);
    http.sent.length = 0;
    http.answer = () => status(200);
    const next = await revived(cell);
    await next.advance(2_000);
    expect(http.sent.map(({ body }) => body).sort()).toEqual(['{"n":1}', '{"n":2}']);
  });

  test('from a snapshot goes on with connections, destinations and what waited', async () => {
    const { test: cell, http } = await endpointsCell();
    const arn = await setUp(cell, API_KEY, { InvocationRateLimitPerSecond: 1 });
    await push(cell, arn, { text: '{"n":1}' });
    await push(cell, arn, { text: '{"n":2}' });
    const next = await cell.restart({ clean: true });
    await next.advance(2_000);
    expect(http.sent.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":2}']);
    expect(header(http.sent[1]!, 'x-key')).toBe('planted-key');
  });

  test('asks again for a token that never came', async () => {
    const http = new ScriptedHttp();
    http.answer = () => new Promise(() => {});
    const { test: cell } = await endpointsCell(http);
    cell.start('events', 'CreateConnection', {
      Name: 'c',
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: OAUTH,
    });
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    http.answer = tokens('t');
    const next = await revived(cell);
    await next.settle();
    expect(http.tokenRequests).toHaveLength(2);
    expect(await stateOf(next)).toBe('AUTHORIZED');
  });
});

/** As after kill -9, without waiting for what is under way. */
async function revived(cell: TestCell): Promise<TestCell> {
  const settle = cell.settle;
  cell.settle = () => Promise.resolve();
  const next = await cell.restart();
  cell.settle = settle;
  return next;
}

describe('a question', () => {
  const ask = (cell: TestCell, targetArn: string) =>
    cell.call<{ failure?: unknown }>('pusher', 'Ask', { targetArn, subject: 's' });

  test('gets the body of the answer', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(200, {}, '{"enriched":true}');
    expect(await ask(cell, await setUp(cell))).toEqual({});
    expect(answers).toHaveLength(1);
    const [{ subject, answer }] = answers as [(typeof answers)[0]];
    expect(subject).toBe('s');
    expect('payload' in answer && utf8Decode(answer.payload!)).toBe('{"enriched":true}');
  });

  test('gets the failure, at once or later, once', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => status(503, { 'retry-after': '9' });
    const arn = await setUp(cell);
    await ask(cell, arn);
    expect(answers).toMatchObject([{ answer: { failure: { isRetryable: true, retryAfterMs: 9_000 } } }]);
    expect(await ask(cell, `${arn}x`)).toMatchObject({ failure: { code: 'NO_RESOURCE' } });
    await cell.call('events', 'DeauthorizeConnection', { Name: 'c' });
    expect(await ask(cell, arn)).toMatchObject({ failure: { code: 'SDK_CLIENT_ERROR' } });
    expect(answers).toHaveLength(1);
  });

  test('is failed by an answer that is larger than an enrichment may be', async () => {
    const { test: cell, http } = await endpointsCell();
    http.answer = () => ({ ...status(200), isBodyCut: true });
    await ask(cell, await setUp(cell));
    expect(http.sent[0]?.bodyBytesMax).toBe(6 * 1024 * 1024);
    expect(answers).toMatchObject([{ answer: { failure: { isRetryable: false } } }]);
  });
});
