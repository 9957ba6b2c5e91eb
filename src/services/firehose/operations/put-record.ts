import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutRecordInput, PutRecordOutput } from '#wire/generated/firehose.ts';
import { onStream } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import { putRecords } from '../put.ts';
import { RECORD, recordsProblem, whyNotPuttable } from '../record-input.ts';
import { structure } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';

const SHAPE = structure({ DeliveryStreamName: STREAM_NAME, Record: RECORD }, 'DeliveryStreamName', 'Record');

export const putRecord = operation<FirehoseState, PutRecordInput, PutRecordOutput>({
  authorize: onStream('PutRecord'),
  decide(turn, input): Reply<PutRecordOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const data = [input.Record?.Data ?? new Uint8Array()];
    const problem = recordsProblem(data, 'record') ?? whyNotPuttable(content, data);
    if (problem !== undefined) return refuse(problem);
    const [RecordId = ''] = putRecords(turn, content, data);
    return { output: { RecordId, Encrypted: false } };
  },
});
