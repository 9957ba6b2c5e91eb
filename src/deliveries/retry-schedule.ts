// When a failed delivery is tried again, or that it is not. A pure function of the policy, the history and a random number.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';

export interface RetryQuestion {
  /** Attempts made so far, the failed one included. */
  readonly attempts: number;
  readonly acceptedAtMs: number;
  readonly nowMs: number;
  /** From 0 (included) to 1 (excluded). */
  readonly random: number;
}

/** When the next attempt is due; undefined when the policy is at its end. */
export function nextAttemptAtMs(policy: DeliveryPolicy, question: RetryQuestion): number | undefined {
  const { attempts, acceptedAtMs, nowMs, random } = question;
  if (attempts > policy.retriesMax) return undefined;
  const delays = policy.backoffMs;
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0;
  const jitter = policy.jitter ?? 0;
  const dueAtMs = nowMs + Math.round(delay * (1 + jitter * (2 * random - 1)));
  return dueAtMs - acceptedAtMs > policy.ageMsMax ? undefined : dueAtMs;
}
