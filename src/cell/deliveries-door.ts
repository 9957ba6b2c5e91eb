// The one retry engine, as services see it. See src/deliveries.

import type { PayloadId } from './payloads.ts';
import type { DeliveryFailure, HandOver } from './target.ts';
import type { Turn } from './turn.ts';

export interface DeliveryPolicy {
  /** Attempts after the first. */
  readonly retriesMax: number;
  /** Given up when the delivery is older than this. */
  readonly ageMsMax: number;
  /** Waiting time before retry 1, 2, …; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** Part of each waiting time by which chance makes it longer or shorter: 0.1 is up to a tenth. None when missing. */
  readonly jitter?: number;
}

export interface DeliveryRequest {
  readonly handOver: Omit<HandOver, 'deliveryId'>;
  readonly policy: DeliveryPolicy;
  /** What the source knows to be wrong already (a role that cannot be assumed): nothing is offered, this is how it ends. */
  readonly failure?: Pick<DeliveryFailure, 'code' | 'detail'> | undefined;
  /** Where what could not be delivered goes; without it, it is dropped, and the drop is recorded. */
  readonly deadLetterArn?: string | undefined;
  /**
   * The RequestID attribute of a dead-lettered event. Messages reach their dead-letter queue as they were (as with SNS),
   * events as a message with the attributes RequestID, ErrorCode and ErrorMessage (as with Lambda).
   */
  readonly requestId?: string | undefined;
  /** The dead letter in EventBridge's form (also Scheduler's and Pipes') instead of Lambda's: see {@link EventDeadLetter}. */
  readonly eventDeadLetter?: EventDeadLetter | undefined;
  /** What the source knows the hand-over by (an event's id): given back with each {@link DeliveryReport}. */
  readonly reference?: string | undefined;
}

/**
 * AWS: EventBridge user guide, "Using dead-letter queues to process undelivered events": the event as it was, with the
 * attributes ERROR_CODE, ERROR_MESSAGE, EXHAUSTED_RETRY_CONDITION and RETRY_ATTEMPTS, and those named here (RULE_ARN, TARGET_ARN).
 */
export interface EventDeadLetter {
  readonly attributes: Readonly<Record<string, string>>;
  /** An encoded StoredMessage with the text from before it was shaped for the target; the handed-over text itself without it. */
  readonly original?: PayloadId | undefined;
}

/** How a hand-over began: done, failed for good (and dead-lettered or dropped already), or working as a delivery. */
export type DeliveryStart =
  | { readonly accepted: true; readonly targetMessageId?: string }
  | { readonly failed: DeliveryFailure; readonly isDeadLettered: boolean }
  | { readonly deliveryId: number };

/** What became of an attempt or of the whole delivery, told to the service of the source. */
export interface DeliveryReport {
  readonly deliveryId: number;
  readonly sourceArn: string;
  readonly targetArn: string;
  readonly reference: string | undefined;
  readonly acceptedAtMs: number;
  /** Attempts that were made. */
  readonly attempts: number;
  readonly outcome: 'succeeded' | 'retrying' | 'dead-lettered' | 'dropped';
  readonly failure: Pick<DeliveryFailure, 'code' | 'detail'> | undefined;
  readonly deadLetterArn: string | undefined;
}

/** Implemented by services that count or log what became of what they handed over. Called after it was recorded. */
export interface DeliveryObserver {
  noted(turn: Turn, report: DeliveryReport): void;
}

export interface DeliveriesDoor {
  /** Delivers now if it can be done in this turn, else records the delivery and works on it. Always ends visibly. */
  deliver(turn: Turn, request: DeliveryRequest): DeliveryStart;
  /** The outcome of an attempt that was `attempting`. */
  ended(
    turn: Turn,
    deliveryId: number,
    result: { readonly succeeded: true } | { readonly failure: DeliveryFailure },
  ): void;
  /** Deliveries of all sources that are not at their end yet: what hands over very many things slows down by it. */
  openCount(turn: Turn): number;
}
