import { expect, test } from 'vitest';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import type { BodyPieces, WireResponse } from '#wire/http-message.ts';
import { replyWith } from './piece-reply.ts';

const KIBIBYTE = 1024;

/** A client whose connection takes so many bytes at once. */
class Client {
  readonly replies: WireResponse[] = [];
  readonly memories = new Set<ArrayBufferLike>();
  announced: number | undefined;
  received = '';
  ends = 0;
  cuts = 0;
  isAborted = false;
  private waiting: Uint8Array[] = [];
  private drained = (): void => {};

  constructor(
    private room = Number.POSITIVE_INFINITY,
    private readonly isFlushed: boolean | undefined = undefined,
  ) {}

  get exchange(): Exchange {
    const client = this;
    const stream = {
      write: (bytes: Uint8Array) => client.write(bytes),
      get isFlushed() {
        return client.isFlushed ?? client.waiting.length === 0;
      },
      end: () => {
        client.ends += 1;
      },
      cut: () => {
        client.cuts += 1;
      },
      onDrain: (listener: () => void) => {
        client.drained = listener;
      },
    };
    return {
      get isAborted() {
        return client.isAborted;
      },
      reply: (response: WireResponse) => client.replies.push(response),
      stream: (_head: unknown, bytes: number): ResponseStream => {
        client.announced = bytes;
        return stream;
      },
    } as unknown as Exchange;
  }

  private write(bytes: Uint8Array): boolean {
    this.memories.add(bytes.buffer);
    this.waiting.push(bytes);
    if (bytes.length > this.room) return false;
    this.room -= bytes.length;
    this.take();
    return true;
  }

  private take(): void {
    for (const bytes of this.waiting) this.received += Buffer.from(bytes).toString('latin1');
    this.waiting = [];
  }

  /** Reads what is on its way. */
  read(): void {
    this.take();
    this.drained();
  }
}

/** Each piece fills the memory that it is given with a letter of its own. */
class Letters implements BodyPieces {
  closes = 0;
  private left: number;
  private letter = 97;

  constructor(
    readonly byteCount: number,
    private readonly failsAfter = Number.POSITIVE_INFINITY,
  ) {
    this.left = byteCount;
  }

  next(memory: Uint8Array): Uint8Array | undefined {
    if (this.left === 0) return undefined;
    if (this.letter - 97 >= this.failsAfter) throw new Error('cannot go on');
    const piece = memory.subarray(0, Math.min(memory.length, this.left));
    piece.fill(this.letter);
    this.left -= piece.length;
    this.letter += 1;
    return piece;
  }

  close(): void {
    this.closes += 1;
  }

  static text(byteCount: number): string {
    const letters = new Letters(byteCount);
    let text = '';
    for (let left = byteCount; left > 0; left -= 256 * KIBIBYTE) {
      text += Buffer.from(letters.next(new Uint8Array(256 * KIBIBYTE)) as Uint8Array).toString('latin1');
    }
    return text;
  }
}

const response = (pieces?: BodyPieces): WireResponse => ({
  ...{ status: 200, headers: [], body: '' },
  ...(pieces === undefined ? {} : { pieces }),
});
const unexpected = (error: unknown): void => {
  throw error;
};

test('an answer without pieces goes as it is', () => {
  const client = new Client();
  replyWith(client.exchange, response(), unexpected);
  expect(client.replies).toEqual([response()]);
});

test('a small answer is one write', () => {
  const client = new Client();
  replyWith(client.exchange, response(new Letters(3)), unexpected);
  expect(client.replies).toEqual([{ status: 200, headers: [], body: Buffer.from('aaa') }]);
});

test.each([300, 512, 513, 2_000])('an answer of %i KiB is sent from one memory to a client that keeps up', (size) => {
  const client = new Client();
  const bytes = size * KIBIBYTE;
  replyWith(client.exchange, response(new Letters(bytes)), unexpected);
  expect(client.announced).toBe(bytes);
  expect(client.received === Letters.text(bytes)).toBe(true);
  expect(client.memories.size).toBe(1);
  expect(client.ends).toBe(1);
});

