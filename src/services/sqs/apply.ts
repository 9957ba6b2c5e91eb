// Facts into memory. Total and without a clock: every time is in the fact. Payloads are retained and released here, timers set here, so that
// replay ends in the same state as life.

import { assert } from '#base/assert.ts';
import { parseUuid } from '#base/uuid.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { ApplyContext } from '#cell/service-definition.ts';
import { type Arrival, FREE } from '#structures/message-slots.ts';
import type { WaitingMessages } from '#structures/waiting-messages.ts';
import { Backlog, INSTANT_TIMER } from './backlog.ts';
import type * as facts from './facts.ts';
import type { MoveTask } from './move-task.ts';
import type { Queue } from './queue.ts';
import type { SqsState } from './state.ts';

type Fact<K> = K extends { read(body: Uint8Array): infer T } ? T : never;
type Messages = { readonly slots: readonly number[]; readonly sequences: readonly number[] };

export const FREE_TIMER = 'free';
export const MOVE_TIMER = 'move';

export function applyMessageSent(state: SqsState, fact: Fact<typeof facts.MessageSent>, context: ApplyContext): void {
  const backlog = state.backlog(fact.queue);
  const messageId = rawId(fact.messageId);
  arrive(backlog, context, {
    sequence: fact.sequence,
    payloadId: fact.payload,
    messageId,
    sentAtMs: fact.atMs,
    dueAtMs: fact.atMs + fact.delaySeconds * 1000,
    group: fact.group ?? '',
    envelopeId: fact.envelope ?? 0,
    originId: 0,
    receiveCount: 0,
    firstReceivedAtMs: 0,
  });
  const { deduplicationKey, sequence, atMs } = fact;
  if (deduplicationKey !== undefined) backlog.deduplication.add(deduplicationKey, { sequence, messageId }, atMs);
  context.payloads.retain(fact.payload as PayloadId);
}

export function applyMessagesReceived(
  state: SqsState,
  fact: Fact<typeof facts.MessagesReceived>,
  context: ApplyContext,
): void {
  const backlog = state.backlog(fact.queue);
  const untilMs = fact.atMs + fact.hiddenMs;
  for (const slot of checked(backlog.waiting, fact)) backlog.waiting.receive(slot, { atMs: fact.atMs, untilMs });
  backlog.arm(context.timers);
}

export function applyGroupMessagesReceived(
  state: SqsState,
  fact: Fact<typeof facts.GroupMessagesReceived>,
  context: ApplyContext,
): void {
  applyMessagesReceived(state, fact, context);
  if (fact.attempt === undefined) return;
  const { attempts, waiting } = state.backlog(fact.queue);
  const { slots, sequences, atMs } = fact;
  const generations = slots.map((slot) => waiting.slots.generation.get(slot));
  attempts.set(fact.attempt, { atMs, untilMs: atMs + fact.hiddenMs, slots, sequences, generations });
}

export function applyReceiveRepeated(
  state: SqsState,
  fact: Fact<typeof facts.ReceiveRepeated>,
  context: ApplyContext,
): void {
  const { attempts, waiting } = state.backlog(fact.queue);
  const attempt = attempts.find(fact.attempt, fact.atMs);
  assert(attempt !== undefined, 'a repeated receive was made before');
  const untilMs = fact.atMs + fact.hiddenMs;
  for (const slot of checked(waiting, attempt)) waiting.changeVisibility(slot, { atMs: fact.atMs, untilMs });
  attempts.set(fact.attempt, { ...attempt, atMs: fact.atMs, untilMs });
  state.backlog(fact.queue).arm(context.timers);
}

export function applyMessagesDeleted(
  state: SqsState,
  fact: Fact<typeof facts.MessagesDeleted>,
  context: ApplyContext,
): void {
  const { waiting } = state.backlog(fact.queue);
  for (const slot of checked(waiting, fact)) remove(waiting, slot, context);
}

export function applyMessagesExpired(
  state: SqsState,
  fact: Fact<typeof facts.MessagesExpired>,
  context: ApplyContext,
): void {
  applyMessagesDeleted(state, fact, context);
}

export function applyVisibilityChanged(
  state: SqsState,
  fact: Fact<typeof facts.VisibilityChanged>,
  context: ApplyContext,
): void {
  const backlog = state.backlog(fact.queue);
  const change = { atMs: fact.atMs, untilMs: fact.atMs + fact.hiddenMs };
  for (const slot of checked(backlog.waiting, fact)) backlog.waiting.changeVisibility(slot, change);
  backlog.arm(context.timers);
}

export function applyMessageDeadLettered(
  state: SqsState,
  fact: Fact<typeof facts.MessageDeadLettered>,
  context: ApplyContext,
): void {
  const { waiting } = state.backlog(fact.queue);
  const target = state.backlog(fact.target);
  const [slot] = checked(waiting, { slots: [fact.slot], sequences: [fact.sequence] }) as [number];
  const { slots } = waiting;
  // AWS, "Setting up dead-letter queue retention": a standard queue's message keeps its age, a FIFO queue's starts anew.
  const sentAtMs = target.isFifo ? fact.atMs : slots.sentAtMs.get(slot);
  const arrival = {
    ...carried(waiting, slot),
    sequence: fact.targetSequence,
    messageId: slots.messageId(slot),
    sentAtMs,
    dueAtMs: sentAtMs,
    originId: fact.origin,
    // AWS: ApproximateReceiveCount counts "across all queues".
    receiveCount: slots.receiveCount.get(slot),
    firstReceivedAtMs: slots.firstReceivedAtMs.get(slot),
  };
  waiting.remove(slot);
  arrive(target, context, arrival);
}

