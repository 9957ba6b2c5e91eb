// GetShardIterator. Texts: answers of AWS as kinesalite's test suite records them.

import { operation, type Reply } from '#cell/service-definition.ts';
import { CLOCK_SKEW_MS } from '#cell/stream-source.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import type { GetShardIteratorInput, GetShardIteratorOutput } from '#wire/generated/kinesis.ts';
import { shardIdOf, shardIndexOf } from '../documents.ts';
import { dryRun, invalidArgument, shardDoesNotExist, shardNotFound, throughputExceeded } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { sealIterator } from '../iterator.ts';
import { type ParsedSequenceNumber, parseSequenceNumber } from '../sequence-number.ts';
import type { Shard, Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { meterOf } from '../throughput.ts';
import { checkShardId, SEQUENCE_NUMBER } from '../validation.ts';

const TYPES = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];
const OF_NUMBERS = new Set(['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']);

type Start = { readonly place: number; readonly sinceMs: number };

export const getShardIterator = operation<KinesisState, GetShardIteratorInput, GetShardIteratorOutput>({
  authorize: onStream('GetShardIterator'),
  decide(turn, input): Reply<GetShardIteratorOutput> {
    const stream = findStream(turn, input, (validation) => checkInput(validation, input));
    if (isRefused(stream)) return stream;
    const shard = findShardOf(stream, input.ShardId as string);
    if (isRefused(shard)) return shard;
    const start = startOf(turn, stream, shard, input);
    if (isRefused(start)) return start;
    if (input.DryRun === true) return refuse(dryRun());
    if (!shard.isClosed && meterOf(turn, shard)?.giveIterator() === false) {
      return refuse(throughputExceeded(shardIdOf(shard.doc.index), stream.doc));
    }
    const iterator = { stream: stream.doc.number, shard: shard.doc.index, issuedAtMs: turn.nowMs, ...start };
    return { output: { ShardIterator: sealIterator(turn, iterator) } };
  },
});

function checkInput(validation: Validation, input: GetShardIteratorInput): Validation {
  const { ShardId, ShardIteratorType, StartingSequenceNumber } = input;
  return checkShardId(validation.required('shardId', ShardId), 'shardId', ShardId)
    .required('shardIteratorType', ShardIteratorType)
    .oneOf('shardIteratorType', ShardIteratorType, TYPES)
    .pattern('startingSequenceNumber', StartingSequenceNumber, SEQUENCE_NUMBER);
}

function findShardOf({ doc, shards }: Stream, shardId: string): Shard | Refused {
  const index = shardIndexOf(shardId);
  if (index === undefined) return refuse(shardNotFound(shardId, doc));
  return shards.get(index) ?? refuse(shardDoesNotExist(shardIdOf(index), doc));
}

function startOf(turn: KinesisTurn, stream: Stream, shard: Shard, input: GetShardIteratorInput): Start | Refused {
  const { ShardIteratorType: type, StartingSequenceNumber: number, Timestamp: timestampMs } = input;
  const problem = combinationProblem(turn, input);
  if (problem !== undefined) return refuse(problem);
  if (type === 'TRIM_HORIZON') return { place: 0, sinceMs: 0 };
  if (type === 'LATEST') return { place: shard.log.endPlace, sinceMs: 0 };
  if (type === 'AT_TIMESTAMP') {
    const sinceMs = timestampMs as number;
    return { place: shard.log.placeSince(sinceMs), sinceMs };
  }
  const parsed = numberOf(stream, shard, number as string);
  if (isRefused(parsed)) return parsed;
  const place = parsed.place + (type === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0);
  return { place: Math.min(Math.max(place, 0), shard.log.endPlace), sinceMs: 0 };
}

function combinationProblem(turn: KinesisTurn, input: GetShardIteratorInput): AwsError | undefined {
  const { ShardIteratorType: type = '', StartingSequenceNumber: number, Timestamp: timestampMs } = input;
  if (type === 'AT_TIMESTAMP' && timestampMs === undefined) {
    return invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  }
  if (type === 'AT_TIMESTAMP' && (timestampMs as number) > turn.nowMs + CLOCK_SKEW_MS) {
    return invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${timestampMs}, currentTimestampInMillis: ${turn.nowMs}`,
    );
  }
  if (OF_NUMBERS.has(type) === (number !== undefined)) return undefined;
  const what = number === undefined ? 'no StartingSequenceNumber' : 'also a StartingSequenceNumber';
  return invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${what}.`,
  );
}

function numberOf({ doc }: Stream, shard: Shard, text: string): ParsedSequenceNumber | Refused {
  const parsed = parseSequenceNumber(text);
  const shardId = shardIdOf(shard.doc.index);
  const used = `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shardId} in stream ${doc.name} under account ${doc.account} is invalid`;
  if (parsed === undefined) return refuse(invalidArgument(`${used}.`));
  if (parsed.index !== shard.doc.index) {
    const other = shardIdOf(parsed.index);
    return refuse(
      invalidArgument(
        `Invalid StartingSequenceNumber. It encodes ${other}, while it was used in a call to a shard with ${shardId}`,
      ),
    );
  }
  if (parsed.epochSeconds === shard.doc.epochSeconds) return parsed;
  return refuse(invalidArgument(`${used} because it did not come from this stream.`));
}
