// RemovePermission: takes the statement with the label out of the queue's policy.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { RemovePermissionInput, RemovePermissionOutput } from '#wire/generated/sqs.ts';
import { missingParameter } from '../errors.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf } from '../queue.ts';
import { withoutPermission } from '../queue-permissions.ts';
import type { SqsState } from '../state.ts';

export const removePermission = operation<SqsState, RemovePermissionInput, RemovePermissionOutput>({
  authorize: onQueue('RemovePermission', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    if (input.Label === undefined) return refuse(missingParameter('Label'));
    const left = withoutPermission(queue, input.Label);
    if (isRefused(left)) return left;
    const { policy } = left;
    turn.put(turn.state.queues, queueKeyOf(queue), { ...queue, policy, modifiedAtMs: turn.nowMs });
    return { output: {} };
  },
});
