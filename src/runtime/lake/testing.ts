// A lake over a store in memory, for tests: performers called by name, with records instead of packs.

import { afterEach } from 'vitest';
import { encodePack, type FirehoseRecord } from '#services/firehose/record-pack.ts';
import type { BlobStore } from '#storage/journal.ts';
import { openMemoryEngine } from '#storage/memory/memory-engine.ts';
import { HttpClient } from '../outbound/http-client.ts';
import { OutboundGuard } from '../outbound/outbound-guard.ts';
import { type Lake, type LakeParts, lakePerformers } from './performers.ts';

export interface TestLake {
  readonly lake: Lake;
  readonly blobs: BlobStore;
  /** Each list of records is a pack of its own. */
  perform<T>(name: string, input: object, ...packs: readonly (readonly TestRecord[])[]): Promise<T>;
  /** The bytes of a blob. */
  bytes(blob: string): Promise<Buffer>;
}

export type TestRecord = string | Uint8Array | Partial<FirehoseRecord>;

const LOOPBACK_ONLY = { allowsLoopback: true, allowsPrivate: false, allowsPublic: false, ranges: [] };

/** Ended after the test. */
export function testLake(options: Partial<LakeParts> = {}): TestLake {
  const { blobs } = openMemoryEngine({ schedule: queueMicrotask, secret: new Uint8Array(32) });
  const client = new HttpClient({ guard: new OutboundGuard(LOOPBACK_ONLY, 1) });
  const lake = lakePerformers({ blobs, client, ...options });
  opened.push(async () => {
    client.close();
    await lake.close();
  });
  return {
    lake,
    blobs,
    async perform<T>(name: string, input: object, ...packs: readonly (readonly TestRecord[])[]): Promise<T> {
      const performer = lake.byName.get(name);
      if (performer === undefined) throw new Error(`no performer ${name}`);
      const payloads = packs.map((records) => encodePack(records.map(recordOf)));
      return (await performer({ input: { blocks: [], ...input }, payloads })) as T;
    },
    async bytes(blob) {
      return Buffer.from((await blobs.get(blob)) ?? []);
    },
  };
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

export const ARRIVED_AT_MS = Date.UTC(2026, 1, 25, 13);

function recordOf(record: TestRecord): FirehoseRecord {
  if (typeof record === 'string') return { arrivedAtMs: ARRIVED_AT_MS, data: Buffer.from(record) };
  if (record instanceof Uint8Array) return { arrivedAtMs: ARRIVED_AT_MS, data: record };
  return { arrivedAtMs: ARRIVED_AT_MS, data: new Uint8Array(0), ...record };
}
