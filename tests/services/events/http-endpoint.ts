// An HTTP server on this machine that events are sent to: keeps what it got, answers as the test says.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class HttpEndpoint {
  readonly got: Got[] = [];
  /** Requests that nobody has answered and whose client still waits: now, and at the most. */
  private openCount = 0;
  openMax = 0;
  answer: (got: Got, response: ServerResponse) => void = (_got, response) => response.end();
  private constructor(private readonly server: Server) {}

  static async open(): Promise<HttpEndpoint> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => {
        body += piece;
      });
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const got = { method, url, headers, body };
        endpoint.got.push(got);
        endpoint.openCount += 1;
        endpoint.openMax = Math.max(endpoint.openMax, endpoint.openCount);
        response.once('close', () => {
          endpoint.openCount -= 1;
        });
        endpoint.answer(got, response);
      });
    });
    const endpoint = new HttpEndpoint(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
