// StartMessageMoveTask: dead-letter queue redrive. The work is done by a timer (reactions/messages-moved.ts), the first step right after this turn.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation } from '#cell/service-definition.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import type { StartMessageMoveTaskInput, StartMessageMoveTaskOutput } from '#wire/generated/sqs.ts';
import * as errors from '../errors.ts';
import { queueByArn, type SqsTurn } from '../find-queue.ts';
import { limits } from '../limits.ts';
import { sendPermissions, taskPermissions } from '../move-permissions.ts';
import { encodeTaskHandle, type MoveTask, moveTaskKey } from '../move-task.ts';
import { type Queue, queueKeyOf } from '../queue.ts';
import { sourceQueueMissing } from '../source-queue.ts';
import type { SqsState } from '../state.ts';

export const startMessageMoveTask = operation<SqsState, StartMessageMoveTaskInput, StartMessageMoveTaskOutput>({
  authorize(turn, input): readonly AuthorizationRequest[] | AwsError {
    const source = queueByArn(turn.state, input.SourceArn ?? '');
    if (source === undefined) return sourceQueueMissing(input.SourceArn);
    const { DestinationArn: destinationArn } = input;
    return [...taskPermissions('StartMessageMoveTask', source), ...sendPermissions(turn.state, source, destinationArn)];
  },
  decide(turn, input) {
    const { SourceArn: sourceArn, DestinationArn: destinationArn } = input;
    const source = queueByArn(turn.state, sourceArn ?? '');
    if (source === undefined) return refuse(sourceQueueMissing(sourceArn));
    const problem = startProblem(turn, source, input);
    if (problem !== undefined) return refuse(problem);
    const task: MoveTask = {
      id: turn.uuid(),
      sourceArn: source.arn,
      ...(destinationArn === undefined ? {} : { destinationArn }),
      ...(input.MaxNumberOfMessagesPerSecond === undefined
        ? {}
        : { messagesPerSecondMax: input.MaxNumberOfMessagesPerSecond }),
      status: 'RUNNING',
      startedAtMs: turn.nowMs,
      toMoveCount: turn.state.backlogOf(source).waiting.readyCount,
      movedCount: 0,
      nextMoveAtMs: turn.nowMs,
    };
    forgetOldest(turn, source);
    turn.put(turn.state.moveTasks, moveTaskKey(queueKeyOf(source), task), task);
    return { output: { TaskHandle: encodeTaskHandle(task) } };
  },
});

function startProblem(turn: SqsTurn, source: Queue, input: StartMessageMoveTaskInput): AwsError | undefined {
  const { DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: rate } = input;
  const { state } = turn;
  if (state.queues.keysBy('byDeadLetter', source.arn).length === 0) {
    return errors.invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
  }
  if (destinationArn !== undefined) {
    const destination = queueByArn(state, destinationArn);
    if (destination === undefined) {
      return errors.resourceNotFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
    }
    if (destination.isFifo !== source.isFifo) {
      return errors.invalidParameterValue('Source queue and destination queue must be of the same type.');
    }
    if (destination.arn === source.arn) {
      return errors.invalidParameterValue('Source queue and destination queue must be different queues.');
    }
  }
  if (rate !== undefined && !(rate >= 1 && rate <= limits.movesPerSecondMax)) {
    const reason = `Must be between 1 and ${limits.movesPerSecondMax}, if provided.`;
    return errors.invalidValue('MaxNumberOfMessagesPerSecond', rate, reason);
  }
  if (state.moveTasks.keysBy('running', source.arn).length > 0) {
    return errors.invalidParameterValue(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  return undefined;
}

/** AWS lists the ten most recent tasks of a queue: older ones are forgotten when a new one starts. */
function forgetOldest(turn: SqsTurn, source: Queue): void {
  const keys = turn.state.moveTasks.keysBy('bySource', source.arn);
  for (const key of keys.slice(0, Math.max(0, keys.length + 1 - limits.moveTasksListedMax))) {
    turn.drop(turn.state.moveTasks, key);
  }
}
