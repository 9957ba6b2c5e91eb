// Records that are given up: the mapping's destination is told where they are, and reading goes on behind them. Source: Lambda developer guide, "Retain discarded batch
// records for a Kinesis Data Streams event source".

import { ONCE } from '#deliveries/policies.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import type { ShardReader } from '#structures/shard-reading/shard-reader.ts';
import { LATEST } from '../arns.ts';
import { isBucket, storeRecord } from '../record-object.ts';
import { sessionOf } from '../roles.ts';
import { StreamBatchDiscarded } from './facts.ts';
import { eventOf, type FunctionRecord } from './function-record.ts';
import type { FunctionRun, OpenStream } from './source.ts';

export interface Discarded {
  readonly reader: ShardReader<FunctionRecord>;
  readonly work: Work<FunctionRecord>;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly requestId: string;
  /** Of the last attempt, when there was one. */
  readonly failure?: { readonly version: string; readonly functionError: string | undefined };
}

export function discard(open: OpenStream & { readonly run: FunctionRun }, discarded: Discarded): void {
  const { onFailureArn } = open.mapping.stream;
  if (onFailureArn !== undefined && isBucket(onFailureArn)) {
    storeDiscard(open, discarded);
    return;
  }
  if (onFailureArn !== undefined) tell(open, discarded, onFailureArn);
  endDiscard(open, discarded, undefined);
}

/** Reaction to a record that has become a blob. */
export const DISCARD_STORED = 'discard-stored';

export interface PendingDiscard {
  readonly key: string;
  readonly runId: number;
  readonly discarded: Discarded;
}

/** The records stay under way until their object is written. AWS: with a bucket, "Lambda also sends the entire invocation record". */
function storeDiscard(open: OpenStream & { readonly run: FunctionRun }, discarded: Discarded): void {
  const { turn, key, mapping, found, run } = open;
  const { running } = turn.state;
  const subject = String(running.nextId);
  running.nextId += 1;
  running.discards.set(subject, { key, runId: run.id, discarded });
  const { shardId } = discarded.reader;
  const payload = eventOf({ mapping, found, shardId, region: turn.scope.region }, discarded.work);
  storeRecord(turn, recordText(open, discarded, payload), { reaction: DISCARD_STORED, subject });
}

export function endDiscard(
  open: OpenStream,
  { reader, work, condition, requestId }: Discarded,
  problem: string | undefined,
): void {
  const { turn, key, mapping } = open;
  const { records } = work;
  reader.finish(work);
  turn.record(StreamBatchDiscarded, {
    mapping: key,
    shard: reader.shardId,
    functionArn: mapping.functionArn,
    requestId,
    first: records[0]?.sequenceNumber ?? '',
    last: records[records.length - 1]?.sequenceNumber ?? '',
    count: records.length,
    lanes: reader.progress.lanes,
    condition,
    destinationArn: mapping.stream.onFailureArn,
    problem,
    lane: work.lane,
  });
}

/** A queue or a topic gets a message, at most once more: what cannot be handed over is a delivery that was dropped. */
function tell(open: OpenStream, discarded: Discarded, targetArn: string): void {
  const { turn, found } = open;
  const text = recordText(open, discarded);
  const message: PlainMessage = { kind: 'plain', messageId: turn.uuid(), body: text, attributes: [], system: {} };
  turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: found.doc.arn,
      targetArn,
      principal: sessionOf(turn, found.doc, found.settings),
      payload: turn.storePayload(encodeStoredMessage(message)),
      content: { kind: 'message', message },
    },
    policy: ONCE,
    requestId: discarded.requestId,
  });
}

/** `payload`: the event as text, which only an object gets. */
export function recordText(
  { turn, mapping, streamArn }: OpenStream,
  { reader, work, condition, requestId, failure }: Discarded,
  payload?: string,
): string {
  const { records } = work;
  const instant = (record: FunctionRecord | undefined) => new Date(record?.arrivedAtMs ?? 0).toISOString();
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: work.failures,
    },
    ...(failure === undefined ? {} : { responseContext: responseOf(failure) }),
    version: '1.0',
    timestamp: new Date(turn.nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: reader.shardId,
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records[records.length - 1]?.sequenceNumber,
      approximateArrivalOfFirstRecord: instant(records[0]),
      approximateArrivalOfLastRecord: instant(records[records.length - 1]),
      batchSize: records.length,
      streamArn,
    },
    ...(payload === undefined ? {} : { payload }),
  });
}

function responseOf({ version, functionError }: NonNullable<Discarded['failure']>): object {
  return {
    statusCode: 200,
    executedVersion: version ?? LATEST,
    ...(functionError === undefined ? {} : { functionError }),
  };
}
