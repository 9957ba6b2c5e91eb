// ListMessageMoveTasks: the most recent first.

import { operation } from '#cell/service-definition.ts';
import { refuse } from '#model/aws-error.ts';
import type {
  ListMessageMoveTasksInput,
  ListMessageMoveTasksOutput,
  ListMessageMoveTasksResultEntry,
} from '#wire/generated/sqs.ts';
import { invalidValue } from '../errors.ts';
import { queueByArn } from '../find-queue.ts';
import { limits } from '../limits.ts';
import { taskPermissions } from '../move-permissions.ts';
import { encodeTaskHandle, type MoveTask } from '../move-task.ts';
import { sourceQueueMissing } from '../source-queue.ts';
import type { SqsState } from '../state.ts';

export const listMessageMoveTasks = operation<SqsState, ListMessageMoveTasksInput, ListMessageMoveTasksOutput>({
  authorize(turn, input) {
    const source = queueByArn(turn.state, input.SourceArn ?? '');
    return source === undefined ? sourceQueueMissing(input.SourceArn) : taskPermissions('ListMessageMoveTasks', source);
  },
  decide(turn, input) {
    const source = queueByArn(turn.state, input.SourceArn ?? '');
    if (source === undefined) return refuse(sourceQueueMissing(input.SourceArn));
    const { MaxResults: limit = 1 } = input;
    if (!(limit >= 1 && limit <= limits.moveTasksListedMax)) {
      const reason = `Must be between 1 and ${limits.moveTasksListedMax}, if provided.`;
      return refuse(invalidValue('MaxResults', limit, reason));
    }
    const tasks = [...turn.state.moveTasks.by('bySource', source.arn)].reverse();
    return { output: { Results: tasks.slice(0, limit).map(shown) } };
  },
});

function shown(task: MoveTask): ListMessageMoveTasksResultEntry {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: encodeTaskHandle(task) } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
    ...(task.messagesPerSecondMax === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.messagesPerSecondMax }),
    ApproximateNumberOfMessagesMoved: task.movedCount,
    ApproximateNumberOfMessagesToMove: task.toMoveCount,
    ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAtMs,
  };
}
