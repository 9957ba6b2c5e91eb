// Handing messages out: the decision shared by ReceiveMessage and pollers. A message that was received as often as the redrive policy allows
// is not given again but moved to the dead-letter queue, in the same turn.

import { formatUuid } from '#base/uuid.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { Backlog } from './backlog.ts';
import { GroupMessagesReceived, MessageDeadLettered, MessagesReceived } from './facts.ts';
import { queueByArn, type SqsTurn } from './find-queue.ts';
import { limits, turnBounds } from './limits.ts';
import { numberText } from './number-text.ts';
import { type Queue, wakeKeyOf } from './queue.ts';

/** A message that was just received, with what the answer shows of it. */
export interface Taken {
  readonly queue: number;
  readonly slot: number;
  readonly sequence: number;
  readonly generation: number;
  readonly messageId: string;
  readonly payload: PayloadId;
  readonly group: string;
  readonly receiveCount: number;
  readonly sentAtMs: number;
  readonly firstReceivedAtMs: number;
  /** ARN of the subscription whose envelope is shown around the payload. */
  readonly subscriptionArn: string | undefined;
  /** ARN of the queue that a dead letter came from. */
  readonly deadLetterSourceArn: string | undefined;
}

export interface TakeOptions {
  readonly countMax: number;
  readonly hiddenSeconds: number;
  /** ReceiveRequestAttemptId, FIFO queues only. */
  readonly attempt?: string | undefined;
}

export function takeMessages(turn: SqsTurn, queue: Queue, options: TakeOptions): readonly Taken[] {
  const backlog = turn.state.backlogOf(queue);
  const room = limits.inFlightMax - backlog.waiting.inFlightCount;
  const slots = chooseAlive(turn, queue, backlog, Math.min(options.countMax, room));
  if (slots.length === 0) return [];
  const received = {
    queue: queue.number,
    atMs: turn.nowMs,
    hiddenMs: options.hiddenSeconds * 1000,
    slots,
    sequences: slots.map((slot) => backlog.waiting.slots.sequence.get(slot)),
  };
  if (queue.isFifo) turn.record(GroupMessagesReceived, { ...received, attempt: options.attempt });
  else turn.record(MessagesReceived, received);
  return slots.map((slot) => describeTaken(turn, backlog, slot));
}

export function describeTaken(turn: Pick<SqsTurn, 'state'>, backlog: Backlog, slot: number): Taken {
  const { slots } = backlog.waiting;
  const { texts } = turn.state;
  return {
    queue: backlog.number,
    slot,
    sequence: slots.sequence.get(slot),
    generation: slots.generation.get(slot),
    messageId: formatUuid(slots.messageId(slot)),
    payload: slots.payloadId.get(slot) as PayloadId,
    group: backlog.waiting.groupOf(slot),
    receiveCount: slots.receiveCount.get(slot),
    sentAtMs: slots.sentAtMs.get(slot),
    firstReceivedAtMs: slots.firstReceivedAtMs.get(slot),
    subscriptionArn: texts.textOf(slots.envelopeId.get(slot)),
    deadLetterSourceArn: texts.textOf(slots.originId.get(slot)),
  };
}

/** The next messages that may still be received; the others on the way are dead-lettered. */
function chooseAlive(turn: SqsTurn, queue: Queue, backlog: Backlog, countMax: number): readonly number[] {
  if (countMax <= 0) return [];
  const { waiting } = backlog;
  // A dead-letter queue that was deleted keeps nothing back: the message is given again.
  const deadLetterQueue = queue.redrivePolicy && queueByArn(turn.state, queue.redrivePolicy.deadLetterTargetArn);
  if (queue.redrivePolicy === undefined || deadLetterQueue === undefined) return waiting.choose(countMax);
  const { maxReceiveCount } = queue.redrivePolicy;
  for (let left = turnBounds.deadLettered; ; ) {
    const slots = waiting.choose(countMax);
    // Receives of this queue alone, which the generation counts: a dead letter in a chain brings its receive count along.
    const dead = slots.filter((slot) => waiting.slots.generation.get(slot) >= maxReceiveCount);
    if (dead.length === 0) return slots;
    if (left <= 0) return slots.filter((slot) => !dead.includes(slot));
    for (const slot of dead) deadLetter(turn, { queue, backlog, slot, target: deadLetterQueue });
    left -= dead.length;
  }
}

function deadLetter(
  turn: SqsTurn,
  move: { readonly queue: Queue; readonly backlog: Backlog; readonly slot: number; readonly target: Queue },
): void {
  const { queue, backlog, slot, target } = move;
  turn.record(MessageDeadLettered, {
    queue: queue.number,
    slot,
    sequence: backlog.waiting.slots.sequence.get(slot),
    target: target.number,
    targetSequence: turn.state.backlogOf(target).nextSequence,
    atMs: turn.nowMs,
    origin: numberText(turn, queue.arn),
  });
  turn.wake(wakeKeyOf(target.arn));
}
