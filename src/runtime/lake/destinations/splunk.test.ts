import { createServer as createSocketServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  ASK_SPLUNK,
  DELIVER_SPLUNK,
  type SplunkAnswer,
  type SplunkDelivery,
  type SplunkSent,
} from '#services/firehose/performing.ts';
import { testLake } from '../testing.ts';
import { type Answer, fakeServer, listening } from './testing.ts';

const HEC = { hecToken: 'token', channel: '11111111-2222-4333-8444-555555555555' };

function send(hecEndpoint: string, change: Partial<SplunkDelivery> = {}): Promise<SplunkSent> {
  const input = { ...HEC, hecEndpointType: 'Raw', ...change, hecEndpoint };
  return testLake().perform(DELIVER_SPLUNK, input, ['{"event":1}', '{"event":2}\n']);
}

function ask(hecEndpoint: string, ackIds: readonly number[]): Promise<SplunkAnswer> {
  return testLake().perform(ASK_SPLUNK, { ...HEC, hecEndpoint, ackIds });
}

const sentTo = async (answer: Answer): Promise<SplunkSent> => send((await fakeServer(() => answer)).url);
const askedOf = async (answer: Answer): Promise<SplunkAnswer> => ask((await fakeServer(() => answer)).url, [1, 2]);

test.each([
  ['Raw', '/services/collector/raw'],
  ['Event', '/services/collector/event'],
] as const)('%s: bytes one behind the other, through a channel', async (hecEndpointType, path) => {
  const { url, seen } = await fakeServer(() => ({ json: { text: 'Success', code: 0, ackId: 0 } }));
  expect(await send(`${url}/`, { hecEndpointType })).toEqual({ outcome: 'sent', ackId: 0 });
  expect(seen[0]).toMatchObject({
    method: 'POST',
    url: `${path}?channel=${HEC.channel}`,
    headers: { authorization: 'Splunk token', 'x-splunk-request-channel': HEC.channel },
  });
  expect(seen[0]?.body.toString()).toBe('{"event":1}{"event":2}\n');
});

describe('refused by HEC', () => {
  test.each([
    [403, 1, 'Splunk.DisabledToken'],
    [401, 2, 'Splunk.InvalidToken'],
    [403, 4, 'Splunk.InvalidToken'],
    [400, 5, 'Splunk.InvalidDataFormat'],
    [400, 6, 'Splunk.InvalidDataFormat'],
    [400, 7, 'Splunk.InvalidIndex'],
    [500, 8, 'Splunk.ServerError'],
    [503, 9, 'Splunk.ServerError'],
    [400, 14, 'Splunk.DisabledAck'],
    [404, undefined, 'Splunk.InvalidEndpoint'],
    [403, undefined, 'Splunk.InvalidToken'],
    [502, undefined, 'Splunk.ServerError'],
  ])('status %d with code %s is %s', async (status, code, expected) => {
    expect(await sentTo({ status, json: { text: 'no', code } })).toMatchObject({
      outcome: 'failed',
      code: expected,
      isRetryable: true,
    });
  });

  test('without acknowledgement nobody can tell what is indexed', async () => {
    expect(await sentTo({ json: { text: 'Success', code: 0 } })).toMatchObject({ code: 'Splunk.DisabledAck' });
  });

  test('an answer that is not of HEC', async () => {
    expect(await sentTo({ body: 'hello' })).toMatchObject({ code: 'Splunk.InvalidEndpoint' });
  });
});

describe('not reached', () => {
  test('nobody listens', async () => {
    expect(await send('http://127.0.0.1:9')).toMatchObject({ code: 'Splunk.InvalidEndpoint' });
  });

  test('closed early', async () => {
    const port = await listening(createSocketServer((socket) => socket.destroy()));
    expect(await send(`http://127.0.0.1:${port}`)).toMatchObject({ code: 'Splunk.ConnectionClosed' });
  });

  test('no TLS where TLS is asked for', async () => {
    const port = await listening(createSocketServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    expect(await send(`https://127.0.0.1:${port}`)).toMatchObject({ code: 'Splunk.SSLHandshake' });
  });
});

describe('acknowledgement', () => {
  test('tells which batches are indexed', async () => {
    const { url, seen } = await fakeServer(() => ({ json: { acks: { 1: true, 2: false, 7: true } } }));
    expect(await ask(url, [1, 2, 3])).toEqual({ outcome: 'answered', indexed: [1] });
    expect(seen[0]).toMatchObject({ url: `/services/collector/ack?channel=${HEC.channel}` });
    expect(JSON.parse(seen[0]!.body.toString())).toEqual({ acks: [1, 2, 3] });
  });

  test.each([
    [{ status: 400, json: { text: 'Invalid data channel', code: 11 } }, 'Splunk.ProxyWithoutStickySessions'],
    [{ status: 400, json: { text: 'ACK is disabled', code: 14 } }, 'Splunk.DisabledAck'],
    [{ status: 500, json: {} }, 'Splunk.ServerError'],
    [{ json: { acks: [] } }, 'Splunk.InvalidEndpoint'],
  ])('%j is no answer', async (answer, code) => {
    expect(await askedOf(answer)).toMatchObject({ outcome: 'failed', code });
  });
});
