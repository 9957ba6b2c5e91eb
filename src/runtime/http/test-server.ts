// For tests: the server on a free port with a clock that only the test moves, recording what reached the handler.

import type { WireRequest } from '#wire/http-message.ts';
import type { Exchange, HttpDiagnostic } from './exchange.ts';
import type { HttpServer, HttpServerOptions } from './http-server.ts';
import { createHttpServer } from './http-server.ts';
import { RawClient } from './raw-client.ts';

export interface TestServer {
  readonly server: HttpServer;
  readonly port: number;
  readonly requests: WireRequest[];
  readonly diagnostics: HttpDiagnostic[];
  /** Exchanges whose request's path begins with `/wait`: the test answers them. */
  readonly waiting: Exchange[];
  client(): Promise<RawClient>;
  /** Moves the time and has the server look at it. */
  pass(ms: number): void;
  /** Lets the event loop turn until the claim holds. */
  until(claim: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestServer(options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  let monotonicMs = 0;
  const requests: WireRequest[] = [];
  const diagnostics: HttpDiagnostic[] = [];
  const waiting: Exchange[] = [];
  const clients: RawClient[] = [];
  const server = createHttpServer({
    onRequest(request, exchange) {
      requests.push(request);
      if (request.path.startsWith('/wait')) waiting.push(exchange);
      else exchange.reply({ status: 200, headers: [['X-Path', request.path]], body: request.body });
    },
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    clock: { wallMs: () => Date.UTC(2026, 0, 2, 3, 4, 5) + monotonicMs, monotonicMs: () => monotonicMs },
    ...options,
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    port,
    requests,
    diagnostics,
    waiting,
    async client() {
      const client = await RawClient.connect(port);
      clients.push(client);
      return client;
    },
    pass(ms) {
      monotonicMs += ms;
      server.tick();
    },
    async until(claim) {
      while (!claim()) await new Promise((resolve) => setImmediate(resolve));
    },
    async stop() {
      for (const client of clients) client.destroy();
      await server.close({ graceMs: 0 });
    },
  };
}
