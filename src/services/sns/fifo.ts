// What a FIFO topic remembers: its last sequence number, and the messages of the last five minutes.

import { assertDefined } from '#base/assert.ts';
import { parseUuid } from '#base/uuid.ts';
import { DedupWindow } from '#structures/dedup-window.ts';
import { DEDUPLICATION_WINDOW_MS } from './limits.ts';
import type { SnsState, SnsTurn, TopicDoc } from './state.ts';

export class FifoTopic {
  sequence = 0;
  readonly window = new DedupWindow(DEDUPLICATION_WINDOW_MS);
}

export function fifoTopic(state: SnsState, topicId: number): FifoTopic {
  const known = state.fifo.get(topicId);
  if (known !== undefined) return known;
  const made = new FifoTopic();
  state.fifo.set(topicId, made);
  return made;
}

/** A sequence number as clients see it: twenty digits that grow as text does. */
export function formatSequence(sequence: number): string {
  return `1${String(sequence).padStart(19, '0')}`;
}

/**
 * AWS, "Message deduplication for FIFO topics": within the whole topic (FifoThroughputScope Topic, the default) or within
 * the message group (MessageGroup).
 */
export function deduplicationKey(
  turn: SnsTurn,
  topic: TopicDoc,
  ids: { readonly messageGroupId: string; readonly messageDeduplicationId: string },
): Uint8Array {
  const isPerGroup = topic.attributes['FifoThroughputScope'] === 'MessageGroup';
  const scope = isPerGroup ? `group ${ids.messageGroupId}` : 'topic';
  return turn.digest.sha256(`${scope}\n${ids.messageDeduplicationId}`).slice(0, 16);
}

export function bytesOfUuid(uuid: string): Uint8Array {
  return assertDefined(parseUuid(uuid), 'a message id');
}
