// CancelMessageMoveTask: no message is moved after this turn; those already moved stay where they are.

import { operation } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { CancelMessageMoveTaskInput, CancelMessageMoveTaskOutput } from '#wire/generated/sqs.ts';
import { invalidParameterValue, missingParameter, resourceNotFound } from '../errors.ts';
import { queueByArn, type SqsTurn } from '../find-queue.ts';
import { taskPermissions } from '../move-permissions.ts';
import { decodeTaskHandle, type MoveTask } from '../move-task.ts';
import type { Queue } from '../queue.ts';
import { sourceQueueMissing } from '../source-queue.ts';
import type { SqsState } from '../state.ts';

interface Found {
  readonly source: Queue;
  readonly key: string;
  readonly task: MoveTask;
}

export const cancelMessageMoveTask = operation<SqsState, CancelMessageMoveTaskInput, CancelMessageMoveTaskOutput>({
  authorize(turn, input) {
    const found = findTask(turn, input.TaskHandle);
    return isRefused(found) ? found.refused : taskPermissions('CancelMessageMoveTask', found.source);
  },
  decide(turn, input) {
    const found = findTask(turn, input.TaskHandle);
    if (isRefused(found)) return found;
    const { key, task } = found;
    if (task.status !== 'RUNNING') return refuse(invalidParameterValue('Only active tasks can be cancelled.'));
    const cancelled: MoveTask = { ...task, status: 'CANCELLED' };
    turn.put(turn.state.moveTasks, key, cancelled);
    return { output: { ApproximateNumberOfMessagesMoved: task.movedCount } };
  },
});

function findTask(turn: SqsTurn, handle: string | undefined): Found | Refused {
  if (handle === undefined || handle === '') return refuse(missingParameter('TaskHandle'));
  const named = decodeTaskHandle(handle);
  if (named === undefined) return refuse(invalidParameterValue('Value for parameter TaskHandle is invalid.'));
  const source = queueByArn(turn.state, named.sourceArn);
  if (source === undefined) return refuse(sourceQueueMissing(named.sourceArn));
  for (const key of turn.state.moveTasks.keysBy('bySource', source.arn)) {
    const task = turn.state.moveTasks.get(key);
    if (task?.id === named.taskId) return { source, key, task };
  }
  return refuse(resourceNotFound('Task does not exist.'));
}
