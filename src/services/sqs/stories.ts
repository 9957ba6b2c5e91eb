// What the facts of SQS say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';
import type { SqsState } from './state.ts';

type Story = (fact: never, state: SqsState) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T, state: SqsState) => string): Story => story as Story;

/** By the fact's name; `state` gives names to queues that still exist. An empty sentence: nothing a person would miss. */
export const stories: Readonly<Record<string, Story>> = {
  MessageSent: told(facts.MessageSent, (fact, state) => {
    const group = fact.group === undefined ? '' : `, in group ${fact.group}`;
    const delay = fact.delaySeconds === 0 ? '' : `, hidden for its delay of ${fact.delaySeconds} s`;
    const subscription = fact.envelope === undefined ? undefined : state.texts.textOf(fact.envelope);
    const by = subscription === undefined ? '' : ` by subscription ${subscription}`;
    return `message ${fact.messageId} entered ${queueName(state, fact.queue)} as number ${fact.sequence}${group}${delay}${by}`;
  }),
  MessagesReceived: told(facts.MessagesReceived, (fact, state) => received(fact, state)),
  GroupMessagesReceived: told(facts.GroupMessagesReceived, (fact, state) => received(fact, state)),
  ReceiveRepeated: told(
    facts.ReceiveRepeated,
    ({ queue, attempt, hiddenMs }, state) =>
      `the receive ${attempt} from ${queueName(state, queue)} was asked for again: same messages, hidden for ${hiddenMs / 1000} s`,
  ),
  MessagesDeleted: told(
    facts.MessagesDeleted,
    ({ queue, sequences }, state) => `${numbers(sequences)} deleted from ${queueName(state, queue)}`,
  ),
  VisibilityChanged: told(facts.VisibilityChanged, ({ queue, sequences, hiddenMs }, state) => {
    const hidden = hiddenMs === 0 ? 'made visible at once' : `hidden for another ${hiddenMs / 1000} s`;
    return `${numbers(sequences)} of ${queueName(state, queue)} ${hidden}`;
  }),
  MessageDeadLettered: told(
    facts.MessageDeadLettered,
    ({ queue, sequence, target, targetSequence }, state) =>
      `number ${sequence} of ${queueName(state, queue)} was received too often and moved to ${queueName(state, target)}, as number ${targetSequence}`,
  ),
  MessageRedriven: told(
    facts.MessageRedriven,
    ({ queue, sequence, target, targetSequence, messageId }, state) =>
      `number ${sequence} of ${queueName(state, queue)} moved to ${queueName(state, target)} by a move task, as number ${targetSequence} with the new id ${messageId}`,
  ),
  MessagesExpired: told(
    facts.MessagesExpired,
    ({ queue, sequences }, state) =>
      `${numbers(sequences)} of ${queueName(state, queue)} removed: the retention period is over`,
  ),
  QueuePurged: told(facts.QueuePurged, ({ queue }, state) => `${queueName(state, queue)} purged`),
  RepeatedSendIgnored: told(
    facts.RepeatedSendIgnored,
    ({ queue, sequence, messageId }, state) =>
      `a message with the same deduplication id was sent to ${queueName(state, queue)} within five minutes of message ${messageId} (number ${sequence}) and was not enqueued`,
  ),
  InstantReached: told(facts.InstantReached, () => ''),
  RemainsFreed: told(facts.RemainsFreed, () => ''),
  TextNumbered: told(facts.TextNumbered, () => ''),
};

function received(
  { queue, sequences, hiddenMs }: { queue: number; sequences: readonly number[]; hiddenMs: number },
  state: SqsState,
): string {
  return `${numbers(sequences)} received from ${queueName(state, queue)}, hidden for ${hiddenMs / 1000} s`;
}

const NAMED_MAX = 10;

function numbers(sequences: readonly number[]): string {
  if (sequences.length === 1) return `number ${sequences[0]}`;
  if (sequences.length <= NAMED_MAX) return `numbers ${sequences.join(', ')}`;
  return `${sequences.length} messages, numbers ${sequences[0]} to ${sequences[sequences.length - 1]}`;
}

function queueName(state: SqsState, number: number): string {
  return state.queueByNumber(number)?.name ?? `queue ${number}, which was deleted since`;
}
