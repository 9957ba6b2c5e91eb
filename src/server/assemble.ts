// Everything that an opened store needs to serve: clock, performers, cell, gateway. Loaded while the store is opened.

import { Cell } from '#cell/cell.ts';
import { ServerClock, systemTime } from '#runtime/clock.ts';
import { nodeDigest } from '#runtime/digest.ts';
import { SystemEntropy } from '#runtime/entropy.ts';
import type { Exchange } from '#runtime/http/exchange.ts';
import type { HeadView } from '#runtime/http/http-context.ts';
import type { Engine } from '#storage/journal.ts';
import type { WireRequest } from '#wire/http-message.ts';
import { buildPerformers, type Performers } from './build-performers.ts';
import { buildGateway } from './compose.ts';
import type { Config, RootKey } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Phase } from './lifecycle.ts';
import { streamsBody, undoesContentEncoding } from './objects/uploads.ts';
import { ensureRootKey, newRootKey } from './root-key-file.ts';
import { buildServices, buildWireServices } from './services.ts';
import { Tail } from './tail.ts';
import { planWarmUp } from './warm-up.ts';
import { offerWebhooks } from './webhooks/receive.ts';

export interface Assembled {
  readonly engine: Engine;
  readonly cell: Cell;
  readonly clock: ServerClock;
  readonly performers: Performers;
  readonly tail: Tail;
  readonly handle: (request: WireRequest, exchange: Exchange) => void;
  /** What the HTTP server asks of a request whose head alone is there. */
  readonly streamsBody: (head: HeadView) => boolean;
  readonly undoesContentEncoding: (head: HeadView) => boolean;
}

export interface AssembleOptions {
  readonly config: Config;
  readonly diagnostics: Diagnostics;
  readonly engine: Engine;
  readonly url: string;
  readonly onFatal: (error: Error) => void;
  readonly phase: () => Phase;
}

export async function assemble(options: AssembleOptions): Promise<Assembled> {
  const { config, diagnostics, engine, url, onFatal, phase } = options;
  const advertisedUrl = config.advertisedUrl ?? url;
  const clock = new ServerClock(systemTime);
  if (config.clock === 'frozen') clock.freeze();
  const entropy = new SystemEntropy();
  const tail = new Tail();
  const performers = await buildPerformers({ config, engine, clock, diagnostics, url });
  const services = buildServices({ signer: performers.signer });
  const cell: Cell = new Cell({
    ports: {
      engine,
      clock,
      digest: nodeDigest,
      entropy,
      performers: performers.byName,
      onFatal,
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
  await offerWebhooks(cell, config.webhooks);
  const rootKey = rootKeyOf(config);
  const wire = buildWireServices();
  const handle = buildGateway({
    config,
    cell,
    clock,
    entropy,
    diagnostics,
    tail,
    rootKey,
    url,
    services,
    wire,
    signer: performers.signer,
    whyNotRunnable: performers.whyNotRunnable,
    staticFiles: performers.staticFiles,
    phase,
  });
  const onColdStart = (error: unknown): void => diagnostics.problem('warming up failed', error);
  performers.warmUp().catch(onColdStart);
  planWarmUp(onColdStart);
  return {
    engine,
    cell,
    clock,
    performers,
    tail,
    handle,
    streamsBody: (head) => streamsBody(wire, head),
    undoesContentEncoding: (head) => undoesContentEncoding(wire, head),
  };
}

/** Wanted where keys are checked; made once when none was given. */
function rootKeyOf(config: Config): RootKey | undefined {
  if (config.rootKey !== undefined) return config.rootKey;
  if (config.auth !== 'strict' && config.iam !== 'enforce') return undefined;
  return config.isEphemeral ? newRootKey() : ensureRootKey(config.dataDir);
}
