// Those who are not ours: the payment gateway, the provider of mail and SMS, and the analytics company, as one HTTP server. They behave as such
// companies do: charge once for one key, are slow or broken now and then, and refuse what cannot be. Their books are shown at /books.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeNotification } from './analytics.ts';
import { takeCharge } from './gateway.ts';
import { takeMessage } from './provider.ts';

export interface Books {
  /** By idempotency key: the order's id. */
  readonly charges: Record<
    string,
    { status: 'paid' | 'declined'; amountCents: number; chargeId: string; reason: string }
  >;
  /** By idempotency key: what was sent, once. */
  readonly messages: Record<string, { to: string }>;
  /** Orders that analytics heard of, and how often. */
  readonly heard: Record<string, number>;
  /** Requests that repeated a key. */
  repeated: number;
  /** Requests that were answered badly on purpose. */
  broken: number;
}

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Undefined closes the connection without an answer. */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: object;
      readonly afterMs?: number;
    }
  | undefined;

const books: Books = { charges: {}, messages: {}, heard: {}, repeated: 0, broken: 0 };

const takers: Readonly<Record<string, (asked: Asked, books: Books) => Answer | Promise<Answer>>> = {
  gateway: takeCharge,
  messages: takeMessage,
  analytics: takeNotification,
  books: (_asked, all) => ({ status: 200, body: all }),
  // `/decided/17`: orders that were charged or declined, from the seventeenth on.
  decided: ({ path }, all) => ({ status: 200, body: Object.keys(all.charges).slice(Number(path.split('/')[2] ?? 0)) }),
};

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => void answer(request, response, Buffer.concat(pieces).toString()));
});

async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const path = request.url ?? '/';
  const taker = takers[path.split('/')[1] ?? ''];
  const found = taker === undefined ? { status: 404 } : await taker({ path, headers: request.headers, body }, books);
  if (found === undefined) {
    response.destroy();
    return;
  }
  const send = (): void => {
    response.writeHead(found.status, { 'content-type': 'application/json', ...found.headers });
    response.end(JSON.stringify(found.body ?? {}));
  };
  if (found.afterMs === undefined) send();
  else setTimeout(send, found.afterMs);
}

process.on('SIGTERM', () => process.exit(0));
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  console.log(`Ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
