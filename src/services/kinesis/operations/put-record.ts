// PutRecord: the shortest way of a record into a stream.

import { utf8Length } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutRecordInput, PutRecordOutput } from '#wire/generated/kinesis.ts';
import { shardIdOf } from '../documents.ts';
import { dryRun, invalidArgument, throughputExceeded } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { Putting } from '../put.ts';
import { checkRecord, explicitHashKeyProblem, recordSizeProblem, routeRecord } from '../record-input.ts';
import { parseSequenceNumber } from '../sequence-number.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { hasRoom } from '../throughput.ts';
import { SEQUENCE_NUMBER } from '../validation.ts';

export const putRecord = operation<KinesisState, PutRecordInput, PutRecordOutput>({
  authorize: onStream('PutRecord'),
  decide(turn, input): Reply<PutRecordOutput> {
    const stream = findStream(turn, input, (validation) =>
      checkRecord(validation, '', input).pattern(
        'sequenceNumberForOrdering',
        input.SequenceNumberForOrdering,
        SEQUENCE_NUMBER,
      ),
    );
    if (isRefused(stream)) return stream;
    const problem =
      explicitHashKeyProblem(input) ?? recordSizeProblem(stream, input) ?? orderingProblem(turn, stream, input);
    if (problem !== undefined) return refuse(problem);
    const data = input.Data as Uint8Array;
    const partitionKey = input.PartitionKey as string;
    const shard = routeRecord(stream, partitionKey, input.ExplicitHashKey);
    if (input.DryRun === true) return refuse(dryRun());
    const isTooMuch = turn.limits.mode === 'aws' && !hasRoom(turn, shard, data.length + utf8Length(partitionKey));
    if (isTooMuch) return refuse(throughputExceeded(shardIdOf(shard.doc.index), stream.doc));
    const putting = new Putting(turn, stream);
    const SequenceNumber = putting.add(shard, partitionKey, data).text;
    putting.commit();
    return { output: { ShardId: shardIdOf(shard.doc.index), SequenceNumber } };
  },
});

/** Numbers only grow, so a number of the past asks for nothing more; one of the future cannot have been given. */
function orderingProblem(turn: KinesisTurn, { doc }: Stream, { SequenceNumberForOrdering }: PutRecordInput) {
  if (SequenceNumberForOrdering === undefined) return undefined;
  const parsed = parseSequenceNumber(SequenceNumberForOrdering);
  if (parsed !== undefined && parsed.seconds * 1000 <= turn.nowMs) return undefined;
  return invalidArgument(
    `ExclusiveMinimumSequenceNumber ${SequenceNumberForOrdering} used in PutRecord on stream ${doc.name} under account ${doc.account} is invalid.`,
  );
}
