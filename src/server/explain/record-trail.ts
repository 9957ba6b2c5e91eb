// Which facts belong to records of streams. A record is known by its place: stream, shard, number within the shard. Readers' facts name the
// first and last sequence number of what they took; so a record belongs to a batch when its own number lies between, and its key in the batch's lane.

import { utf8Decode } from '#base/bytes.ts';
import type { Cell } from '#cell/cell.ts';
import { shardIdOf } from '#services/kinesis/documents.ts';
import { cutPage, recordsOf } from '#services/kinesis/record-page.ts';
import { sequenceNumber } from '#services/kinesis/sequence-number.ts';
import type { Shard, Stream } from '#services/kinesis/shard.ts';
import type { KinesisState } from '#services/kinesis/state.ts';
import type { LambdaState } from '#services/lambda/state.ts';
import type { PipesState } from '#services/pipes/state.ts';
import type { StoredBatch } from '#structures/append-log/batch-block.ts';
import { laneOf } from '#structures/shard-reading/progress.ts';
import { functionFilterMiss, pipeFilterMiss } from './filter-miss.ts';
import {
  type FollowedEntry,
  isFact,
  isOwnRequest,
  kindNeedles,
  type Learned,
  type ReadFact,
  stateOf,
} from './followed-entry.ts';
import type { Subject } from './subject.ts';
import type { TrailFact } from './trail.ts';

export interface FollowedRecord {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly shardId: string;
  readonly place: number;
  readonly sequenceNumber: string;
  /** Epoch seconds in which it came. */
  readonly seconds: number;
  /** Known when the fact of its arrival was found, or the record itself. */
  partitionKey: string | undefined;
  isPutSeen: boolean;
  /** When exactly, once the fact of its arrival was found. */
  atMs: number | undefined;
  /** Its data, from the same fact. */
  data: Uint8Array | undefined;
}

/** What one message becomes in many streams is told of the first. */
const RECORDS_MAX = 20;
const BATCH_FACTS: ReadonlySet<string> = new Set([
  ...['lambda.StreamBatchInvoked', 'lambda.StreamBatchFailed', 'lambda.StreamBatchDiscarded'],
  ...['lambda.StreamRecordsFilteredOut', 'pipes.PipeStreamAdvanced'],
]);
const BEGINNINGS: ReadonlySet<string> = new Set(['lambda.StreamReadingBegan', 'pipes.PipeReadingBegan']);

export class RecordTrail {
  readonly records: FollowedRecord[] = [];

  constructor(
    private readonly cell: Cell,
    private readonly learned: Learned,
  ) {}

  /** The same number may have been given in two streams that were made in the same second: both are followed. */
  begin({ sequenceNumber: text, parsed }: Extract<Subject, { kind: 'record' }>): void {
    const { index, epochSeconds, place, seconds } = parsed;
    const streams = stateOf<KinesisState>(this.cell, 'kinesis')?.contents.values() ?? [];
    for (const stream of streams) {
      const shard = stream.shards.get(index);
      if (shard === undefined || shard.doc.epochSeconds !== epochSeconds || place >= shard.log.endPlace) continue;
      this.add({ stream, shard, place, seconds, sequenceNumber: text });
    }
  }

  /** Before the other trails: what batches of these records were handed to. */
  learn(entry: FollowedEntry): void {
    if (isOwnRequest(entry, this.learned)) this.addPut(entry);
    for (const fact of this.records.length === 0 ? [] : entry.facts) {
      if (!this.isOfBatch(entry, fact)) continue;
      const { destinationArn, deadLetterArn, first, execution } = fact.fact;
      if (destinationArn !== undefined || deadLetterArn !== undefined) this.learnLetter(entry, String(first));
      if (execution !== undefined) this.learnHandedOn(entry, execution);
    }
  }

  follow(entry: FollowedEntry, own: Set<TrailFact>): void {
    for (const each of entry.facts) if (isFact(each, 'kinesis.RecordHandedOver')) this.followHandOver(entry, each, own);
    for (const each of this.records.length === 0 ? [] : entry.facts) {
      const isOwn =
        this.isOfBatch(entry, each) || this.isBehind(each) || this.isPut(entry, each) || this.hasExpired(each);
      if (isOwn) own.add(each);
    }
  }

  /** An entry of a second in which a record came, whose fact has not been found yet. */
  mayBePutAt(nowMs: number): boolean {
    return this.records.some(({ isPutSeen, seconds }) => !isPutSeen && Math.floor(nowMs / 1000) === seconds);
  }

