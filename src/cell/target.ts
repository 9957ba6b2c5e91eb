// Where a delivery goes. Implemented by the service that owns the resource (a queue, a function), found by ARN.

import type { Principal } from '#model/principal.ts';
import type { StoredMessage } from '#model/stored-message.ts';
import type { PayloadId } from './payloads.ts';
import type { Turn } from './turn.ts';

/** What is handed over. */
export interface HandOver {
  readonly sourceArn: string;
  readonly targetArn: string;
  /** The service that acts for the source: `{ kind: 'service', service: 'sns.amazonaws.com', sourceArn, account }`. */
  readonly principal: Principal;
  /** The stored bytes, already in the journal: shared between targets. */
  readonly payload: PayloadId;
  readonly content: HandOverContent;
  /** The delivery this is an attempt of; undefined for a first attempt that has not been recorded. */
  readonly deliveryId: number | undefined;
  /** FIFO targets. */
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
}

export type HandOverContent =
  /**
   * The payload is an encoded StoredMessage. `subscriptionArn` asks for SNS's form of it, rendered when it is given out
   * (`#model/notification-envelope.ts`: a queue shows `renderEnvelope`, a function gets `renderLambdaEvent`); without it
   * the message is delivered raw.
   */
  | { readonly kind: 'message'; readonly message: StoredMessage; readonly subscriptionArn?: string }
  /** The payload is the event's JSON text in UTF-8. */
  | { readonly kind: 'event' };

export type HandOverResult =
  /** Done, in this turn. The id that the target gave it, if it gives ids. */
  | { readonly accepted: true; readonly targetMessageId?: string; readonly note?: string }
  /** Work is under way; the target calls `deliveries.ended` in a later turn. Only for hand-overs that have a deliveryId. */
  | { readonly attempting: true }
  /** The target needs a recorded delivery first: call again with a deliveryId. */
  | { readonly needsDelivery: true }
  | { readonly failure: DeliveryFailure };

export interface DeliveryFailure {
  /** Short code for people and dead-letter attributes: `AccessDenied`, `QueueDoesNotExist`. */
  readonly code: string;
  readonly detail: string;
  readonly isRetryable: boolean;
}

export interface Target {
  accept(turn: Turn, handOver: HandOver): HandOverResult;
}
