// A reader at work on its stream: a `ShardReader` for each shard that it is in. Lost with the process, and made anew when the reader's settings change, once nothing
// is under way any more.

import type { ReadingSettings, ReadRecord, Work } from './records.ts';
import { type ReadWish, ShardReader } from './shard-reader.ts';
import type { ReaderPlaces } from './stream-places.ts';

export interface ShardLook {
  readonly shardId: string;
  readonly endPlace: number;
  readonly isClosed: boolean;
}

export class StreamRun<R extends ReadRecord, C = unknown> {
  readonly readers = new Map<string, ShardReader<R>>();
  /** The timer that was asked for. */
  waitUntilMs: number | undefined;

  private readonly settings: ReadingSettings & { ageMsMax: number };

  constructor(
    /** Answers to an earlier run are none of this one's. */
    readonly id: number,
    /** What the settings were read from: another object means other settings. */
    public cause: C,
    settings: ReadingSettings,
  ) {
    this.settings = { ...settings };
  }

  /** Also of records that are here already: a stream may come to keep its records for another time. */
  set ageMsMax(ms: number) {
    this.settings.ageMsMax = ms;
  }

  get isUnderWay(): boolean {
    for (const reader of this.readers.values()) if (reader.isUnderWay) return true;
    return false;
  }

  /** Brings the readers in line with the shards that were begun and are not finished. */
  follow(places: ReaderPlaces): void {
    for (const [shardId, shard] of places.shards) {
      if (shard.isFinished) this.readers.delete(shardId);
      else if (!this.readers.has(shardId)) this.readers.set(shardId, new ShardReader<R>(shardId, this.settings, shard));
    }
    for (const shardId of this.readers.keys()) if (!places.shards.has(shardId)) this.readers.delete(shardId);
  }

  /** What to read now. `room`: how many bytes all runs of the service may still take; one that holds nothing may always read from one shard. */
  wishes(shards: readonly ShardLook[], room: number): { readonly shardId: string; readonly wish: ReadWish }[] {
    const wishes: { readonly shardId: string; readonly wish: ReadWish }[] = [];
    let left = this.heldBytes === 0 ? Math.max(room, 1) : room;
    for (const shard of shards) {
      if (left <= 0) break;
      const wish = this.readers.get(shard.shardId)?.wish(shard);
      if (wish === undefined) continue;
      wishes.push({ shardId: shard.shardId, wish });
      left -= wish.bytesMax;
    }
    return wishes;
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const reader of this.readers.values()) bytes += reader.heldBytes;
    return bytes;
  }

  takeExpired(nowMs: number): { readonly reader: ShardReader<R>; readonly work: Work<R> } | undefined {
    for (const reader of this.readers.values()) {
      const work = reader.takeExpired(nowMs);
      if (work !== undefined) return { reader, work };
    }
    return undefined;
  }

  /** Shards take turns: whose batch was taken comes last the next time. */
  takeWork(nowMs: number): { readonly reader: ShardReader<R>; readonly work: Work<R> } | undefined {
    for (const [shardId, reader] of this.readers) {
      const work = reader.takeWork(nowMs);
      if (work === undefined) continue;
      this.readers.delete(shardId);
      this.readers.set(shardId, reader);
      return { reader, work };
    }
    return undefined;
  }

  finished(): string[] {
    return [...this.readers.values()].filter((reader) => reader.isFinished).map(({ shardId }) => shardId);
  }

  /** The time to look again, when it is another one than was asked for; undefined: nothing to ask. `isBlocked`: work waits for its reader's capacity. */
  wait(nowMs: number, isBlocked: boolean): number | undefined {
    let dueAtMs: number | undefined;
    for (const reader of this.readers.values()) {
      for (const own of [reader.dueAtMs, isBlocked ? reader.expiresAtMs : undefined]) {
        if (own !== undefined && own > nowMs) dueAtMs = Math.min(dueAtMs ?? own, own);
      }
    }
    const isAsked = this.waitUntilMs !== undefined && this.waitUntilMs > nowMs && this.waitUntilMs <= (dueAtMs ?? 0);
    if (dueAtMs === undefined || isAsked) return undefined;
    this.waitUntilMs = dueAtMs;
    return dueAtMs;
  }
}

/** What a read is about: its answer finds the reader by it. */
export function readSubject({ id }: { readonly id: number }, shardId: string, key: string): string {
  return `${id}/${shardId}/${key}`;
}

/** Undefined: the read was for settings that are no more, or for a reader that is gone. `runs`: by key. */
export function readerOf<R extends ReadRecord, C>(
  runs: ReadonlyMap<string, StreamRun<R, C>>,
  subject: string,
):
  | { readonly key: string; readonly shardId: string; readonly run: StreamRun<R, C>; readonly reader: ShardReader<R> }
  | undefined {
  const [id = '', shardId = '', ...rest] = subject.split('/');
  const key = rest.join('/');
  const run = runs.get(key);
  const reader = run?.readers.get(shardId);
  return run === undefined || reader === undefined || String(run.id) !== id ? undefined : { key, shardId, run, reader };
}

/** Of all records that readers hold: what they have been given is worked on before more is read. */
export const HELD_BYTES_MAX = 192 * 1024 * 1024;

export function roomFor(runs: Iterable<{ readonly heldBytes: number }>): number {
  let held = 0;
  for (const { heldBytes } of runs) held += heldBytes;
  return HELD_BYTES_MAX - held;
}
