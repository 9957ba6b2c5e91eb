// One step of a message-move task: as many messages as its pace allows go from the dead-letter queue to their destination. The document's
// `nextMoveAtMs` sets the timer for the next step.

import { MessageRedriven } from '../facts.ts';
import { queueByArn, type SqsTurn } from '../find-queue.ts';
import { type MoveTask, paceOf } from '../move-task.ts';
import { type Queue, wakeKeyOf } from '../queue.ts';

/** AWS's FailureReason values. */
const QUEUE_IS_GONE = 'AWS.SimpleQueueService.NonExistentQueue';
const SOURCE_UNKNOWN = 'CouldNotDetermineMessageSource';

export function messagesMoved(turn: SqsTurn, key: string): void {
  const task = turn.state.moveTasks.get(key);
  if (task === undefined || task.status !== 'RUNNING') return;
  const source = queueByArn(turn.state, task.sourceArn);
  if (source === undefined) {
    turn.put(turn.state.moveTasks, key, { ...task, status: 'FAILED', failureReason: QUEUE_IS_GONE });
    return;
  }
  const { count, pauseMs } = paceOf(task);
  const moved = moveSome(turn, { task, source, countMax: count });
  const after = { ...task, movedCount: task.movedCount + moved.count, nextMoveAtMs: turn.nowMs + pauseMs };
  turn.put(turn.state.moveTasks, key, statusAfter(turn, source, { after, failure: moved.failure }));
}

function statusAfter(
  turn: SqsTurn,
  source: Queue,
  { after, failure }: { readonly after: MoveTask; readonly failure: string | undefined },
): MoveTask {
  if (failure !== undefined) return { ...after, status: 'FAILED', failureReason: failure };
  return turn.state.backlogOf(source).waiting.hasChoice ? after : { ...after, status: 'COMPLETED' };
}

interface Step {
  readonly task: MoveTask;
  readonly source: Queue;
  readonly countMax: number;
}

function moveSome(turn: SqsTurn, { task, source, countMax }: Step): { count: number; failure: string | undefined } {
  const { state } = turn;
  const { waiting } = state.backlogOf(source);
  let count = 0;
  for (const slot of waiting.choose(countMax)) {
    const arn = task.destinationArn ?? state.texts.textOf(waiting.slots.originId.get(slot));
    if (arn === undefined) return { count, failure: SOURCE_UNKNOWN };
    const target = queueByArn(state, arn);
    if (target === undefined) return { count, failure: QUEUE_IS_GONE };
    turn.record(MessageRedriven, {
      queue: source.number,
      slot,
      sequence: waiting.slots.sequence.get(slot),
      target: target.number,
      targetSequence: state.backlogOf(target).nextSequence,
      // AWS: "redriven messages are considered new messages with a new messageID and enqueueTime".
      messageId: turn.uuid(),
      atMs: turn.nowMs,
    });
    turn.wake(wakeKeyOf(target.arn));
    count += 1;
  }
  return { count, failure: undefined };
}