  get needles(): readonly Buffer[] {
    if (this.records.length === 0) return [];
    const shards = new Set(this.records.map(({ shardId }) => shardId));
    return [
      ...[...shards].map((shardId) => Buffer.from(shardId)),
      ...kindNeedles(this.cell, new Set(['kinesis.ShardTrimmed'])),
    ];
  }

  private add(found: Pick<FollowedRecord, 'stream' | 'shard' | 'place' | 'seconds' | 'sequenceNumber'>): void {
    const isKnown = this.records.some(({ shard, place }) => shard === found.shard && place === found.place);
    if (isKnown || this.records.length >= RECORDS_MAX) return;
    const shardId = shardIdOf(found.shard.doc.index);
    this.records.push({
      ...found,
      shardId,
      partitionKey: undefined,
      isPutSeen: false,
      atMs: undefined,
      data: undefined,
    });
    // A function's event and a pipe call it so.
    this.learned.ids.add(`${shardId}:${found.sequenceNumber}`);
  }

  /** Records of the asked request, the first ones. */
  private addPut({ facts, nowMs }: FollowedEntry): void {
    for (const each of facts) {
      if (!isFact(each, 'kinesis.RecordsPut')) continue;
      const { stream: number, shard: index, place, count = 0 } = each.fact as Readonly<Record<string, number>>;
      const stream = stateOf<KinesisState>(this.cell, 'kinesis')?.contents.get(number ?? -1);
      const shard = stream?.shards.get(index ?? -1);
      if (stream === undefined || shard === undefined || place === undefined) continue;
      for (let i = 0; i < Math.min(count, RECORDS_MAX); i += 1) this.addAt({ stream, shard, place: place + i }, nowMs);
    }
  }

  private addAt(found: Pick<FollowedRecord, 'stream' | 'shard' | 'place'>, atMs: number): void {
    const text = String(sequenceNumber(found.shard.doc, found.place, atMs));
    this.add({ ...found, seconds: Math.floor(atMs / 1000), sequenceNumber: text });
  }

  /** What was handed over became a record: of what is followed, or the followed record itself. */
  private followHandOver(entry: FollowedEntry, handedOver: ReadFact, own: Set<TrailFact>): void {
    const { stream: number, shard: index, place, payload } = handedOver.fact as Readonly<Record<string, number>>;
    const stream = stateOf<KinesisState>(this.cell, 'kinesis')?.contents.get(number ?? -1);
    const shard = stream?.shards.get(index ?? -1);
    if (stream === undefined || shard === undefined || place === undefined) return;
    const text = String(sequenceNumber(shard.doc, place, entry.nowMs));
    const isFollowed = this.records.some((record) => record.shard === shard && record.place === place);
    if (!isFollowed && !own.has(handedOver) && !this.learned.ids.has(text)) return;
    this.addAt({ stream, shard, place }, entry.nowMs);
    // Where it came from: facts of the same entry about the same bytes.
    for (const each of entry.facts) {
      if (each === handedOver || (each.fact['payload'] === payload && each.fact['queue'] === undefined)) own.add(each);
    }
  }

  private isPut(entry: FollowedEntry, each: ReadFact): boolean {
    if (!isFact(each, 'kinesis.RecordsPut')) return false;
    const { stream, shard, place, count, atMs, payload } = each.fact as Readonly<Record<string, number | undefined>>;
    let isOwn = false;
    for (const record of this.records) {
      if (record.stream.doc.number !== stream || record.shard.doc.index !== shard || record.isPutSeen) continue;
      if (place === undefined || place > record.place || place + (count ?? 0) <= record.place) continue;
      record.isPutSeen = true;
      record.atMs = atMs;
      const bytes = entry.bytesOf(payload);
      const batch = { firstPlace: place, count: count ?? 0, atMs: atMs ?? 0 };
      if (bytes !== undefined) Object.assign(record, contentOf({ ...batch, bytes }, record.place));
      isOwn = true;
    }
    return isOwn;
  }

  private hasExpired(each: ReadFact): boolean {
    if (!isFact(each, 'kinesis.ShardTrimmed')) return false;
    const { stream, shard, firstPlace, records } = each.fact as Readonly<Record<string, number | undefined>>;
    if (firstPlace === undefined || records === undefined) return false;
    return this.records.some(
      ({ stream: { doc }, shard: { doc: own }, place }) =>
        doc.number === stream && own.index === shard && place < firstPlace && place >= firstPlace - records,
    );
  }

