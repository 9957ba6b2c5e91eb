// Records that are given up: the dead-letter queue is told where they are, and reading goes on behind them. AWS: user guide, "Error handling and troubleshooting", "Pipe
// DLQ behavior"; the message as quoted in a public article about a pipe of a DynamoDB stream.

import { ONCE } from '#deliveries/policies.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';
import type { Work } from '#structures/shard-reading/records.ts';
import type { ShardReader } from '#structures/shard-reading/shard-reader.ts';
import { PipeStreamAdvanced } from '../facts.ts';
import { sessionOf } from '../role.ts';
import type { OpenStream, PipeRecord } from './source.ts';

export interface GivenUp {
  readonly reader: ShardReader<PipeRecord>;
  readonly work: Work<PipeRecord>;
  readonly outcome: 'given-up' | 'expired';
  readonly code?: string;
  readonly detail?: string;
}

export function giveUp(open: OpenStream, given: GivenUp): void {
  const { turn, key, stream } = open;
  const { reader, work, outcome, code, detail } = given;
  const { deadLetterArn } = stream;
  if (deadLetterArn !== undefined) tell(open, given, deadLetterArn);
  reader.finish(work);
  turn.record(PipeStreamAdvanced, {
    ...{ pipe: key, shard: reader.shardId, execution: undefined, outcome },
    ...spanOf(work),
    lanes: reader.progress.lanes,
    ...{ code, detail, retryAtMs: undefined, deadLetterArn, lane: work.lane },
  });
}

export function spanOf({ records }: Work<PipeRecord>): { first: string; last: string; count: number } {
  const first = records[0]?.sequenceNumber ?? '';
  return { first, last: records[records.length - 1]?.sequenceNumber ?? '', count: records.length };
}

function tell(open: OpenStream, given: GivenUp, targetArn: string): void {
  const { turn, pipe } = open;
  const body = letterOf(open, given);
  const message: PlainMessage = { kind: 'plain', messageId: turn.uuid(), body, attributes: [], system: {} };
  turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: pipe.arn,
      targetArn,
      principal: sessionOf(turn, pipe),
      payload: turn.storePayload(encodeStoredMessage(message)),
      content: { kind: 'message', message },
    },
    policy: ONCE,
  });
}

function letterOf({ turn, pipe, streamArn }: OpenStream, { reader, work, outcome }: GivenUp): string {
  const { first, last, count } = spanOf(work);
  const instant = (record: PipeRecord | undefined) => new Date(record?.arrivedAtMs ?? 0).toISOString();
  return JSON.stringify({
    context: {
      partnerResourceArn: pipe.arn,
      condition: outcome === 'expired' ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted',
    },
    version: '1.0',
    timestamp: new Date(turn.nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: reader.shardId,
      startSequenceNumber: first,
      endSequenceNumber: last,
      approximateArrivalOfFirstRecord: instant(work.records[0]),
      approximateArrivalOfLastRecord: instant(work.records[count - 1]),
      batchSize: count,
      streamArn,
    },
  });
}
