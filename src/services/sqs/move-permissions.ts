// What a caller must be allowed for message-move tasks: AWS moves the messages in the caller's name. AWS: SQS developer guide, "Configuring queue
// permissions for dead-letter queue redrive".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { permission, queueByArn } from './find-queue.ts';
import type { Queue } from './queue.ts';
import type { SqsState } from './state.ts';

const OF_EACH_TASK = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** `action` starts, cancels or lists tasks of the dead-letter queue. */
export function taskPermissions(action: string, source: Queue): readonly AuthorizationRequest[] {
  return [permission(action, source, 'owner'), ...OF_EACH_TASK.map((needed) => permission(needed, source))];
}

/** To the named queue; without one to every queue that messages may have come from. */
export function sendPermissions(
  state: SqsState,
  source: Queue,
  destinationArn: string | undefined,
): readonly AuthorizationRequest[] {
  const named = destinationArn === undefined ? undefined : queueByArn(state, destinationArn);
  if (destinationArn !== undefined) return named === undefined ? [] : [permission('SendMessage', named)];
  return [...state.queues.by('byDeadLetter', source.arn)].map((queue) => permission('SendMessage', queue));
}
