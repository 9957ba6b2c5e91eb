// DeleteStream: at once, with its shards and all that is in them.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteStreamInput } from '#wire/generated/kinesis.ts';
import { consumerCountOf } from '../consumer-count.ts';
import { dropConsumers } from '../consumers/find-consumer.ts';
import { wakeAllSubscribers } from '../consumers/waking.ts';
import { shardKey, streamKey } from '../documents.ts';
import { resourceInUse } from '../errors.ts';
import { findStream, onStream } from '../find-stream.ts';
import { deleteBlocks } from '../sealing.ts';
import { logName } from '../shard.ts';
import type { KinesisState } from '../state.ts';
import { wakeKeyOf } from '../wake-key.ts';

export const deleteStream = operation<KinesisState, DeleteStreamInput, object>({
  authorize: onStream('DeleteStream'),
  decide(turn, input): Reply<object> {
    const stream = findStream(turn, input);
    if (isRefused(stream)) return stream;
    const { doc } = stream;
    // AWS: API reference, DeleteStream, EnforceConsumerDeletion. The text is not AWS's.
    if (input.EnforceConsumerDeletion !== true && consumerCountOf(turn.state, stream) > 0) {
      return refuse(
        resourceInUse(
          `Stream ${doc.name} under account ${doc.account} has registered consumers. Deregister them or set EnforceConsumerDeletion.`,
        ),
      );
    }
    dropConsumers(turn, stream);
    wakeAllSubscribers(turn, stream);
    for (const shard of [...stream.shards.values()]) {
      deleteBlocks(turn, logName(shard), shard.log.blocks.slice());
      turn.drop(turn.state.shards, shardKey(shard.doc));
    }
    turn.drop(turn.state.streams, streamKey(doc, doc.name));
    turn.wake(wakeKeyOf(doc.arn));
    return { output: {} };
  },
});
