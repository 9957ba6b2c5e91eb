import { crc32 } from 'node:zlib';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { expect, test } from 'vitest';
import { encodeMessage, eventHeaders, exceptionHeaders } from './event-stream.ts';

const sdk = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
);

test.each([
  ['an event', eventHeaders('SubscribeToShardEvent', 'application/x-amz-json-1.1'), '{"Records":[]}'],
  ['an exception', exceptionHeaders('ResourceNotFoundException', 'application/x-amz-json-1.1'), '{"message":"é"}'],
  ['no payload', { ':event-type': 'initial-response', ':message-type': 'event' }, ''],
])('the SDK reads %s as it was written', (_, headers, text) => {
  const { headers: read, body } = sdk.decode(encodeMessage(headers, Buffer.from(text), crc32));
  expect(Object.fromEntries(Object.entries(read).map(([name, { value }]) => [name, value]))).toEqual(headers);
  expect(Buffer.from(body).toString()).toBe(text);
});

test('writes the very bytes that the SDK writes', () => {
  const headers = eventHeaders('A', 'application/json');
  const typed = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]),
  );
  const body = Buffer.from('{"n":1}');
  expect(Buffer.from(encodeMessage(headers, body, crc32))).toEqual(Buffer.from(sdk.encode({ headers: typed, body })));
});
