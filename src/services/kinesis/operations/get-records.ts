// GetRecords: the newest records are in memory, older ones are read from blocks first, in a later turn.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { GetRecordsInput, GetRecordsOutput } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { dryRun, invalidArgument, notFound, throughputExceeded, unreadable, validationRefusal } from '../errors.ts';
import { permission, streamByArn } from '../find-stream.ts';
import { expiry, openIterator, type ShardIterator } from '../iterator.ts';
import { GET_BYTES_MAX, GET_RECORDS_MAX } from '../limits.ts';
import { type Answering, answerOf } from '../reading/answer.ts';
import { planRead, startRead, withBytes } from '../reading/pending.ts';
import { cutPage, emptyPage, lastOf, type PageRange, type RecordPage } from '../record-page.ts';
import type { Shard, Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { meterOf } from '../throughput.ts';
import { keptSinceMs } from '../trim.ts';
import { checks, PAGE, STREAM_ARN } from '../validation.ts';

interface Found {
  readonly iterator: ShardIterator;
  readonly stream: Stream;
  readonly shard: Shard;
}

export const getRecords = operation<KinesisState, GetRecordsInput, GetRecordsOutput>({
  authorize(turn, input) {
    const found = find(turn, input);
    return isRefused(found) ? undefined : permission('GetRecords', found.stream);
  },
  decide(turn, input): Reply<GetRecordsOutput> {
    const invalid = validationRefusal(
      checks()
        .required('shardIterator', input.ShardIterator)
        .length('shardIterator', input.ShardIterator, { min: 1, max: 512 })
        .range('limit', input.Limit, PAGE)
        .pattern('streamARN', input.StreamARN, STREAM_ARN),
    );
    if (invalid !== undefined) return invalid;
    const found = find(turn, input);
    if (isRefused(found)) return found;
    const expired = expiry(found.iterator, turn.nowMs);
    if (expired !== undefined) return refuse(expired);
    if (input.DryRun === true) return refuse(dryRun());
    const { shard, stream } = found;
    if (meterOf(turn, shard)?.beginRead() === false) {
      shard.counters.readThrottles += 1;
      return refuse(throughputExceeded(shardIdOf(shard.doc.index), stream.doc));
    }
    return answer(turn, found, rangeOf(turn, found, input.Limit));
  },
});

function countRead({ counters }: Shard, page: RecordPage, nowMs: number): void {
  counters.outgoingRecords += page.count;
  counters.outgoingBytes += page.bytes;
  const last = lastOf(page);
  if (last !== undefined) counters.iteratorAgeMs = nowMs - last.atMs;
}

function find(turn: KinesisTurn, { ShardIterator = '', StreamARN, StreamId }: GetRecordsInput): Found | Refused {
  if (StreamId !== undefined)
    return refuse(invalidArgument('StreamId is reserved for future use and cannot be given.'));
  const iterator = openIterator(turn, ShardIterator);
  if (iterator === undefined) return refuse(invalidArgument('Invalid ShardIterator.'));
  const stream = turn.state.contents.get(iterator.stream);
  const shard = stream?.shards.get(iterator.shard);
  if (stream === undefined || shard === undefined) {
    return refuse(notFound(`Shard ${shardIdOf(iterator.shard)} or its stream does not exist any more.`));
  }
  if (StreamARN !== undefined && streamByArn(turn.state, StreamARN) !== stream) {
    return refuse(invalidArgument('The ShardIterator was not given for the stream in StreamARN.'));
  }
  return { iterator, stream, shard };
}

function rangeOf(turn: KinesisTurn, { iterator, stream }: Found, limit = GET_RECORDS_MAX): PageRange {
  return {
    from: iterator.place,
    countMax: limit,
    bytesMax: GET_BYTES_MAX,
    sinceMs: Math.max(iterator.sinceMs, keptSinceMs(stream, turn.nowMs)),
  };
}

function answer(turn: KinesisTurn, found: Found, range: PageRange): Reply<GetRecordsOutput> {
  const { shard, stream } = found;
  const plan = planRead(shard, range);
  const meter = meterOf(turn, shard);
  const asOf = (now: KinesisTurn): Answering => ({
    turn: now,
    stream,
    shard,
    sinceMs: found.iterator.sinceMs,
    endPlace: shard.log.endPlace,
    isClosed: shard.isClosed,
  });
  const shown = (page: RecordPage, at: Answering): GetRecordsOutput => {
    meter?.endRead(page.bytes);
    countRead(shard, page, at.turn.nowMs);
    return answerOf(at, page);
  };
  if (plan.kind === 'nothing') {
    return { output: shown(emptyPage(plan.range.from), asOf(turn)) };
  }
  if (plan.kind === 'fresh') {
    const answering = asOf(turn);
    const output = (payloads: readonly Uint8Array[]) =>
      shown(cutPage(withBytes(plan.heads, payloads), plan.range), answering);
    return { reads: plan.payloads, output };
  }
  const ticket = turn.defer();
  startRead(turn, {
    shard,
    range,
    finish: (later, page) =>
      later.resolve(ticket, page === undefined ? refuse(unreadable()) : { output: shown(page, asOf(later)) }),
  });
  return { deferred: ticket };
}
