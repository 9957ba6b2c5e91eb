// The room of Firehose: what answers, what waits, what is delivered.

import { defineService } from '#cell/service-definition.ts';
import { FLUSH_TIMER, factBindings, SEAL_TIMER, SOURCE_TIMER, tableBindings } from './apply.ts';
import { flush, flushDue } from './lanes/flush.ts';
import { answered, PREPARED, prepared } from './lanes/processing.ts';
import { BLOCKS_DELETED } from './lanes/running.ts';
import { BLOCK_WRITTEN, BLOCKS_SWEPT, blocksSwept, blockWritten, seal, sweep } from './lanes/seal.ts';
import { HTTP_ANSWERED, httpAnswered } from './lanes/to-http.ts';
import { OPENSEARCH_ANSWERED, openSearchAnswered } from './lanes/to-opensearch.ts';
import { COPIED, copied, MANIFEST_WRITTEN, manifestWritten } from './lanes/to-redshift.ts';
import { SHAPED, shaped } from './lanes/to-s3.ts';
import { SPLUNK_ANSWERED, SPLUNK_SENT, splunkAnswered, splunkSent } from './lanes/to-splunk.ts';
import { ERRORS_WRITTEN, errorsWritten } from './lanes/write-errors.ts';
import { createDeliveryStream } from './operations/create-delivery-stream.ts';
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts';
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts';
import { startDeliveryStreamEncryption, stopDeliveryStreamEncryption } from './operations/encryption.ts';
import { listDeliveryStreams } from './operations/list-delivery-streams.ts';
import { listTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecordBatch } from './operations/put-record-batch.ts';
import { tagDeliveryStream } from './operations/tag-delivery-stream.ts';
import { untagDeliveryStream } from './operations/untag-delivery-stream.ts';
import { updateDestination } from './operations/update-destination.ts';
import { QUERY_CHECKED, queryChecked } from './settings/check-query.ts';
import { snapshot } from './snapshot.ts';
import { readSource, recordsRead } from './source/read-source.ts';
import { FirehoseState, type FirehoseTurn } from './state.ts';
import { acceptHandOver } from './target.ts';

export const firehose = defineService<FirehoseState>({
  name: 'firehose',
  createState: () => new FirehoseState(),
  tables: tableBindings,
  facts: factBindings,
  operations: {
    CreateDeliveryStream: createDeliveryStream,
    DeleteDeliveryStream: deleteDeliveryStream,
    DescribeDeliveryStream: describeDeliveryStream,
    ListDeliveryStreams: listDeliveryStreams,
    ListTagsForDeliveryStream: listTagsForDeliveryStream,
    PutRecord: putRecord,
    PutRecordBatch: putRecordBatch,
    StartDeliveryStreamEncryption: startDeliveryStreamEncryption,
    StopDeliveryStreamEncryption: stopDeliveryStreamEncryption,
    TagDeliveryStream: tagDeliveryStream,
    UntagDeliveryStream: untagDeliveryStream,
    UpdateDestination: updateDestination,
  },
  timers: { [FLUSH_TIMER]: flush, [SEAL_TIMER]: seal, [SOURCE_TIMER]: readSource },
  reactions: {
    [QUERY_CHECKED]: queryChecked,
    [PREPARED]: prepared,
    [SHAPED]: shaped,
    [ERRORS_WRITTEN]: errorsWritten,
    [HTTP_ANSWERED]: httpAnswered,
    [OPENSEARCH_ANSWERED]: openSearchAnswered,
    [SPLUNK_SENT]: splunkSent,
    [SPLUNK_ANSWERED]: splunkAnswered,
    [MANIFEST_WRITTEN]: manifestWritten,
    [COPIED]: copied,
    [BLOCK_WRITTEN]: blockWritten,
    [BLOCKS_DELETED]: () => {},
    [BLOCKS_SWEPT]: blocksSwept,
  },
  snapshot,
  resume(turn) {
    sweep(turn);
    flushDue(turn);
    for (const { number, doc } of turn.state.contents.values()) {
      if (doc.source !== undefined) readSource(turn, String(number));
    }
  },
  doors: () => ({
    target: { accept: (turn, handOver) => acceptHandOver(turn as FirehoseTurn, handOver) },
    streamReader: { recordsRead: (turn, subject, page) => recordsRead(turn as FirehoseTurn, subject, page) },
    answers: { answered },
  }),
});
