// An answer whose body is in pieces goes out piece by piece: copying megabytes together costs as much as sending them. A small one is one write.

import type { Exchange } from '#runtime/http/exchange.ts';
import type { WireResponse } from '#wire/http-message.ts';

const COPIED_BYTES_MAX = 64 * 1024;

export function replyWith(exchange: Exchange, response: WireResponse): void {
  const { pieces, status, headers } = response;
  if (pieces === undefined || exchange.isAborted) {
    exchange.reply(response);
    return;
  }
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes <= COPIED_BYTES_MAX) {
    exchange.reply({ status, headers, body: Buffer.concat(pieces, bytes) });
    return;
  }
  const stream = exchange.stream({ status, headers }, bytes);
  for (const piece of pieces) stream.write(piece);
  stream.end();
}
