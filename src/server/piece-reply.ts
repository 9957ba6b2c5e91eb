// An answer whose body is in pieces goes out piece by piece: copying megabytes together costs as much as sending them.

import type { Exchange } from '#runtime/http/exchange.ts';
import type { WireResponse } from '#wire/http-message.ts';

export function replyWith(exchange: Exchange, response: WireResponse): void {
  const { pieces, status, headers } = response;
  if (pieces === undefined || exchange.isAborted) {
    exchange.reply(response);
    return;
  }
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const stream = exchange.stream({ status, headers }, bytes);
  for (const piece of pieces) stream.write(piece);
  stream.end();
}
