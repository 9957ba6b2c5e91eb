// When a failed delivery is tried again, or that it is not. A pure function of the policy, the history and a random number.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';

export interface RetryQuestion {
  /** Attempts made so far, the failed one included. */
  readonly attempts: number;
  readonly acceptedAtMs: number;
  readonly nowMs: number;
  /** From 0 (included) to 1 (excluded). */
  readonly random: number;
  /** What the target asked for. */
  readonly retryAfterMs?: number | undefined;
}

/** What ended the attempts, in AWS's words (attribute EXHAUSTED_RETRY_CONDITION of a dead letter). */
export type RetryCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

/** When the next attempt is due, or which end of the policy was reached. */
export function nextAttempt(
  policy: DeliveryPolicy,
  question: RetryQuestion,
): { readonly dueAtMs: number } | { readonly exhausted: RetryCondition } {
  const { attempts, acceptedAtMs, nowMs, random, retryAfterMs = 0 } = question;
  if (attempts > policy.retriesMax) return { exhausted: 'MaximumRetryAttempts' };
  const delays = policy.backoffMs;
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0;
  const jitter = policy.jitter ?? 0;
  const dueAtMs = nowMs + Math.max(Math.round(delay * (1 + jitter * (2 * random - 1))), retryAfterMs);
  return dueAtMs - acceptedAtMs > policy.ageMsMax ? { exhausted: 'MaximumEventAgeInSeconds' } : { dueAtMs };
}
