// A Kinesis stream as the source: shard by shard, children after their parents, from when the delivery stream was created. What was read and how far
// is one fact, so that nothing is read twice or left out over a crash. While the buffers are full the stream keeps its records: it is not read.

import type { ShardPage, StreamRecord, StreamShard, StreamSource, StreamView } from '#cell/stream-source.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { rootOf } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import type { SourceDoc } from '../documents.ts';
import { logError } from '../error-log.ts';
import { SourcePaused, SourceRecordsRead } from '../facts.ts';
import { SOURCE_BUFFERS_AHEAD, SOURCE_READ_BYTES, SOURCE_READ_RECORDS, SOURCE_RETRY_MS } from '../limits.ts';
import { bytesOf, entryOf, numbersOf } from '../put.ts';
import { encodePack, type FirehoseRecord } from '../record-pack.ts';
import { mayAssumeRole, sessionOf } from '../role.ts';
import { type FirehoseState, type FirehoseTurn, LANES, type StreamContent } from '../state.ts';
import { aggregatedParts } from './aggregated.ts';

/** The timer, also fired when the stream has something new. */
export function readSource(asked: Turn<FirehoseState>, subject: string): void {
  const content = asked.state.contents.get(Number(subject));
  if (content === undefined) return;
  const { account, region, source } = content.doc;
  if (source === undefined || isFull(content)) return;
  const turn = asked.within(scopeOf(account, region), rootOf(account));
  const door = turn.doors.streams.get('kinesis');
  const view = door?.describe(turn, source.streamArn);
  if (door === undefined || view === undefined) {
    pause(turn, content, { code: 'Kinesis.StreamNotFound', message: `The stream ${source.streamArn} is not there.` });
  } else if (mayRead(turn, content, { source, door })) {
    for (const shard of view.shards) readShard(turn, content, { door, view, shard });
  } else {
    const message = `Access was denied. Ensure that the role ${source.roleArn} may be assumed, and may read ${source.streamArn}.`;
    pause(turn, content, { code: 'Kinesis.AccessDenied', message });
  }
}

/** Full buffers are looked at again when one was delivered (apply.ts). */
function isFull(content: StreamContent): boolean {
  const { lane, hasBackup } = entryOf(content);
  const names = [LANES[lane] as (typeof LANES)[number], 'deliver' as const, ...(hasBackup ? ['backup' as const] : [])];
  return names.some((name) => {
    const waiting = content.lanes.get(name)?.log.bytes ?? 0;
    return waiting >= content.plan.bufferOf(name).sizeBytes * SOURCE_BUFFERS_AHEAD;
  });
}

function mayRead(
  turn: FirehoseTurn,
  { doc }: StreamContent,
  { source, door }: { readonly source: SourceDoc; readonly door: StreamSource },
): boolean {
  const { streamArn, roleArn } = source;
  if (!mayAssumeRole(turn, doc, roleArn)) return false;
  const resourcePolicy = door.policy(turn, streamArn);
  const resourceAccount = parseArn(streamArn)?.account ?? doc.account;
  const principal = sessionOf(turn, doc, roleArn);
  return turn.authorize({
    action: 'kinesis:GetRecords',
    resource: streamArn,
    resourceAccount,
    resourcePolicy,
    principal,
  }).isAllowed;
}

function readShard(
  turn: FirehoseTurn,
  content: StreamContent,
  given: { readonly door: StreamSource; readonly view: StreamView; readonly shard: StreamShard },
): void {
  const { door, view, shard } = given;
  const { source, account: _account } = content.doc;
  const { shardId } = shard;
  const subject = `${content.number}/${shardId}`;
  const progress = content.shards.get(shardId);
  if (source === undefined || progress?.isEnd === true || turn.state.reading.has(subject)) return;
  const waits = shard.parentShardIds.some(
    (parent) => view.shards.some((one) => one.shardId === parent) && content.shards.get(parent)?.isEnd !== true,
  );
  if (waits) return;
  const { streamArn, startMs: timestampMs } = source;
  const from = progress?.next ?? door.placeOf(turn, { streamArn, shardId }, { at: 'time', timestampMs });
  if (from === undefined || (from >= shard.endPlace && !shard.isClosed)) return;
  turn.state.reading.add(subject);
  const reader = { service: 'firehose', subject };
  door.read(turn, { streamArn, shardId, from, countMax: SOURCE_READ_RECORDS, bytesMax: SOURCE_READ_BYTES, reader });
}

/** The reader's door. */
export function recordsRead(turn: FirehoseTurn, subject: string, page: ShardPage | undefined): void {
  turn.state.reading.delete(subject);
  const at = subject.indexOf('/');
  const number = subject.slice(0, at);
  const shardId = subject.slice(at + 1);
  const content = turn.state.contents.get(Number(number));
  if (content === undefined) return;
  if (page === undefined) {
    pause(turn, content, { code: 'Kinesis.ReadFailed', message: `The shard ${shardId} could not be read.` });
    return;
  }
  const { next, isEnd } = page;
  const hasMoved = next !== content.shards.get(shardId)?.next || isEnd;
  if (page.records.length > 0 || hasMoved) {
    const records = page.records.flatMap((record) => recordsOf(turn, shardId, record));
    turn.record(SourceRecordsRead, {
      ...{ stream: content.number, shard: shardId, next, isEnd, atMs: turn.nowMs },
      payload: records.length === 0 ? undefined : turn.storePayload(encodePack(records)),
      records: records.length,
      bytes: bytesOf(records),
      ...entryOf(content),
      ...numbersOf(content),
    });
  }
  readSource(turn, number);
}

function recordsOf(turn: FirehoseTurn, shardId: string, record: StreamRecord): readonly FirehoseRecord[] {
  const { sequenceNumber, partitionKey, data, arrivedAtMs } = record;
  const parts = aggregatedParts(turn.digest, data) ?? [{ partitionKey, data }];
  return parts.map((part, subSequenceNumber) => ({
    arrivedAtMs,
    data: part.data,
    source: { shardId, sequenceNumber, partitionKey: part.partitionKey, subSequenceNumber },
  }));
}

function pause(
  turn: FirehoseTurn,
  content: StreamContent,
  reason: { readonly code: string; readonly message: string },
): void {
  logError(turn, content, reason);
  turn.record(SourcePaused, { stream: content.number, ...reason, untilMs: turn.nowMs + SOURCE_RETRY_MS });
}
