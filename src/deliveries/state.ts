// Deliveries that are not at their end yet. Bodies are not here: a delivery holds one reference to its payload, and every
// attempt reads it from the journal.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { DeliveryFailure, TargetParameters } from '#cell/target.ts';
import type { Principal } from '#model/principal.ts';
import type { RetryCondition } from './retry-schedule.ts';

/**
 * - `attempting`: the target works on it, or its payload is being read for the attempt.
 * - `waiting`: a timer starts the next attempt.
 * - `given-up`: its payload is being read for the dead-letter target.
 */
export type DeliveryPhase = 'attempting' | 'waiting' | 'given-up';

export interface OpenDelivery {
  readonly id: number;
  readonly acceptedAtMs: number;
  readonly sourceArn: string;
  readonly targetArn: string;
  readonly payload: PayloadId;
  readonly isEvent: boolean;
  readonly principal: Principal;
  readonly policy: DeliveryPolicy;
  readonly subscriptionArn?: string | undefined;
  readonly messageGroupId?: string | undefined;
  readonly messageDeduplicationId?: string | undefined;
  readonly deadLetterArn?: string | undefined;
  readonly requestId?: string | undefined;
  readonly parameters?: TargetParameters | undefined;
  readonly reference?: string | undefined;
  readonly deadLetterAttributes?: Readonly<Record<string, string>> | undefined;
  readonly original?: PayloadId | undefined;
  phase: DeliveryPhase;
  /** Attempts that have begun. */
  attempts: number;
  lastFailure?: Pick<DeliveryFailure, 'code' | 'detail'>;
  exhausted?: RetryCondition | undefined;
}

export class DeliveriesState {
  readonly open = new Map<number, OpenDelivery>();
  nextId = 1;
}
