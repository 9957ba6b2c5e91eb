// DeleteDeliveryStream. AWS: "Deletes a Firehose stream and its data." What waits is not delivered any more; DELETING takes no time here.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import { DELETE_BLOCKS } from '#structures/append-log/effects.ts';
import type { DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import { onStream, streamKey } from '../find-stream.ts';
import { blockNamesOf } from '../lanes/end-batch.ts';
import { BLOCKS_DELETED } from '../lanes/running.ts';
import { namedStream } from '../named.ts';
import type { FirehoseState } from '../state.ts';

export const deleteDeliveryStream = operation<FirehoseState, DeleteDeliveryStreamInput, DeleteDeliveryStreamOutput>({
  authorize: onStream('DeleteDeliveryStream'),
  decide(turn, input): Reply<DeleteDeliveryStreamOutput> {
    const content = namedStream(turn, input);
    if (isRefused(content)) return content;
    const blocks = [...content.lanes.values()].flatMap((lane) => blockNamesOf(content.number, lane));
    turn.drop(turn.state.streams, streamKey(turn.scope, content.doc.name));
    if (blocks.length > 0) {
      turn.perform({ performer: DELETE_BLOCKS, input: blocks, then: { reaction: BLOCKS_DELETED, subject: '' } });
    }
    return { output: {} };
  },
});
