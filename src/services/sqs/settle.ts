// What a receipt handle still allows: deleting its message, changing its visibility. Shared by the single operations, their batches and pollers.

import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import * as errors from './errors.ts';
import { MessagesDeleted, VisibilityChanged } from './facts.ts';
import type { SqsTurn } from './find-queue.ts';
import { limits } from './limits.ts';
import { type Queue, wakeKeyOf } from './queue.ts';
import { decodeReceipt, type Receipt } from './receipt-handle.ts';

/** The receipt of a handle that was given out by this queue. */
function receiptOf(turn: SqsTurn, queue: Queue, handle: string | undefined): Receipt | Refused {
  if (handle === undefined || handle === '') return refuse(errors.missingParameter('ReceiptHandle'));
  const receipt = decodeReceipt(turn, handle);
  if (receipt === undefined || receipt.queue !== queue.number) return refuse(errors.receiptHandleIsInvalid(handle));
  return receipt;
}

/** Deletes; a message that is gone, or that somebody else has received since from a standard queue, is left alone without complaint. */
export function deleteMessage(turn: SqsTurn, queue: Queue, handle: string | undefined): AwsError | undefined {
  const receipt = receiptOf(turn, queue, handle);
  if (isRefused(receipt)) return receipt.refused;
  const { slot, sequence } = receipt;
  const { waiting } = turn.state.backlogOf(queue);
  if (!waiting.slots.has(slot, sequence)) return undefined;
  const generation = waiting.slots.generation.get(slot);
  if (queue.isFifo) {
    // AWS: a FIFO queue's handle dies with the visibility timeout.
    if (receipt.generation !== generation || !waiting.isInFlight(slot))
      return errors.receiptHandleExpired(handle as string);
  } else if (receipt.generation < generation) return undefined;
  // A higher generation is a receive that a crash forgot (it is not waited for): the handle is still the newest one.
  turn.record(MessagesDeleted, { queue: queue.number, slots: [slot], sequences: [sequence] });
  // A FIFO group may go on, and there is room again where too much was in flight.
  const hadNoRoom = waiting.inFlightCount === limits.inFlightMax - 1;
  if ((queue.isFifo || hadNoRoom) && waiting.hasChoice) turn.wake(wakeKeyOf(queue.arn));
  return undefined;
}

export interface VisibilityChange {
  readonly handle: string | undefined;
  readonly seconds: number | undefined;
}

export function changeVisibility(turn: SqsTurn, queue: Queue, change: VisibilityChange): AwsError | undefined {
  const { handle, seconds } = change;
  if (seconds === undefined) return errors.missingParameter('VisibilityTimeout');
  if (!(seconds >= 0 && seconds <= limits.visibilityTimeoutSecondsMax)) {
    const reason = `Must be >= 0 and <= ${limits.visibilityTimeoutSecondsMax}, if provided.`;
    return errors.invalidValue('VisibilityTimeout', seconds, reason);
  }
  const receipt = receiptOf(turn, queue, handle);
  if (isRefused(receipt)) return receipt.refused;
  const { slot, sequence } = receipt;
  const { waiting } = turn.state.backlogOf(queue);
  const { slots } = waiting;
  const isCurrent = slots.has(slot, sequence) && receipt.generation >= slots.generation.get(slot);
  if (!isCurrent || (queue.isFifo && !waiting.isInFlight(slot))) {
    return errors.notAvailableForVisibilityChange(handle as string);
  }
  // AWS: "a message's total visibility timeout" is 12 hours, counted from its receive.
  const hiddenMs = seconds * 1000;
  const receivedAtMs = slots.receivedAtMs.get(slot) || turn.nowMs;
  if (turn.nowMs + hiddenMs - receivedAtMs > limits.visibilityTimeoutSecondsMax * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${limits.visibilityTimeoutSecondsMax} seconds].`;
    return errors.invalidValue('VisibilityTimeout', seconds, reason);
  }
  turn.record(VisibilityChanged, {
    queue: queue.number,
    atMs: turn.nowMs,
    hiddenMs,
    slots: [slot],
    sequences: [sequence],
  });
  if (seconds === 0 && waiting.hasChoice) turn.wake(wakeKeyOf(queue.arn));
  return undefined;
}
