// Records into shards. All that a request brings for a shard is one payload and one fact. Who calls has checked the records: nothing here refuses.

import { wakeSubscribers } from './consumers/waking.ts';
import type { ShardDoc } from './documents.ts';
import { RecordsPut } from './facts.ts';
import { growIfBusy } from './on-demand.ts';
import { BatchWriter } from './record-batch.ts';
import { sealIfFull } from './sealing.ts';
import { SequenceDigits } from './sequence-digits.ts';
import type { Shard, Stream } from './shard.ts';
import type { KinesisTurn } from './state.ts';
import { wakeKeyOf } from './wake-key.ts';

export interface NewRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly atMs: number;
}

/** Records of one request for one shard, while they are gathered. */
class Gathered {
  readonly writer = new BatchWriter();
  dataBytes = 0;

  /** `sequence`: of the last record. */
  constructor(public sequence: SequenceDigits) {}

  add({ doc, log }: Shard, { partitionKey, data, atMs }: NewRecord): void {
    this.sequence.moveTo(doc, log.endPlace + this.writer.count, atMs);
    this.writer.add(partitionKey, data);
    this.dataBytes += data.length;
  }
}

/** Where each shard's numbers are: the next record's is counted from there. Nothing of it is state. */
const sequences = new WeakMap<ShardDoc, SequenceDigits>();

function sequenceOf({ doc }: Shard): SequenceDigits {
  let sequence = sequences.get(doc);
  if (sequence === undefined) {
    sequence = new SequenceDigits();
    sequences.set(doc, sequence);
  }
  return sequence;
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

  /** Returns the record's sequence number; valid until the next record. */
  add(shard: Shard, partitionKey: string, data: Uint8Array): SequenceDigits {
    let gathered = this.byShard.get(shard);
    if (gathered === undefined) {
      gathered = pool.pop() ?? new Gathered(sequenceOf(shard));
      gathered.writer.reset();
      gathered.dataBytes = 0;
      gathered.sequence = sequenceOf(shard);
      this.byShard.set(shard, gathered);
    }
    gathered.add(shard, { partitionKey, data, atMs: this.turn.nowMs });
    return gathered.sequence;
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
        place: shard.log.endPlace,
      });
      shard.counters.incomingRecords += writer.count;
      shard.counters.incomingBytes += gathered.dataBytes;
      sealIfFull(turn, shard);
      wakeSubscribers(turn, shard);
      growIfBusy(turn, stream, { shard, records: writer.count, bytes: writer.bytes.length });
      if (pool.length < KEPT_MAX && writer.bytes.length <= KEPT_BYTES_MAX) pool.push(gathered);
    }
    if (this.byShard.size > 0) turn.wake(wakeKeyOf(stream.doc.arn));
  }
}
