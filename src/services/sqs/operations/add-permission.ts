// AddPermission: one statement more in the queue's policy.

import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { AddPermissionInput, AddPermissionOutput } from '#wire/generated/sqs.ts';
import { findQueue, onQueue } from '../find-queue.ts';
import { queueKeyOf } from '../queue.ts';
import { parsePermission, withPermission } from '../queue-permissions.ts';
import type { SqsState } from '../state.ts';

export const addPermission = operation<SqsState, AddPermissionInput, AddPermissionOutput>({
  authorize: onQueue('AddPermission', 'owner'),
  decide(turn, input) {
    const queue = findQueue(turn, input.QueueUrl);
    if (isRefused(queue)) return queue;
    const permission = parsePermission(input);
    if (isRefused(permission)) return permission;
    const policy = withPermission(queue, permission);
    if (typeof policy !== 'string') return policy;
    turn.put(turn.state.queues, queueKeyOf(queue), { ...queue, policy, modifiedAtMs: turn.nowMs });
    return { output: {} };
  },
});
