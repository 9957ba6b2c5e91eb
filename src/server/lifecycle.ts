// One server from opening to its end. It listens first and opens the store then: a busy port is known before anything is touched, and
// whoever connects early is told to come back. Ending is opening backwards: stop accepting, answer long polls, let work in progress end,
// write a snapshot, release the store.

import { StartupProblem } from '#base/startup-problem.ts';
import { Cell } from '#cell/cell.ts';
import { ServerClock, systemTime } from '#runtime/clock.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { SystemEntropy } from '#runtime/entropy.ts';
import type { Exchange } from '#runtime/http/exchange.ts';
import { createHttpServer, type HttpServer } from '#runtime/http/http-server.ts';
import type { Engine } from '#storage/journal.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { buildPerformers, type Performers } from './build-performers.ts';
import { buildGateway } from './compose.ts';
import { type Config, isLoopback, type RootKey } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import { openEngine } from './open-engine.ts';
import { ensureRootKey, newRootKey } from './root-key-file.ts';
import { buildServices, buildWireServices } from './services.ts';
import { Tail } from './tail.ts';

/** How long work in progress may take when the server ends. */
const GRACE_MS = 10_000;
/** How often long polls that come in while draining are ended. */
const DRAIN_STEP_MS = 50;

export type Phase = 'starting' | 'ready' | 'draining';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Parts {
  readonly engine: Engine;
  readonly cell: Cell;
  readonly clock: ServerClock;
  readonly performers: Performers;
  readonly tail: Tail;
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
  private parts: Parts | undefined;

  constructor(
    private readonly config: Config,
    private readonly diagnostics: Diagnostics,
    private readonly onFatal: (error: Error) => void,
  ) {
    this.http = createHttpServer({ onRequest: (request, exchange) => this.handle(request, exchange) });
  }

  async open(): Promise<void> {
    this.url = await this.listen();
    try {
      this.parts = await this.openParts();
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
      const shown = isLoopback(host) || host.includes('.') ? host : `[${host.replace(/^\[|\]$/g, '')}]`;
      const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : shown === '::1' ? '[::1]' : shown;
      return `http://${name}:${address.port}`;
    } catch (error) {
      throw listenProblem(error as NodeJS.ErrnoException, host, port);
    }
  }

  private async openParts(): Promise<Parts> {
    const { config, diagnostics, url } = this;
    const engine = await openEngine(config, (line) => diagnostics.info(line));
    try {
      return await this.openOn(engine, config.advertisedUrl ?? url);
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  private async openOn(engine: Engine, advertisedUrl: string): Promise<Parts> {
    const { config, diagnostics, url } = this;
    const clock = new ServerClock(systemTime);
    const entropy = new SystemEntropy();
    const tail = new Tail();
    const performers = await buildPerformers({ config, engine, clock, diagnostics });
    const services = buildServices({ signer: performers.signer });
    const cell: Cell = new Cell({
      ports: {
        engine,
        clock,
        digest: nodeDigest,
        entropy,
        performers: performers.byName,
        onFatal: this.onFatal,
        onDiagnostic: (line, error) => diagnostics.problem(line, error),
        get onEntry() {
          return tail.onEntry;
        },
      },
      services,
      iamMode: config.iam,
      limits: { mode: config.limits },
      advertisedUrl,
    });
    await cell.open();
    performers.attach(cell);
    if (config.clock === 'frozen') clock.freeze();
    const rootKey = this.rootKey();
    this.handle = buildGateway({
      config,
      cell,
      clock,
      entropy,
      diagnostics,
      tail,
      rootKey,
      url,
      services,
      wire: buildWireServices(),
      signer: performers.signer,
      whyNotRunnable: performers.whyNotRunnable,
      staticFiles: performers.staticFiles,
      phase: () => this.phase,
    });
    performers.warmUp().catch((error: unknown) => diagnostics.problem('warming up failed', error));
    return { engine, cell, clock, performers, tail };
  }

  /** Wanted where keys are checked; made once when none was given. */
  private rootKey(): RootKey | undefined {
    const { config } = this;
    if (config.rootKey !== undefined) return config.rootKey;
    if (config.auth !== 'strict' && config.iam !== 'enforce') return undefined;
    return config.isEphemeral ? newRootKey() : ensureRootKey(config.dataDir);
  }
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
