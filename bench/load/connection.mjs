// One client connection with one request in flight, on node:net, doing as little as possible per answer: on a small machine the client
// must not be what is measured. Whether an answer is complete is seen by comparing it with the shape of the answer before.

import { connect } from 'node:net';

const READ_BYTES = 256 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * @param {{ host: string, port: number, onAnswer: (connection: LoadConnection, ok: boolean) => void, onError: (error: Error) => void }} options
 */
export class LoadConnection {
  constructor({ host, port, onAnswer, onError }) {
    this.onAnswer = onAnswer;
    this.sentAt = 0;
    /** State of the scenario for this connection. */
    this.state = undefined;
    this.buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.filled = 0;
    this.bodyStart = 0;
    this.status = 0;
    this.whole = -1;
    this.lengthStart = -1;
    this.lengthText = Buffer.alloc(0);
    this.pieces = undefined;
    this.socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: this.buffer, callback: (bytes, buffer) => this.received(bytes, buffer) },
    });
    this.socket.on('error', onError);
    this.socket.on('close', () => onError(new Error('the server closed a connection')));
  }

  send(bytes) {
    this.sentAt = performance.now();
    this.socket.write(bytes);
  }

  received(bytes, buffer) {
    if (this.pieces === undefined && this.looksLikeBefore(bytes, buffer)) {
      this.filled = bytes;
      this.answer = buffer;
      this.onAnswer(this, buffer[9] === 0x32);
      return true;
    }
    const piece = Buffer.from(buffer.subarray(0, bytes));
    this.pieces = this.pieces === undefined ? piece : Buffer.concat([this.pieces, piece]);
    this.measure(this.pieces);
    return true;
  }

  /** Same number of bytes, and the same length at the same place: then it is as complete as the one before was. */
  looksLikeBefore(bytes, buffer) {
    if (bytes !== this.whole) return false;
    const { lengthStart, lengthText } = this;
    for (let i = 0; i < lengthText.length; i += 1) if (buffer[lengthStart + i] !== lengthText[i]) return false;
    return true;
  }

  measure(pieces) {
    const headEnd = pieces.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = pieces.toString('latin1', 0, headEnd + 2);
    const match = /\r\ncontent-length: *(\d+)\r\n/i.exec(head);
    if (match === null) throw new Error(`an answer without Content-Length: ${head}`);
    const whole = headEnd + 4 + Number(match[1]);
    if (pieces.length < whole) return;
    this.whole = whole;
    // With the line ends around it, a digit more or less cannot go unseen.
    this.lengthStart = match.index;
    this.lengthText = Buffer.from(match[0], 'latin1');
    this.pieces = undefined;
    this.filled = whole;
    this.answer = pieces;
    this.onAnswer(this, pieces[9] === 0x32);
  }

  /** The answer just received. */
  text() {
    return this.answer.toString('latin1', 0, this.filled);
  }

  close() {
    this.socket.removeAllListeners('error');
    this.socket.removeAllListeners('close');
    this.socket.on('error', () => {});
    this.socket.destroy();
  }
}
