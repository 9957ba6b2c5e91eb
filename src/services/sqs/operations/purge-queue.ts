// PurgeQueue: one fact, however many messages there are.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PurgeQueueInput, PurgeQueueOutput } from '#wire/generated/sqs.ts';
import { purgeInProgress } from '../errors.ts';
import { QueuePurged } from '../facts.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { limits } from '../limits.ts';
import type { SqsState } from '../state.ts';

export const purgeQueue = operation<SqsState, PurgeQueueInput, PurgeQueueOutput>({
  authorize: onQueue('PurgeQueue'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    // AWS: one purge in 60 seconds.
    const { purgedAtMs } = turn.state.backlogOf(queue);
    if (purgedAtMs > 0 && purgedAtMs + limits.purgePauseMs > turn.nowMs) return refuse(purgeInProgress(queue.name));
    turn.record(QueuePurged, { queue: queue.number, atMs: turn.nowMs });
    return { output: {} };
  },
});
