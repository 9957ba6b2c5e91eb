import { EventStreamCodec } from '@smithy/core/event-streams';
import { expect, test, vi } from 'vitest';
import { clientError } from '#model/aws-error.ts';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import { service as kinesis } from '#wire/generated/kinesis.ts';
import type { WireOperation } from '#wire/services.ts';
import { WireService } from '#wire/services.ts';
import { EventReply } from './event-reply.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
);
const service = new WireService(kinesis);
const EVENT = { SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: '1', MillisBehindLatest: 0 } };
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection of which the test decides whether it has room. */
function scripted() {
  const state = {
    hasRoom: true,
    isAborted: false,
    isEnded: false,
    isCut: false,
    names: [] as string[],
    defects: [] as string[],
  };
  let drained = (): void => {};
  const stream: ResponseStream = {
    write(data) {
      const { headers } = codec.decode(data as Uint8Array);
      state.names.push(String((headers[':event-type'] ?? headers[':exception-type'])?.value));
      return state.hasRoom;
    },
    end: () => {
      state.isEnded = true;
    },
    cut: () => {
      state.isCut = true;
    },
    onDrain: (listener) => {
      drained = listener;
    },
  };
  const exchange = { stream: () => stream, onAbort: () => {}, reply: () => {} };
  const reply = new EventReply({
    exchange: Object.defineProperty(exchange, 'isAborted', { get: () => state.isAborted }) as unknown as Exchange,
    caller: { protocol: 'json-1.1', service, operation: service.operation('SubscribeToShard') as WireOperation },
    requestId: 'id',
    initial: {},
    headers: [],
    onDefect: (what) => state.defects.push(what),
  });
  return { state, reply, drain: () => drained() };
}

test('the first message comes with the head, and an event is taken one turn of the event loop later', async () => {
  const { state, reply } = scripted();
  let taken = 0;
  reply.event(EVENT, () => {
    taken += 1;
  });
  expect(state.names).toEqual(['initial-response', 'SubscribeToShardEvent']);
  expect(taken).toBe(0);
  await nextTurn();
  expect(taken).toBe(1);
});

test('an event is not taken before a connection without room has drained', async () => {
  const { state, reply, drain } = scripted();
  let taken = 0;
  state.hasRoom = false;
  reply.event(EVENT, () => {
    taken += 1;
  });
  await nextTurn();
  expect(taken).toBe(0);
  drain();
  drain();
  expect(taken).toBe(1);
});

test('an error is the last message', () => {
  const { state, reply } = scripted();
  reply.end(clientError('ResourceInUseException', 'in use'));
  reply.end(undefined);
  reply.event(EVENT, () => {});
  expect(state.names).toEqual(['initial-response', 'ResourceInUseException']);
  expect(state.isEnded).toBe(true);
});

test.each([
  ['is cut off', false],
  ['is not, when it has read it meanwhile', true],
])('a client that has not read the last event half a minute after the end %s', (_, reads) => {
  vi.useFakeTimers();
  try {
    const { state, reply, drain } = scripted();
    state.hasRoom = false;
    reply.event(EVENT, () => {});
    reply.end(undefined);
    vi.advanceTimersByTime(29_000);
    expect(state.isCut).toBe(false);
    if (reads) drain();
    vi.advanceTimersByTime(2_000);
    expect(state.isCut).toBe(!reads);
  } finally {
    vi.useRealTimers();
  }
});

test('nothing is written for a client that has gone', () => {
  const { state, reply } = scripted();
  state.isAborted = true;
  reply.event(EVENT, () => {});
  reply.end(undefined);
  expect(state.names).toEqual(['initial-response']);
  expect(state.isEnded).toBe(false);
});

test('an event that cannot be encoded ends the stream with an error and is told to the operator', () => {
  const { state, reply } = scripted();
  reply.event({ NoSuchEvent: {} }, () => {});
  expect(state.defects).toHaveLength(1);
  expect(state.isEnded).toBe(true);
});
