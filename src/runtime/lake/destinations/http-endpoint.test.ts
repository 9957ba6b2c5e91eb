import { createServer as createSocketServer } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DELIVER_HTTP, type DeliveryResult, type HttpDelivery } from '#services/firehose/performing.ts';
import { testLake } from '../testing.ts';
import { type Answer, fakeServer, listening, type SeenRequest } from './testing.ts';

const REQUEST_ID = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
const DELIVERY: Omit<HttpDelivery, 'url'> = {
  blocks: [],
  requestId: REQUEST_ID,
  atMs: 1_578_090_901_599,
  commonAttributes: {},
  contentEncoding: 'NONE',
  deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/orders',
};
const RIGHT = { requestId: REQUEST_ID, timestamp: 1 };

function deliver(url: string, change: Partial<HttpDelivery> = {}, records = ['hello', 'hello world']) {
  return testLake().perform<DeliveryResult>(DELIVER_HTTP, { ...DELIVERY, ...change, url }, records);
}

async function answered(answer: Answer | ((request: SeenRequest) => Answer)): Promise<DeliveryResult> {
  const { url } = await fakeServer(typeof answer === 'function' ? answer : () => answer);
  return deliver(url);
}

describe('the request', () => {
  test('is the one of the specification', async () => {
    const { url, seen } = await fakeServer(() => ({ json: RIGHT }));
    expect(await deliver(`${url}/in?x=1`, { accessKey: 'secret key' })).toEqual({ outcome: 'delivered', refused: [] });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/in?x=1',
      headers: {
        'content-type': 'application/json',
        'x-amz-firehose-protocol-version': '1.0',
        'x-amz-firehose-request-id': REQUEST_ID,
        'x-amz-firehose-source-arn': DELIVERY.deliveryStreamArn,
        'x-amz-firehose-access-key': 'secret key',
      },
    });
    expect(seen[0]?.headers).not.toHaveProperty('content-encoding');
    expect(seen[0]?.headers).not.toHaveProperty('x-amz-firehose-common-attributes');
    expect(JSON.parse(seen[0]!.body.toString())).toEqual({
      requestId: REQUEST_ID,
      timestamp: 1_578_090_901_599,
      records: [{ data: 'aGVsbG8=' }, { data: 'aGVsbG8gd29ybGQ=' }],
    });
  });

  test('is compressed when asked so, and tells common attributes in ASCII', async () => {
    const { url, seen } = await fakeServer(() => ({ json: RIGHT }));
    await deliver(url, { contentEncoding: 'GZIP', commonAttributes: { stage: 'prüf', empty: '' } });
    expect(seen[0]?.headers).toMatchObject({
      'content-encoding': 'gzip',
      'x-amz-firehose-common-attributes': '{"commonAttributes":{"stage":"pr\\u00fcf","empty":""}}',
    });
    expect(JSON.parse(gunzipSync(seen[0]!.body).toString())).toMatchObject({ requestId: REQUEST_ID });
  });
});

describe('what counts as delivered', () => {
  test.each([
    ['no JSON', { body: 'ok', headers: { 'Content-Type': 'application/json' } }],
    ['another content type', { body: JSON.stringify(RIGHT), headers: { 'Content-Type': 'text/plain' } }],
    ['another request id', { json: { ...RIGHT, requestId: 'x' } }],
    ['no request id', { json: { timestamp: 1 } }],
    ['null as request id', { json: { ...RIGHT, requestId: null } }],
    ['no timestamp', { json: { requestId: REQUEST_ID } }],
    ['a text as timestamp', { json: { ...RIGHT, timestamp: '1' } }],
    ['fields nobody knows', { json: { ...RIGHT, more: 1 } }],
    ['an array', { json: [] }],
    ['a compressed answer', { json: RIGHT, isGzip: true }],
    ['an answer without length', { json: RIGHT, isChunked: true }],
  ] as const)('status 200 with %s does not', async (_case, answer) => {
    const result = await answered(answer);
    expect(result).toMatchObject({
      outcome: 'failed',
      code: 'HttpEndpoint.InvalidResponseFromDestination',
      isRetryable: true,
    });
    expect('message' in result && result.message).toContain(`Response for request ${REQUEST_ID}`);
  });

  test('a charset behind the content type does no harm', async () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    expect(await answered({ body: JSON.stringify(RIGHT), headers })).toMatchObject({ outcome: 'delivered' });
  });

  test.each([
    [201, true],
    [302, true],
    [400, true],
    [413, false],
    [429, true],
    [500, true],
    [503, true],
  ])('status %d does not, and is tried again: %s', async (status, isRetryable) => {
    const json = { ...RIGHT, errorMessage: 'Payload too large' };
    expect(await answered({ status, json, headers: { Location: '/' } })).toEqual({
      outcome: 'failed',
      code: 'HttpEndpoint.DestinationException',
      message: `The following response was received from the endpoint destination. ${status}: ${JSON.stringify(json)}`,
      isRetryable,
    });
  });

  test('an answer above a mebibyte does not', async () => {
    const json = { ...RIGHT, errorMessage: 'x'.repeat(1024 * 1024) };
    expect(await answered({ json })).toMatchObject({ code: 'HttpEndpoint.ResponseTooLarge', isRetryable: true });
  });
});

describe('what keeps a request from being answered', () => {
  test('nobody listens', async () => {
    expect(await deliver('http://127.0.0.1:9/')).toMatchObject({ code: 'HttpEndpoint.ConnectionFailed' });
  });

  test('the connection is closed early', async () => {
    const port = await listening(createSocketServer((socket) => socket.destroy()));
    expect(await deliver(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 'HttpEndpoint.ConnectionReset' });
  });

  test('no TLS where TLS is asked for', async () => {
    const port = await listening(createSocketServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    expect(await deliver(`https://127.0.0.1:${port}/`)).toMatchObject({ code: 'HttpEndpoint.SSLHandshakeFailure' });
  });

  test('metadata services are never asked, and the message says why', async () => {
    const result = await deliver('http://169.254.169.254/latest/meta-data');
    expect(result).toMatchObject({ outcome: 'failed', code: 'HttpEndpoint.ConnectionFailed', isRetryable: true });
    expect('message' in result && result.message).toContain('never');
  });
});
