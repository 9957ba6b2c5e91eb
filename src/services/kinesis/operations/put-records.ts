// PutRecords: up to five hundred records, each of which succeeds or fails for itself; only AWS's limits make one fail. One payload a shard.

import { utf8Length } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import type { PutRecordsInput, PutRecordsOutput, PutRecordsRequestEntry } from '#wire/generated/kinesis.ts';
import { dryRun, invalidArgument } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { PUT_BYTES_MAX, PUT_RECORDS_MAX } from '../limits.ts';
import { Putting } from '../put.ts';
import { PutAnswer } from '../put-answer.ts';
import { checkRecord, explicitHashKeyProblem, isPlain, recordSizeProblem, routeRecord } from '../record-input.ts';
import type { Stream } from '../shard.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { hasRoom } from '../throughput.ts';

type Entry = PutRecordsRequestEntry;

export const putRecords = operation<KinesisState, PutRecordsInput, PutRecordsOutput>({
  authorize: onStream('PutRecords'),
  decide(turn, input): Reply<PutRecordsOutput> {
    const stream = findStream(turn, input, (validation) => checkRecords(validation, input.Records));
    if (isRefused(stream)) return stream;
    const records = input.Records as readonly Entry[];
    const problem = recordsProblem(stream, records);
    if (problem !== undefined) return refuse(problem);
    return input.DryRun === true ? refuse(dryRun()) : { output: put(turn, stream, records) };
  },
});

function checkRecords(validation: Validation, records: readonly Entry[] | undefined): Validation {
  validation.required('records', records);
  if (records === undefined) return validation;
  if (records.length === 0 || records.length > PUT_RECORDS_MAX) {
    return validation.length(
      'records',
      records.map(() => 'PutRecordsRequestEntry'),
      { min: 1, max: PUT_RECORDS_MAX },
    );
  }
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i] as Entry;
    if (!isPlain(record)) checkRecord(validation, `records.${i + 1}.member.`, record);
  }
  return validation;
}

function recordsProblem(stream: Stream, records: readonly Entry[]): AwsError | undefined {
  let bytes = 0;
  for (const record of records) {
    const problem = explicitHashKeyProblem(record) ?? recordSizeProblem(stream, record);
    if (problem !== undefined) return problem;
    bytes += (record.Data as Uint8Array).length + utf8Length(record.PartitionKey as string);
  }
  // AWS's text when it took 5 MiB (aws/amazon-kinesis-streams-for-fluent-bit 21), with today's number.
  return bytes <= PUT_BYTES_MAX ? undefined : invalidArgument('Records size exceeds 10 MB limit');
}

function put(turn: KinesisTurn, stream: Stream, records: readonly Entry[]): PutRecordsOutput {
  const putting = new Putting(turn, stream);
  const answer = new PutAnswer(stream, records.length);
  const isLimited = turn.limits.mode === 'aws';
  for (const { Data, PartitionKey, ExplicitHashKey } of records) {
    const data = Data as Uint8Array;
    const key = PartitionKey as string;
    const shard = routeRecord(stream, key, ExplicitHashKey);
    const isThrottled = isLimited && !hasRoom(turn, shard, data.length + utf8Length(key));
    if (isThrottled) answer.addFailed(shard);
    else answer.add(shard, putting.add(shard, key, data));
  }
  putting.commit();
  return answer;
}
