// Where a record of a stream is now, and who of its readers has passed it: their checkpoints are held against its place.

import type { Cell } from '#cell/cell.ts';
import type { StreamRecord } from '#cell/stream-source.ts';
import type { FirehoseState } from '#services/firehose/state.ts';
import { consumersPrefix } from '#services/kinesis/consumers/documents.ts';
import { hoursMs } from '#services/kinesis/limits.ts';
import type { KinesisState } from '#services/kinesis/state.ts';
import { keptSinceMs } from '#services/kinesis/trim.ts';
import type { LambdaState } from '#services/lambda/state.ts';
import { isPolling, type PipeDoc } from '#services/pipes/documents.ts';
import type { PipesState } from '#services/pipes/state.ts';
import { isDone, laneOf } from '#structures/shard-reading/progress.ts';
import type { ReaderPlaces, StreamPlaces } from '#structures/shard-reading/stream-places.ts';
import { functionFilterMiss, pipeFilterMiss } from './filter-miss.ts';
import { stateOf } from './followed-entry.ts';
import type { FollowedRecord } from './record-trail.ts';
import { counted, iso, type Section, type Standing, section } from './standing.ts';
import { type StoredRecord, storedRecord } from './stored-record.ts';

interface Found extends FollowedRecord {
  readonly stored: StoredRecord | undefined;
}

export async function recordStanding(cell: Cell, records: readonly FollowedRecord[]): Promise<Standing> {
  const sections: Section[] = [];
  const sentences: string[] = [];
  for (const record of records) {
    const stored = await storedRecord(cell, record.shard, record.place);
    const found: Found = { ...record, partitionKey: stored?.partitionKey ?? record.partitionKey, stored };
    const readers = readersOf(cell, found);
    sentences.push(sentenceOf(found, cell.nowMs));
    const title = `Readers of record ${record.place} of ${record.shardId} of ${record.stream.doc.name}`;
    sections.push(...section(title, readers.length > 0 ? readers : [NO_READER]));
  }
  return { sections, sentences };
}

const NO_READER =
  'no event source mapping, pipe, delivery stream, channel or consumer reads it; GetRecords leaves no trace';

function sentenceOf(
  { stream: { doc }, shardId, place, seconds, atMs, stored, partitionKey, stream }: Found,
  nowMs: number,
) {
  const came = stored?.atMs ?? atMs ?? seconds * 1000;
  const what = `It is record ${place} of ${shardId} of ${doc.arn}`;
  const kept = `${counted(doc.retentionHours, 'hour')} of retention`;
  const { horizonMs = 0 } = doc;
  const endMs = came < horizonMs ? horizonMs : came + hoursMs(doc.retentionHours);
  if (stored === undefined || came < keptSinceMs(stream, nowMs))
    return `${what}, and expired ${came < horizonMs ? 'before' : 'at'} ${iso(endMs)}: ${kept}.`;
  const about = `partition key ${JSON.stringify(partitionKey ?? '')}, ${counted(stored.data.length, 'byte')}`;
  return `${what} (${about}), and is kept until ${iso(endMs)}: ${kept}.`;
}

function readersOf(cell: Cell, record: Found): readonly string[] {
  const kinds = [functionLines, pipeLines, deliveryLines, channelLines, consumerLines];
  return kinds.flatMap((linesOf) => linesOf(cell, record));
}

const reads = ({ stream: { doc } }: Found, sourceArn: string): boolean =>
  sourceArn === doc.arn || sourceArn.startsWith(`${doc.arn}/consumer/`);

function functionLines(cell: Cell, record: Found): readonly string[] {
  const state = stateOf<LambdaState>(cell, 'lambda');
  const lines: string[] = [];
  for (const [key, mapping] of state?.mappings.entries() ?? []) {
    if (state === undefined || mapping.stream === undefined || !reads(record, mapping.sourceArn)) continue;
    const miss = functionFilterMiss(mapping.filters, record.stored?.data);
    const result = state.streamResults.get(key);
    const trouble = result === undefined || result === 'OK' ? '' : `; its last result: ${result}`;
    const disabled = mapping.isEnabled ? '' : '; it is disabled';
    const at = `${placeIn(state.streams, key, record)}${disabled}${trouble}`;
    lines.push(`event source mapping ${mapping.uuid} of ${mapping.functionArn}: ${at}${wanted(miss)}`);
  }
  return lines;
}