export function applyMessageRedriven(
  state: SqsState,
  fact: Fact<typeof facts.MessageRedriven>,
  context: ApplyContext,
): void {
  const { waiting } = state.backlog(fact.queue);
  const [slot] = checked(waiting, { slots: [fact.slot], sequences: [fact.sequence] }) as [number];
  const arrival = {
    ...carried(waiting, slot),
    sequence: fact.targetSequence,
    messageId: rawId(fact.messageId),
    sentAtMs: fact.atMs,
    dueAtMs: fact.atMs,
    originId: 0,
    receiveCount: 0,
    firstReceivedAtMs: 0,
  };
  waiting.remove(slot);
  arrive(state.backlog(fact.target), context, arrival);
}

export function applyInstantReached(
  state: SqsState,
  fact: Fact<typeof facts.InstantReached>,
  context: ApplyContext,
): void {
  const backlog = state.backlogs.get(fact.queue);
  assert(backlog !== undefined, 'the queue of an instant exists');
  backlog.waiting.promoteDue(fact.atMs, fact.countMax);
  backlog.deduplication.expire(fact.atMs);
  backlog.attempts.expire(fact.atMs);
  backlog.disarm();
  backlog.arm(context.timers);
}

export function applyQueuePurged(state: SqsState, fact: Fact<typeof facts.QueuePurged>, context: ApplyContext): void {
  const backlog = state.backlog(fact.queue);
  backlog.purgedAtMs = fact.atMs;
  bury(state, backlog.replaceWaiting(), context);
}

export function applyRemainsFreed(state: SqsState, fact: Fact<typeof facts.RemainsFreed>, context: ApplyContext): void {
  const remains = state.remains.get(fact.remains);
  assert(remains !== undefined, 'remains are freed while there are some');
  const { slots } = remains;
  const end = Math.max(0, remains.limit - fact.countMax);
  for (let slot = remains.limit - 1; slot >= end; slot -= 1) {
    if (slots.state.get(slot) !== FREE) context.payloads.release(slots.payloadId.get(slot) as PayloadId);
  }
  remains.limit = end;
  if (end === 0) state.remains.delete(fact.remains);
  else context.timers.set(FREE_TIMER, String(fact.remains), 0);
}

export function applyTextNumbered(state: SqsState, fact: Fact<typeof facts.TextNumbered>): void {
  state.texts.applyNumbered(fact.number, fact.text);
}

/** A queue's document was put or dropped. */
export function applyQueueChanged(
  state: SqsState,
  { before, after }: { readonly before: Queue | undefined; readonly after: Queue | undefined },
  context: ApplyContext,
): void {
  if (after === undefined) {
    const { number } = before as Queue;
    context.timers.clear(INSTANT_TIMER, String(number));
    const backlog = state.backlog(number);
    state.backlogs.delete(number);
    bury(state, backlog.waiting, context);
    return;
  }
  if (before === undefined) {
    state.backlogs.set(after.number, new Backlog(after.number, after.isFifo));
    state.nextQueueNumber = Math.max(state.nextQueueNumber, after.number + 1);
  }
  const backlog = state.backlog(after.number);
  backlog.applySettings(after);
  backlog.arm(context.timers);
}

export function applyMoveTaskChanged(key: string, after: MoveTask | undefined, context: ApplyContext): void {
  if (after?.status === 'RUNNING') context.timers.set(MOVE_TIMER, key, after.nextMoveAtMs);
  else context.timers.clear(MOVE_TIMER, key);
}

function arrive(backlog: Backlog, context: ApplyContext, arrival: Arrival): void {
  backlog.waiting.enqueue(arrival);
  backlog.nextSequence = arrival.sequence + 1;
  backlog.arm(context.timers);
}

/** What a message takes along from one queue to another. */
function carried(waiting: WaitingMessages, slot: number): Pick<Arrival, 'payloadId' | 'group' | 'envelopeId'> {
  const { slots } = waiting;
  return {
    payloadId: slots.payloadId.get(slot),
    group: waiting.groupOf(slot),
    envelopeId: slots.envelopeId.get(slot),
  };
}

function remove(waiting: WaitingMessages, slot: number, context: ApplyContext): void {
  context.payloads.release(waiting.slots.payloadId.get(slot) as PayloadId);
  waiting.remove(slot);
}

/** Slots of messages that are what the fact says they are. */
function checked(waiting: WaitingMessages, { slots, sequences }: Messages): readonly number[] {
  for (let i = 0; i < slots.length; i += 1) {
    assert(waiting.slots.has(slots[i] as number, sequences[i] as number), 'a fact names messages that are there');
  }
  return slots;
}

/** Keeps what is left of a line until its payloads are released, piece by piece. */
function bury(state: SqsState, waiting: WaitingMessages, context: ApplyContext): void {
  if (waiting.count === 0) return;
  const id = state.nextRemains;
  state.nextRemains += 1;
  state.remains.set(id, { slots: waiting.slots, limit: waiting.slots.limit });
  context.timers.set(FREE_TIMER, String(id), 0);
}

function rawId(messageId: string): Uint8Array {
  const raw = parseUuid(messageId);
  assert(raw !== undefined, 'a message id is a UUID');
  return raw;
}
