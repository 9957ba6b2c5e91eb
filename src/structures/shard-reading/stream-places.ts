// Where readers stand in the shards of their streams: what outlives the process. One `StreamPlaces` holds all readers of a service, by their keys; it changes by the
// service's facts only.

import type { ByteReader, ByteWriter } from '#base/bytes.ts';
import { advanced, type ShardProgress, withLanes } from './progress.ts';
import type { Window } from './records.ts';

export interface ShardPlaces {
  readonly progress: ShardProgress;
  readonly isFinished: boolean;
  readonly window?: Window;
}

export interface ReaderPlaces {
  /** Of the stream: another one of the same name is read from its beginning. */
  readonly createdAtMs: number;
  readonly shards: Map<string, ShardPlaces>;
}

/** A shard that a reader begins with. `isFinished`: it is not read, and its children may begin. */
export interface BegunShard {
  readonly shardId: string;
  readonly place: number;
  readonly isFinished: boolean;
}

export class StreamPlaces {
  private readonly readers = new Map<string, ReaderPlaces>();

  of(reader: string): ReaderPlaces | undefined {
    return this.readers.get(reader);
  }

  begin(reader: string, createdAtMs: number, begun: readonly BegunShard[]): void {
    let places = this.readers.get(reader);
    if (places === undefined || places.createdAtMs !== createdAtMs) {
      places = { createdAtMs, shards: new Map() };
      this.readers.set(reader, places);
    }
    for (const { shardId, place, isFinished } of begun) {
      places.shards.set(shardId, { progress: { lanes: [place], earlier: [] }, isFinished });
    }
  }

  /** `window`: undefined leaves it as it is, null ends it. */
  advance(reader: string, shardId: string, given: { lanes: readonly number[]; window?: Window | null }): void {
    const places = this.readers.get(reader);
    const shard = places?.shards.get(shardId);
    if (places === undefined || shard === undefined) return;
    const progress = advanced(withLanes(shard.progress, given.lanes.length), given.lanes);
    const window = given.window === undefined ? shard.window : (given.window ?? undefined);
    places.shards.set(shardId, { progress, isFinished: false, ...(window === undefined ? {} : { window }) });
  }

  finish(reader: string, shardId: string): void {
    const places = this.readers.get(reader);
    const shard = places?.shards.get(shardId);
    if (shard !== undefined) places?.shards.set(shardId, { progress: shard.progress, isFinished: true });
  }

  /** Shards that the stream does not have any more. */
  forget(reader: string, shardIds: readonly string[]): void {
    for (const shardId of shardIds) this.readers.get(reader)?.shards.delete(shardId);
  }

  drop(reader: string): void {
    this.readers.delete(reader);
  }

  encode(writer: ByteWriter): void {
    writer.varint(this.readers.size);
    for (const [reader, { createdAtMs, shards }] of this.readers) {
      writer.text(reader);
      writer.f64(createdAtMs);
      writer.text(JSON.stringify([...shards]));
    }
  }

  restore(reader: ByteReader): void {
    this.readers.clear();
    for (let left = reader.varint(); left > 0; left -= 1) {
      const key = reader.text();
      const createdAtMs = reader.f64();
      const shards = new Map(JSON.parse(reader.text()) as [string, ShardPlaces][]);
      this.readers.set(key, { createdAtMs, shards });
    }
  }
}
