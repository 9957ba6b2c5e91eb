// PutRecordBatch. AWS may take a part of a batch; here all of it is one entry of the journal, and FailedPutCount is 0.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutRecordBatchInput, PutRecordBatchOutput } from '#wire/generated/firehose.ts';
import { batchTooLarge } from '../errors.ts';
import { onStream } from '../find-stream.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX } from '../limits.ts';
import { namedStream } from '../named.ts';
import { putRecords } from '../put.ts';
import { RECORD, recordsProblem, whyNotPuttable } from '../record-input.ts';
import { list, structure } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';

const SHAPE = structure(
  { DeliveryStreamName: STREAM_NAME, Records: list(RECORD, { min: 1, max: BATCH_RECORDS_MAX }) },
  'DeliveryStreamName',
  'Records',
);

export const putRecordBatch = operation<FirehoseState, PutRecordBatchInput, PutRecordBatchOutput>({
  authorize: onStream('PutRecordBatch'),
  decide(turn, input): Reply<PutRecordBatchOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const data = (input.Records ?? []).map(({ Data }) => Data ?? new Uint8Array());
    const problem = recordsProblem(data, 'records') ?? whyNotPuttable(content, data);
    if (problem !== undefined) return refuse(problem);
    if (data.reduce((sum, { length }) => sum + length, 0) > BATCH_BYTES_MAX) return refuse(batchTooLarge());
    const ids = putRecords(turn, content, data);
    const RequestResponses = ids.map((RecordId) => ({ RecordId }));
    return { output: { FailedPutCount: 0, Encrypted: false, RequestResponses } };
  },
});