test('nothing more is written for a client that reads slowly until it has read', () => {
  const client = new Client(300 * KIBIBYTE);
  const bytes = 1_000 * KIBIBYTE;
  const letters = new Letters(bytes);
  replyWith(client.exchange, response(letters), unexpected);
  expect(client.received).toHaveLength(256 * KIBIBYTE);
  expect(client.ends).toBe(0);
  client.read();
  expect(client.received).toHaveLength(512 * KIBIBYTE);
  for (let i = 0; i < 2; i += 1) client.read();
  expect(client.received === Letters.text(bytes)).toBe(true);
  expect(client.ends).toBe(1);
  client.read();
  expect(client.ends).toBe(1);
});

test('memory that may still be on its way is not written again', () => {
  const client = new Client(Number.POSITIVE_INFINITY, false);
  replyWith(client.exchange, response(new Letters(1_000 * KIBIBYTE)), unexpected);
  expect(client.memories.size).toBe(4);
});

test('an answer that cannot be written to its end is cut, and told', () => {
  const client = new Client();
  const told: unknown[] = [];
  replyWith(client.exchange, response(new Letters(1_000 * KIBIBYTE, 2)), (error) => told.push(error));
  expect(told).toEqual([new Error('cannot go on')]);
  expect(client.cuts).toBe(1);
  expect(client.ends).toBe(0);
});

test.each([3, 1_000 * KIBIBYTE])('an answer of %i bytes that cannot be begun is cut as well', (bytes) => {
  const client = new Client();
  const told: unknown[] = [];
  replyWith(client.exchange, response(new Letters(bytes, 0)), (error) => told.push(error));
  expect(told).toHaveLength(1);
  expect(client.cuts).toBe(1);
  expect(client.replies).toEqual([]);
});

test('nothing is streamed to a client that has gone, or goes in the middle', () => {
  const gone = new Client();
  gone.isAborted = true;
  replyWith(gone.exchange, response(new Letters(1_000 * KIBIBYTE)), unexpected);
  expect(gone.announced).toBeUndefined();
  const going = new Client(300 * KIBIBYTE);
  replyWith(going.exchange, response(new Letters(1_000 * KIBIBYTE)), unexpected);
  going.isAborted = true;
  going.read();
  expect(going.received).toHaveLength(512 * KIBIBYTE);
  expect(going.ends).toBe(0);
});

test('what an answer is made from is given back once its last piece is written, and not while a slow client has more to come', () => {
  const small = new Letters(3);
  replyWith(new Client().exchange, response(small), unexpected);
  expect(small.closes).toBe(1);
  const client = new Client(300 * KIBIBYTE);
  const letters = new Letters(1_000 * KIBIBYTE);
  replyWith(client.exchange, response(letters), unexpected);
  expect(letters.closes).toBe(0);
  client.read();
  expect(letters.closes).toBe(0);
  client.read();
  expect(letters.closes).toBe(1);
  client.read();
  expect(letters.closes).toBe(1);
});

test('what it is made from stays when the client has gone or it could not be written: nobody waits for it', () => {
  const client = new Client(300 * KIBIBYTE);
  const letters = new Letters(1_000 * KIBIBYTE);
  replyWith(client.exchange, response(letters), unexpected);
  client.isAborted = true;
  client.read();
  client.read();
  const failing = new Letters(1_000 * KIBIBYTE, 1);
  replyWith(new Client().exchange, response(failing), () => {});
  expect([letters.closes, failing.closes]).toEqual([0, 0]);
});

test('the memory of an answer that was taken is used for the next one, and what may still lie in a queue is not', () => {
  const bytes = 600 * KIBIBYTE;
  const send = (client: Client): ArrayBufferLike => {
    replyWith(client.exchange, response(new Letters(bytes)), unexpected);
    return [...client.memories].at(-1) as ArrayBufferLike;
  };
  const taken = send(new Client());
  expect(send(new Client())).toBe(taken);
  const slow = new Client(600 * KIBIBYTE, false);
  const unsent = send(slow);
  expect(send(new Client())).not.toBe(unsent);
  expect(slow.received === Letters.text(bytes)).toBe(true);
});
