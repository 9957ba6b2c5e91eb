// The one retry engine, as services see it. See src/deliveries.

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
  /** Where what could not be delivered goes; without it, it is dropped, and the drop is recorded. */
  readonly deadLetterArn?: string | undefined;
  /**
   * The RequestID attribute of a dead-lettered event. Messages reach their dead-letter queue as they were (as with SNS),
   * events as a message with the attributes RequestID, ErrorCode and ErrorMessage (as with Lambda).
   */
  readonly requestId?: string | undefined;
}

export interface DeliveriesDoor {
  /** Delivers now if it can be done in this turn, else records the delivery and works on it. Always ends visibly. */
  deliver(turn: Turn, request: DeliveryRequest): void;
  /** The outcome of an attempt that was `attempting`. */
  ended(
    turn: Turn,
    deliveryId: number,
    result: { readonly succeeded: true } | { readonly failure: DeliveryFailure },
  ): void;
}
