// Which facts belong to records of delivery streams. What one call brought is a pack; its number in the lane says which batches it is in.
// Processing ends in packs of the next lane, and batches in objects, which are followed on.

import type { Cell } from '#cell/cell.ts';
import type { KeptBack } from '#services/firehose/facts.ts';
import { decodePack } from '#services/firehose/record-pack.ts';
import type { FirehoseState } from '#services/firehose/state.ts';
import { LANES } from '#services/firehose/state.ts';
import {
  type FollowedEntry,
  isFact,
  isOwnRequest,
  kindNeedles,
  type Learned,
  type ReadFact,
  stateOf,
} from './followed-entry.ts';
import type { ObjectTrail } from './object-trail.ts';
import type { RecordTrail } from './record-trail.ts';
import type { TrailFact } from './trail.ts';

export interface FollowedPack {
  /** Number of the delivery stream. */
  readonly stream: number;
  readonly lane: number;
  readonly sequence: number;
  /** When it came into the lane. */
  readonly atMs: number;
  isEnded: boolean;
}

const PACKS_MAX = 200;
const URLS_MAX = 100;
const DELIVER = LANES.indexOf('deliver');
const BATCH_FACTS: ReadonlySet<string> = new Set([
  ...['firehose.BatchEnded', 'firehose.BatchFailed', 'firehose.BatchNarrowed'],
  ...['firehose.SplunkBatchSent', 'firehose.CopyPlanned'],
]);
const FACTS: ReadonlySet<string> = new Set([...BATCH_FACTS, 'firehose.RecordsTransformed', 'firehose.SourcePaused']);

export class PackTrail {
  readonly packs: FollowedPack[] = [];
  /** `s3://bucket/key` of what its batches became. */
  readonly urls = new Set<string>();
  /** What the function kept back of its batch. */
  keptBack: KeptBack | undefined;
  /** Of the record that is asked about, when it was found. */
  data: Uint8Array | undefined;
  /** Streams that have read a followed record, by number and shard. */
  private readonly sources = new Set<string>();
  private readonly mine = new Set<TrailFact>();

  constructor(
    private readonly cell: Cell,
    private readonly learned: Learned,
    private readonly trails: {
      readonly records: RecordTrail;
      readonly objects: ObjectTrail;
      /** Of the record in its put. */
      readonly index: number;
    },
  ) {}

  get needles(): readonly Buffer[] {
    return this.packs.length === 0 ? [] : kindNeedles(this.cell, FACTS);
  }

  /** Before the other trails: objects that batches became. */
  learn(entry: FollowedEntry): void {
    const isRequest = isOwnRequest(entry, this.learned);
    for (const each of entry.facts) {
      if (each.service !== 'firehose') continue;
      if (each.name === 'RecordsPut' && (isRequest || this.learned.ids.has(String(each.fact['put']))))
        this.addPut(entry, each, this.trails.index);
      else if (each.name === 'SourceRecordsRead') this.followSource(entry, each);
      else if (BATCH_FACTS.has(`firehose.${each.name}`)) this.followBatch(entry, each);
    }
  }

  follow(entry: FollowedEntry, own: Set<TrailFact>): void {
    for (const each of entry.facts) {
      if (!isFact(each, 'firehose.RecordHandedOver') || !own.has(each)) continue;
      this.learned.ids.add(String(each.fact['put']));
      this.learn(entry);
    }
    for (const each of entry.facts) if (this.mine.has(each)) own.add(each);
    this.mine.clear();
  }

  private add(pack: Omit<FollowedPack, 'isEnded' | 'sequence'> & { readonly sequence: number | undefined }): void {
    const { stream, lane, sequence } = pack;
    if (sequence === undefined || this.packs.length >= PACKS_MAX) return;
    if (this.packs.some((one) => one.stream === stream && one.lane === lane && one.sequence === sequence)) return;
    this.packs.push({ ...pack, sequence, isEnded: false });
  }

  /** `which`: the record's number in the pack, or its sequence number in the stream it was read from. */
  private addPut(entry: FollowedEntry, each: ReadFact, which: number | string): void {
    const { stream, lane, sequence, backupSequence, atMs, payload } = each.fact as unknown as {
      readonly stream: number;
      readonly lane: number;
      readonly sequence: number | undefined;
      readonly backupSequence: number | undefined;
      readonly atMs: number;
      readonly payload: number | undefined;
    };
    this.mine.add(each);
    this.add({ stream, lane, sequence, atMs });
    this.add({ stream, lane: LANES.indexOf('backup'), sequence: backupSequence, atMs });
    const bytes = entry.bytesOf(payload);
    if (bytes === undefined) return;
    const records = decodePack(bytes);
    const record =
      typeof which === 'number' ? records[which] : records.find(({ source }) => source?.sequenceNumber === which);
    if (record !== undefined) this.data = record.data.slice();
  }

  /** The first read that goes past a record has it. */
  private followSource(entry: FollowedEntry, each: ReadFact): void {
    const { stream, shard, next } = each.fact as { stream: number; shard: string; next: number };
    const source = stateOf<FirehoseState>(this.cell, 'firehose')?.contents.get(stream)?.doc.source;
    if (source === undefined) return;
    for (const record of this.trails.records.records) {
      const key = `${stream}/${record.stream.doc.number}/${shard}/${record.place}`;
      const isRead = record.stream.doc.arn === source.streamArn && record.shardId === shard && record.place < next;
      if (!isRead || this.sources.has(key) || (record.seconds + 1) * 1000 < source.startMs) continue;
      this.sources.add(key);
      this.addPut(entry, each, record.sequenceNumber);
    }
  }

  private followBatch(entry: FollowedEntry, each: ReadFact): void {
    const { stream, lane, endSequence } = each.fact as { stream: number; lane: number; endSequence: number };
    const covered = this.packs.filter(
      (pack) => !pack.isEnded && pack.stream === stream && pack.lane === lane && pack.sequence < endSequence,
    );
    if (covered.length === 0) return;
    this.mine.add(each);
    const { objects, errorObjects } = each.fact;
    this.addObjects(each.name === 'CopyPlanned' ? errorObjects : objects);
    if (each.name !== 'BatchEnded') return;
    for (const pack of covered) pack.isEnded = true;
    this.keptBack ??= each.fact['keptBack'] as KeptBack | undefined;
    if (each.fact['outcome'] !== 'transformed') return;
    for (const one of entry.facts) {
      if (!isFact(one, 'firehose.RecordsTransformed') || one.fact['stream'] !== stream) continue;
      this.mine.add(one);
      this.add({ stream, lane: DELIVER, sequence: one.fact['sequence'] as number | undefined, atMs: entry.nowMs });
    }
  }

  private addObjects(urls: unknown): void {
    for (const url of Array.isArray(urls) ? (urls as string[]) : []) {
      if (this.urls.size < URLS_MAX) this.urls.add(url);
      const slash = url.indexOf('/', 's3://'.length);
      this.trails.objects.add(url.slice('s3://'.length, slash), url.slice(slash + 1), false);
    }
  }
}
