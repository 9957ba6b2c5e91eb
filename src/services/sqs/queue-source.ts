// A queue as the source of a poller (Lambda event source mapping): the same receive, delete and visibility as clients have, without the wire.

import { assert, assertDefined } from '#base/assert.ts';
import { base64Encode } from '#base/base64.ts';
import type { PolledMessage, PollSource, RenderedMessage } from '#cell/poll-source.ts';
import type { Turn } from '#cell/turn.ts';
import { queueByArn, type SqsTurn } from './find-queue.ts';
import { md5OfAttributes } from './message-md5.ts';
import { type Queue, wakeKeyOf } from './queue.ts';
import { encodeReceipt } from './receipt-handle.ts';
import { contentAttributesOf, contentOf, md5OfBody, queueAttributesOf } from './render-message.ts';
import { changeVisibility, deleteMessage } from './settle.ts';
import { takeMessages } from './take.ts';

function queueOf(turn: Turn, arn: string): Queue {
  return assertDefined(queueByArn((turn as SqsTurn).state, arn), `the polled queue ${arn}`);
}

function receive(turn: Turn, arn: string, { countMax }: { readonly countMax: number }): readonly PolledMessage[] {
  const queue = queueByArn((turn as SqsTurn).state, arn);
  if (queue === undefined) return [];
  const options = { countMax, hiddenSeconds: queue.visibilityTimeoutSeconds };
  return takeMessages(turn as SqsTurn, queue, options).map((taken) => ({
    handle: encodeReceipt(turn, taken),
    messageId: taken.messageId,
    payload: taken.payload,
    receiveCount: taken.receiveCount,
    attributes: queueAttributesOf(taken, queue.isFifo),
    ...(taken.subscriptionArn === undefined ? {} : { subscriptionArn: taken.subscriptionArn }),
    ...(taken.group === '' ? {} : { messageGroupId: taken.group }),
  }));
}

/** A message that was deleted or received again meanwhile is no error: the queue may have changed while a function ran. */
function settleEach(turn: Turn, arn: string, settle: (turn: SqsTurn, queue: Queue) => void): void {
  const queue = queueByArn((turn as SqsTurn).state, arn);
  if (queue !== undefined) settle(turn as SqsTurn, queue);
}

function render(turn: Turn, message: PolledMessage, payload: Uint8Array): RenderedMessage {
  const around = { baseUrl: turn.request?.baseUrl ?? turn.advertisedUrl, signer: turn.doors.signer };
  const content = contentOf(payload, message.subscriptionArn, around);
  const { body, attributes } = content;
  const md5 = md5OfAttributes(turn.digest, attributes);
  const shown = attributes.map(({ name, dataType, value }) => {
    const text = typeof value === 'string' ? { stringValue: value } : { binaryValue: base64Encode(value) };
    return [name, { ...text, stringListValues: [], binaryListValues: [], dataType }] as const;
  });
  return {
    body,
    md5OfBody: md5OfBody(turn.digest, content),
    ...(md5 === undefined ? {} : { md5OfMessageAttributes: md5 }),
    messageAttributes: Object.fromEntries(shown),
    attributes: contentAttributesOf(content),
  };
}

export const queueSource: PollSource = {
  exists: (turn, arn) => queueByArn((turn as SqsTurn).state, arn) !== undefined,
  describe: (turn, arn) => {
    const queue = queueByArn((turn as SqsTurn).state, arn);
    return queue && { visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds, isFifo: queue.isFifo };
  },
  policy: (turn, arn) => queueByArn((turn as SqsTurn).state, arn)?.policy,
  wakeKey: wakeKeyOf,
  receive,
  readiness: (turn, arn) => {
    const { waiting } = (turn as SqsTurn).state.backlogOf(queueOf(turn, arn));
    return { visibleCount: waiting.hasChoice ? waiting.readyCount : 0, nextDueAtMs: waiting.nextDueAtMs() };
  },
  delete: (turn, arn, handles) =>
    settleEach(turn, arn, (own, queue) => {
      for (const handle of handles) deleteMessage(own, queue, handle);
    }),
  release: (turn, arn, handles, delaySeconds) => {
    assert(delaySeconds >= 0, 'a released message comes back now or later');
    settleEach(turn, arn, (own, queue) => {
      for (const handle of handles) changeVisibility(own, queue, { handle, seconds: delaySeconds });
    });
  },
  render,
};
