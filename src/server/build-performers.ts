// What works outside the cell for it: the runner of functions, the signer of notifications.

import type { Performer } from '#cell/ports.ts';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import type { StaticFile } from './static-files.ts';

export interface Performers {
  /** By the name that services give. */
  readonly byName: ReadonlyMap<string, Performer>;
  readonly signer: NotificationSigner | undefined;
  readonly staticFiles: readonly StaticFile[];
  close(): Promise<void>;
}

export async function buildPerformers(): Promise<Performers> {
  return { byName: new Map(), signer: undefined, staticFiles: [], close: async () => {} };
}
