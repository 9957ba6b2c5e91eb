// What works outside the cell for it: the runner of functions, the client of HTTP endpoints, the signer of notifications.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '#cell/cell.ts';
import type { Performer } from '#cell/ports.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { channelPerformers } from '#runtime/channels/performers.ts';
import type { ServerClock } from '#runtime/clock.ts';
import { FunctionRunner } from '#runtime/functions/function-runner.ts';
import { handOverLines } from '#runtime/functions/hand-over-lines.ts';
import { functionPerformers, whyNotRunnable } from '#runtime/functions/performers.ts';
import { lakePerformers } from '#runtime/lake/performers.ts';
import { objectPerformers } from '#runtime/objects/performers.ts';
import { HttpClient } from '#runtime/outbound/http-client.ts';
import { OutboundGuard } from '#runtime/outbound/outbound-guard.ts';
import { outboundPerformers } from '#runtime/outbound/performers.ts';
import { NotificationKey } from '#runtime/signing/notification-key.ts';
import type { Engine } from '#storage/journal.ts';
import type { Config } from './config/config.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { StaticFile } from './static-files.ts';

export interface Performers {
  /** By the name that services give. */
  readonly byName: ReadonlyMap<string, Performer>;
  readonly signer: NotificationKey;
  readonly staticFiles: () => readonly StaticFile[];
  /** Why no program of this machine can run a runtime, or undefined when one can. */
  whyNotRunnable(runtime: string): Promise<string | undefined>;
  /** Once the cell is open: what functions write while they run goes there. */
  attach(cell: Cell): void;
  /** Work that makes the first requests quick; called when the server is ready. */
  warmUp(): Promise<void>;
  close(): void;
}

export interface PerformerParts {
  readonly config: Pick<Config, 'isEphemeral' | 'dataDir' | 'outbound'>;
  readonly engine: Engine;
  readonly clock: ServerClock;
  readonly diagnostics: Diagnostics;
  /** Where this server listens: `http://127.0.0.1:4566`. */
  readonly url: string;
}

export async function buildPerformers(parts: PerformerParts): Promise<Performers> {
  const { config, engine, clock, diagnostics, url } = parts;
  const signer = await NotificationKey.open(engine.blobs, (error) =>
    diagnostics.problem('the key that signs notifications could not be kept', error),
  );
  const folder = emptyFunctionFolder(config);
  const runner = new FunctionRunner({
    folder,
    loadCode: (code) => engine.blobs.get(code),
    nowMs: () => clock.nowMs(),
  });
  const client = new HttpClient({ guard: new OutboundGuard(config.outbound, Number(new URL(url).port || '80')) });
  const lake = lakePerformers({ blobs: engine.blobs, client });
  return {
    byName: new Map([
      ...functionPerformers(runner, engine.blobs),
      ...outboundPerformers(client),
      ...blockPerformers(engine.blobs),
      ...channelPerformers(engine.blobs),
      ...objectPerformers(engine.blobs),
      ...lake.byName,
    ]),
    signer,
    staticFiles: () => [
      { path: signer.certificatePath, contentType: 'application/x-pem-file', content: signer.certificate },
    ],
    whyNotRunnable: (runtime) => whyNotRunnable(runner, runtime),
    attach(cell) {
      runner.sink = handOverLines(cell);
    },
    warmUp: () => signer.prepare(),
    close() {
      client.close();
      void lake.close();
      runner.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Unpacked code and scratch files: made anew by every process, from the packages in the store. */
function emptyFunctionFolder({ isEphemeral, dataDir }: PerformerParts['config']): string {
  if (isEphemeral) return mkdtempSync(join(tmpdir(), 'eddy-functions-'));
  const folder = join(dataDir, 'functions');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return folder;
}
