// One server from opening to its end. It listens first and opens the store then: a busy port is known before anything is touched, and
// whoever connects early is told to come back. Ending is opening backwards: stop accepting, answer long polls, let work in progress end,
// write a snapshot, release the store.

import { StartupProblem } from '#base/startup-problem.ts';
import type { Exchange } from '#runtime/http/exchange.ts';
import { createHttpServer, type HttpServer } from '#runtime/http/http-server.ts';
import { withoutRemains } from '#runtime/start-memory.ts';
import type { WireRequest } from '#wire/http-message.ts';
import type { Assembled } from './assemble.ts';
import { bodyBytesMaxOf } from './body-limits.ts';
import type { Config } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import { openEngine } from './open-engine.ts';

/** How long work in progress may take when the server ends. */
const GRACE_MS = 10_000;
/** How often long polls that come in while draining are ended. */
const DRAIN_STEP_MS = 50;

export type Phase = 'starting' | 'ready' | 'draining';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function openServer(
  config: Config,
  diagnostics: Diagnostics,
  onFatal: (error: Error) => void,
): Promise<RunningServer> {
  const server = new Server(config, diagnostics, onFatal);
  await server.open();
  return server;
}

class Server implements RunningServer {
  url = '';
  private phase: Phase = 'starting';
  private handle: (request: WireRequest, exchange: Exchange) => void = refuseEarly;
  private readonly http: HttpServer;
  private parts: Assembled | undefined;

  constructor(
    private readonly config: Config,
    private readonly diagnostics: Diagnostics,
    private readonly onFatal: (error: Error) => void,
  ) {
    this.http = createHttpServer({
      onRequest: (request, exchange) => this.handle(request, exchange),
      bodyBytesMax: bodyBytesMaxOf,
      streamsBody: (head) => this.phase !== 'starting' && this.parts?.streamsBody(head) === true,
      undoesContentEncoding: (head) => this.parts?.undoesContentEncoding(head) ?? true,
    });
  }

  async open(): Promise<void> {
    this.url = await this.listen();
    try {
      this.parts = await withoutRemains(() => this.openParts());
      this.handle = this.parts.handle;
    } catch (error) {
      await this.http.close({ graceMs: 0 });
      throw error;
    }
    this.phase = 'ready';
  }

  async close(): Promise<void> {
    this.phase = 'draining';
    const { parts } = this;
    if (parts === undefined) {
      await this.http.close({ graceMs: 0 });
      return;
    }
    const { cell, clock, performers, engine, tail } = parts;
    const closed = this.http.close({ graceMs: GRACE_MS });
    tail.close();
    cell.endParked();
    const step = setInterval(() => cell.endParked(), DRAIN_STEP_MS);
    await closed;
    clearInterval(step);
    clock.stop();
    cell.drain();
    await Promise.race([cell.whenIdle(), new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref())]);
    performers.close();
    await cell.close();
    await engine.close();
  }

  private async listen(): Promise<string> {
    const { host, port } = this.config;
    try {
      const address = await this.http.listen({ host, port });
      return `http://${reachableName(host)}:${address.port}`;
    } catch (error) {
      throw listenProblem(error as NodeJS.ErrnoException, host, port);
    }
  }

  /** The services are loaded while the store is opened: one waits for the disk, the other for the processor. */
  private async openParts(): Promise<Assembled> {
    const { config, diagnostics, url, onFatal } = this;
    const loading = import('./assemble.ts');
    const engine = await openEngine(config, (line) => diagnostics.info(line));
    try {
      const { assemble } = await loading;
      return await assemble({ config, diagnostics, engine, url, onFatal, phase: () => this.phase });
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
}

/** How a client of this machine reaches what listens on `host`. */
function reachableName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function refuseEarly(_request: WireRequest, exchange: Exchange): void {
  const body = '{"__type":"ServiceUnavailable","message":"Eddy is starting. Try again in a moment."}';
  const headers: [string, string][] = [
    ['Content-Type', 'application/json'],
    ['Retry-After', '1'],
  ];
  exchange.reply({ status: 503, headers, body });
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartupProblem('NET-01', `Another process listens on ${where}; take another port with --port.`);
    case 'EACCES':
      return new StartupProblem('NET-01', `This user may not listen on ${where}; take a port above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupProblem('NET-01', `${host} is no address of this machine; name one with --host.`);
    default:
      return new StartupProblem('NET-01', `Eddy cannot listen on ${where}: ${error.message}.`);
  }
}
