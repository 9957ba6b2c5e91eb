// What works outside the cell for it: the signer of notifications, and later the runner of functions.

import type { Performer } from '#cell/ports.ts';
import { NotificationKey } from '#runtime/signing/notification-key.ts';
import type { Engine } from '#storage/journal.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { StaticFile } from './static-files.ts';

export interface Performers {
  /** By the name that services give. */
  readonly byName: ReadonlyMap<string, Performer>;
  readonly signer: NotificationKey;
  readonly staticFiles: () => readonly StaticFile[];
  /** Work that makes the first requests quick; called when the server is ready. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

export interface PerformerParts {
  readonly engine: Engine;
  readonly diagnostics: Diagnostics;
}

export async function buildPerformers({ engine, diagnostics }: PerformerParts): Promise<Performers> {
  const signer = await NotificationKey.open(engine.blobs, (error) =>
    diagnostics.problem('the key that signs notifications could not be kept', error),
  );
  return {
    byName: new Map(),
    signer,
    staticFiles: () => [
      { path: signer.certificatePath, contentType: 'application/x-pem-file', content: signer.certificate },
    ],
    warmUp: () => signer.prepare(),
    close: async () => {},
  };
}
