// An answer whose body is written while it is sent: a piece at a time, the next one into the same memory as soon as the connection has taken the
// one before. So megabytes pass through memory that stays in the processor's cache, and a client that reads slowly holds a piece of them.

import { assert } from '#base/assert.ts';
import type { Exchange, ResponseStream } from '#runtime/http/exchange.ts';
import { noteShortLived } from '#runtime/http/young-memory.ts';
import type { BodyPieces, WireResponse } from '#wire/http-message.ts';

/** A smaller answer is one write. */
const PIECE_BYTES = 256 * 1024;

/** Memory of answers that their connections have taken, for those that come. */
const spare: Uint8Array[] = [];
const SPARE_MAX = 4;

/** `onDefect`: what was announced could not be written, and the connection is cut. */
export function replyWith(exchange: Exchange, response: WireResponse, onDefect: (error: unknown) => void): void {
  const { pieces, status, headers } = response;
  if (pieces === undefined || exchange.isAborted) {
    exchange.reply(response);
    return;
  }
  const { byteCount } = pieces;
  const stream = (): ResponseStream => exchange.stream({ status, headers }, byteCount);
  if (byteCount > PIECE_BYTES) {
    new PieceReply({ exchange, stream: stream(), pieces, onDefect }).goOn();
    return;
  }
  let body: Uint8Array | undefined;
  try {
    body = pieces.next(Buffer.allocUnsafe(byteCount));
    pieces.close?.();
  } catch (error) {
    onDefect(error);
    stream().cut();
    return;
  }
  exchange.reply({ status, headers, body: body ?? '' });
}

interface PieceReplyParts {
  readonly exchange: Exchange;
  readonly stream: ResponseStream;
  readonly pieces: BodyPieces;
  readonly onDefect: (error: unknown) => void;
}

class PieceReply {
  private memory: Uint8Array | undefined;
  private bytesLeft: number;
  private isWaiting = false;

  constructor(private readonly parts: PieceReplyParts) {
    this.bytesLeft = parts.pieces.byteCount;
    parts.stream.onDrain(() => {
      if (!this.isWaiting) return;
      this.isWaiting = false;
      this.goOn();
    });
  }

  goOn(): void {
    const { exchange, stream, onDefect } = this.parts;
    try {
      while (!exchange.isAborted && !this.isWaiting && this.bytesLeft > 0) this.writePiece();
    } catch (error) {
      // The head promised more bytes: only a broken connection tells the client that they will not come.
      onDefect(error);
      stream.cut();
    }
  }

  private writePiece(): void {
    const { stream, pieces } = this.parts;
    // What may still lie in a queue keeps its memory.
    if (this.memory === undefined || stream.isFlushed !== true)
      this.memory = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    const piece = pieces.next(this.memory);
    assert(piece !== undefined && piece.length <= this.bytesLeft, 'pieces are as long as was announced');
    this.bytesLeft -= piece.length;
    this.isWaiting = !stream.write(piece);
    if (this.bytesLeft > 0) return;
    const isTaken = stream.isFlushed === true;
    stream.end();
    pieces.close?.();
    if (isTaken && spare.length < SPARE_MAX) spare.push(this.memory);
    else noteShortLived(PIECE_BYTES);
  }
}