function pipeLines(cell: Cell, record: Found): readonly string[] {
  const state = stateOf<PipesState>(cell, 'pipes');
  const lines: string[] = [];
  for (const [key, pipe] of state?.pipes.entries() ?? []) {
    if (state === undefined || !reads(record, pipe.sourceArn)) continue;
    const miss = pipeFilterMiss(pipe.source.filters ?? [], streamRecordOf(record));
    lines.push(`pipe ${pipe.name}: ${placeIn(state.streams, key, record)}${stoppedText(pipe)}${wanted(miss)}`);
  }
  return lines;
}

function stoppedText(pipe: PipeDoc): string {
  if (isPolling(pipe)) return '';
  return pipe.failure === undefined ? '; it is stopped' : `; it does not read: ${pipe.failure.reason}`;
}

const wanted = (miss: string | undefined): string =>
  miss === undefined ? '' : `; as its filters are now, none wants the record: ${miss}`;

function streamRecordOf({ stored, place, sequenceNumber }: Found): StreamRecord | undefined {
  if (stored === undefined) return undefined;
  const { partitionKey, data, atMs } = stored;
  return { place, sequenceNumber, partitionKey, data, arrivedAtMs: atMs };
}

function placeIn(places: StreamPlaces, key: string, record: Found): string {
  const reader: ReaderPlaces | undefined = places.of(key);
  const shard = reader?.createdAtMs === record.stream.doc.createdAtMs ? reader.shards.get(record.shardId) : undefined;
  if (shard === undefined) return 'has not begun with this shard';
  if (shard.isFinished) return 'has passed it: it is through with the shard';
  const { lanes } = shard.progress;
  const { place, partitionKey } = record;
  const lane = partitionKey === undefined ? 0 : laneOf(partitionKey, lanes.length);
  const isPassed =
    partitionKey === undefined ? place < Math.min(...lanes) : isDone(shard.progress, { place, partitionKey });
  return stands(isPassed, lanes[lane] ?? 0, record);
}

/** `next`: the place that the reader takes next. */
function stands(isPassed: boolean, next: number, { place, shard }: Found): string {
  const lag = counted(shard.log.endPlace - next, 'record');
  if (isPassed) return `has passed it: it stands at record ${next}, ${lag} behind the end`;
  if (next === place) return `stands before it: it is the next record, ${lag} behind the end`;
  return `stands before it: at record ${next}, ${lag} behind the end`;
}

function deliveryLines(cell: Cell, record: Found): readonly string[] {
  const lines: string[] = [];
  for (const { doc, shards } of stateOf<FirehoseState>(cell, 'firehose')?.contents.values() ?? []) {
    if (doc.source?.streamArn !== record.stream.doc.arn) continue;
    const next = shards.get(record.shardId)?.next;
    const isBefore = cameAtMs(record) < doc.source.startMs;
    const early = `does not read it: it came before ${iso(doc.source.startMs)}, when the delivery stream began`;
    const at = next === undefined ? 'has not begun with this shard' : stands(record.place < next, next, record);
    lines.push(`delivery stream ${doc.name}: ${isBefore ? early : at}`);
  }
  return lines;
}

function cameAtMs({ stored, atMs, seconds }: Found): number {
  return stored?.atMs ?? atMs ?? seconds * 1000;
}

function channelLines(cell: Cell, record: Found): readonly string[] {
  const channels = stateOf<KinesisState>(cell, 'kinesis')?.channels;
  const { doc } = record.stream;
  return (channels?.docs.by('byStream', String(doc.number)) ?? []).map(({ number, name, failure, createdAtMs }) => {
    if (cameAtMs(record) < createdAtMs)
      return `channel ${name}: does not deliver it: it came before the channel was made`;
    const next = channels?.nextPlace(number, record.shard.doc.index) ?? 0;
    const trouble = failure === undefined ? '' : `; it delivers nothing any more: ${failure}`;
    return `channel ${name}: ${stands(record.place < next, next, record)}${trouble}`;
  });
}

/** A consumer's place is known while it is subscribed: it keeps its checkpoints itself. */
function consumerLines(cell: Cell, record: Found): readonly string[] {
  const state = stateOf<KinesisState>(cell, 'kinesis');
  const consumers = state?.consumers.list(consumersPrefix(record.stream.doc.number)) ?? [];
  return consumers.map(({ name, arn }) => {
    const subscription = state?.subscriptions.latestOf(record.shard, arn);
    if (subscription === undefined) return `consumer ${name}: is not subscribed to the shard`;
    const { place, isOver } = subscription;
    const at =
      place > record.place ? `was sent it: it stands at record ${place}` : `stands before it: at record ${place}`;
    return `consumer ${name}: ${at}${isOver ? ', and its subscription is over' : ''}`;
  });
}
