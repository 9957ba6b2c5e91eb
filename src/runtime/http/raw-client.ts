// For tests: a client that writes bytes as they are and reads answers back, so that wrong HTTP can be sent and no client library smooths over
// what the server did. Waiting is for bytes or for the end of the connection, never for time.

import type { Socket } from 'node:net';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class RawClient {
  private bytes = Buffer.alloc(0);
  private isClosed = false;
  private wake: () => void = () => {};

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.bytes = Buffer.concat([this.bytes, bytes]);
      this.wake();
    });
    // A reset is one of the ways in which a server may close.
    socket.on('error', () => {});
    socket.on('end', () => this.closed());
    socket.on('close', () => this.closed());
  }

  private closed(): void {
    this.isClosed = true;
    this.wake();
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }, () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
      socket.once('error', reject);
    });
  }

  send(data: string | Uint8Array): void {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  private async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      if (this.isClosed) throw new Error(`the connection was closed after ${JSON.stringify(this.bytes.toString())}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Everything up to and including `text`. */
  async textUntil(text: string): Promise<string> {
    await this.until(() => this.bytes.includes(text, 0, 'latin1'));
    const end = this.bytes.indexOf(text, 0, 'latin1') + text.length;
    const before = this.bytes.toString('latin1', 0, end);
    this.bytes = this.bytes.subarray(end);
    return before;
  }

  /** The next answer; it must have a Content-Length unless it cannot have a body. */
  async answer(options: { hasBody: boolean } = { hasBody: true }): Promise<RawAnswer> {
    const [first = '', ...lines] = (await this.textUntil('\r\n\r\n')).trimEnd().split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines)
      headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 2);
    const length = options.hasBody ? Number(headers['content-length'] ?? 0) : 0;
    await this.until(() => this.bytes.length >= length);
    const body = this.bytes.toString('utf8', 0, length);
    this.bytes = this.bytes.subarray(length);
    return { status: Number(first.split(' ')[1]), headers, body };
  }

  /** What the server still sent before it closed the connection. */
  async rest(): Promise<string> {
    while (!this.isClosed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.bytes.toString('latin1');
  }

  /** Closes this side only. */
  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }
}
