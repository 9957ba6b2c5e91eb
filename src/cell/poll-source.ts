// What a poller (Lambda event source mapping, later a pipe) reads from: implemented by the service that owns the source.

import type { PayloadId } from './payloads.ts';
import type { Turn } from './turn.ts';

export interface PolledMessage {
  /** Opaque: what `settle` takes. */
  readonly handle: string;
  readonly messageId: string;
  /** Stored message; the poller reads it through an effect's `payloads`. */
  readonly payload: PayloadId;
  /** Set when the SNS envelope is to be rendered around it. */
  readonly subscriptionArn?: string;
  readonly messageGroupId?: string;
  readonly receiveCount: number;
  /** Attribute values as a receive with `All` shows them (SentTimestamp, SenderId …). */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface PollSource {
  /** True when the source exists. */
  exists(turn: Turn, arn: string): boolean;
  /** Facts about the source that a mapping is checked against. */
  describe(
    turn: Turn,
    arn: string,
  ): { readonly visibilityTimeoutSeconds: number; readonly isFifo: boolean } | undefined;
  /** Text of the source's own policy, when it has one: it speaks along when a poller's permission is asked. */
  policy?(turn: Turn, arn: string): string | undefined;
  /** Key that the source wakes when there may be something to read: `turn.wake` runs what waits for it. */
  wakeKey(arn: string): string;
  /** Takes up to `countMax` messages, hiding them for the source's visibility timeout (and counting a receive). */
  receive(turn: Turn, arn: string, options: { readonly countMax: number }): readonly PolledMessage[];
  /** How many could be taken now, and when the next becomes visible, if known. */
  readiness(turn: Turn, arn: string): { readonly visibleCount: number; readonly nextDueAtMs: number | undefined };
  /** Deletes what was processed. */
  delete(turn: Turn, arn: string, handles: readonly string[]): void;
  /** Makes messages visible again after `delaySeconds` (0: now) without deleting them. */
  release(turn: Turn, arn: string, handles: readonly string[], delaySeconds: number): void;
  /** The text a function's event shows for one stored message: envelope rendered, MD5s computed. */
  render(turn: Turn, message: PolledMessage, payload: Uint8Array): RenderedMessage;
}

export interface RenderedMessage {
  readonly body: string;
  readonly md5OfBody: string;
  readonly md5OfMessageAttributes?: string;
  /** As the Lambda SQS event shows them: `{ name: { stringValue, dataType, … } }`. */
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  /** Attribute values that only the payload knows (SenderId, AWSTraceHeader): the polled message's `attributes` are laid over them. */
  readonly attributes: Readonly<Record<string, string>>;
}
