// Records into shards. All that a request brings for a shard is one payload and one fact. Who calls has checked the records: nothing here refuses.

import { RecordsPut } from './facts.ts';
import { BatchWriter } from './record-batch.ts';
import { sealIfFull } from './sealing.ts';
import { STEP, sequenceNumber } from './sequence-number.ts';
import type { Shard, Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';
import { wakeKeyOf } from './wake-key.ts';

/** Records of one request for one shard, while they are gathered. */
class Gathered {
  readonly writer = new BatchWriter();
  shard!: Shard;
  private nextNumber = 0n;

  begin(shard: Shard, atMs: number): void {
    this.writer.reset();
    this.shard = shard;
    this.nextNumber = sequenceNumber(shard.doc, shard.log.endPlace, atMs);
  }

  /** Returns the record's sequence number. */
  add(partitionKey: string, data: Uint8Array): string {
    this.writer.add(partitionKey, data);
    const number = this.nextNumber;
    this.nextNumber += STEP;
    return String(number);
  }
}

/** Kept for the next request: no request reaches into another one. */
const pool: Gathered[] = [];
/** A request with large records leaves large writers: those are not kept. */
const KEPT_BYTES_MAX = 1024 * 1024;
const KEPT_MAX = 64;

/** What one request puts into a stream. `add` for each record, then `commit`. */
export class Putting {
  private readonly byShard = new Map<Shard, Gathered>();

  constructor(
    private readonly turn: KinesisTurn,
    private readonly stream: Stream,
  ) {}

  /** Returns the record's sequence number. */
  add(shard: Shard, partitionKey: string, data: Uint8Array): string {
    let gathered = this.byShard.get(shard);
    if (gathered === undefined) {
      gathered = pool.pop() ?? new Gathered();
      gathered.begin(shard, this.turn.nowMs);
      this.byShard.set(shard, gathered);
    }
    return gathered.add(partitionKey, data);
  }

  commit(): void {
    const { turn, stream } = this;
    for (const [shard, gathered] of this.byShard) {
      const { writer } = gathered;
      turn.record(RecordsPut, {
        stream: stream.doc.number,
        shard: shard.doc.index,
        payload: turn.storePayload(writer.bytes),
        count: writer.count,
        atMs: turn.nowMs,
      });
      sealIfFull(turn, shard);
      if (pool.length < KEPT_MAX && writer.bytes.length <= KEPT_BYTES_MAX) pool.push(gathered);
    }
    if (this.byShard.size > 0) turn.wake(wakeKeyOf(stream.doc.arn));
  }
}