  private isOfBatch(entry: FollowedEntry, each: ReadFact): boolean {
    if (!BATCH_FACTS.has(`${each.service}.${each.name}`)) return false;
    const { first, last, shard, lane, lanes } = each.fact as {
      readonly first?: string;
      readonly last?: string;
      readonly shard: string;
      readonly lane?: number;
      readonly lanes: readonly number[];
    };
    return this.recordsOf(each, shard).some((record) => {
      const { sequenceNumber: number, partitionKey } = record;
      // All have as many digits.
      if (first === undefined || last === undefined || number < first || number > last) return false;
      if (this.wasLeftOut(entry, each, record)) return false;
      if (lane === undefined || partitionKey === undefined) return true;
      return laneOf(partitionKey, lanes.length) === lane;
    });
  }

  /** No filter wanted it: it lies between the others of the batch, and was not given. A reader that was changed since is believed. */
  private wasLeftOut({ nowMs }: FollowedEntry, { name, fact }: ReadFact, record: FollowedRecord): boolean {
    if (name === 'StreamRecordsFilteredOut' || fact['outcome'] === 'filtered') return false;
    const { data, place, sequenceNumber: text, partitionKey = '', atMs = nowMs } = record;
    const mapping = stateOf<LambdaState>(this.cell, 'lambda')?.mappings.get(String(fact['mapping']));
    if (mapping !== undefined) {
      return mapping.lastModifiedMs <= nowMs && functionFilterMiss(mapping.filters, data) !== undefined;
    }
    const pipe = stateOf<PipesState>(this.cell, 'pipes')?.pipes.get(String(fact['pipe']));
    if (pipe === undefined || data === undefined || pipe.modifiedAtMs > nowMs) return false;
    const shown = { place, sequenceNumber: text, partitionKey, data, arrivedAtMs: atMs };
    return pipeFilterMiss(pipe.source.filters ?? [], shown) !== undefined;
  }

  /** A reader that begins behind the record will never get it. */
  private isBehind(each: ReadFact): boolean {
    if (!BEGINNINGS.has(`${each.service}.${each.name}`)) return false;
    const begun = each.fact['shards'] as readonly { readonly shardId: string; readonly place: number }[];
    return begun.some((one) => this.recordsOf(each, one.shardId).some(({ place }) => place < one.place));
  }

  /** The followed records of the stream that this reader reads; of a reader that was deleted since, those of any. */
  private recordsOf({ fact }: ReadFact, shardId: string): readonly FollowedRecord[] {
    const { mapping, pipe } = fact as { readonly mapping?: string; readonly pipe?: string };
    const source =
      mapping === undefined
        ? stateOf<PipesState>(this.cell, 'pipes')?.pipes.get(pipe ?? '')?.sourceArn
        : stateOf<LambdaState>(this.cell, 'lambda')?.mappings.get(mapping)?.sourceArn;
    return this.records.filter((record) => {
      const { arn } = record.stream.doc;
      return record.shardId === shardId && (source === undefined || source === arn || source.startsWith(`${arn}/`));
    });
  }

  /** The message that tells a destination of records that were given up. */
  private learnLetter({ payloads, bytesOf }: FollowedEntry, first: string): void {
    for (const { slot, messageId } of payloads) {
      const bytes = messageId === undefined ? undefined : bytesOf(slot);
      if (messageId !== undefined && bytes !== undefined && Buffer.from(bytes).includes(first)) {
        this.learned.ids.add(messageId);
      }
    }
  }

  /** What the target calls all records of an execution. */
  private learnHandedOn({ facts }: FollowedEntry, execution: unknown): void {
    for (const each of facts) {
      const { together } = each.fact;
      const isEnd = isFact(each, 'pipes.PipeBatchEnded') && each.fact['execution'] === execution;
      if (isEnd && typeof together === 'string') this.learned.ids.add(together);
    }
  }
}

function contentOf(batch: StoredBatch, place: number): Pick<FollowedRecord, 'partitionKey' | 'data'> | undefined {
  const [part] = recordsOf(cutPage([batch], { from: place, countMax: 1, bytesMax: 1, sinceMs: 0 }));
  if (part === undefined) return undefined;
  const { bytes, keyStart, keyEnd, dataStart, dataEnd } = part;
  return { partitionKey: utf8Decode(bytes.subarray(keyStart, keyEnd)), data: bytes.slice(dataStart, dataEnd) };
}
