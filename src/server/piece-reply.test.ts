import { expect, test } from 'vitest';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import type { WireResponse } from '#wire/http-message.ts';
import { replyWith } from './piece-reply.ts';

function recorded(isAborted = false) {
  const told: { replies: WireResponse[]; announced: unknown[]; written: unknown[]; ends: number } = {
    ...{ replies: [], announced: [], written: [], ends: 0 },
  };
  const stream = {
    write: (data: Uint8Array) => told.written.push(data) > 0,
    end: () => {
      told.ends += 1;
    },
  } as unknown as ResponseStream;
  const exchange = {
    isAborted,
    reply: (response: WireResponse) => told.replies.push(response),
    stream: (_head: unknown, bytes: number) => {
      told.announced.push(bytes);
      return stream;
    },
  } as unknown as Exchange;
  return { told, exchange };
}

const response = (pieces?: Uint8Array[]): WireResponse => ({
  ...{ status: 200, headers: [], body: '' },
  ...(pieces === undefined ? {} : { pieces }),
});

test('an answer without pieces goes as it is', () => {
  const { told, exchange } = recorded();
  replyWith(exchange, response());
  expect(told.replies).toEqual([response()]);
});

test('a small answer is one write', () => {
  const { told, exchange } = recorded();
  replyWith(exchange, response([Uint8Array.of(1, 2), Uint8Array.of(3)]));
  expect(told.replies).toEqual([{ status: 200, headers: [], body: Buffer.from([1, 2, 3]) }]);
});

test('the pieces of a large answer are the very bytes that are sent, with their length before', () => {
  const { told, exchange } = recorded();
  const pieces = [new Uint8Array(60_000), new Uint8Array(60_000)];
  replyWith(exchange, response(pieces));
  expect(told.announced).toEqual([120_000]);
  expect(told.written[0]).toBe(pieces[0]);
  expect(told.written[1]).toBe(pieces[1]);
  expect(told.ends).toBe(1);
});

test('nothing is streamed to a client that has gone', () => {
  const { told, exchange } = recorded(true);
  replyWith(exchange, response([new Uint8Array(100_000)]));
  expect(told.announced).toEqual([]);
});
