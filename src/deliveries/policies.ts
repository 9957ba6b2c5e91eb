// AWS's own retry schedules, as tables.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ten steps that grow exponentially from 1 to 20 seconds. */
const EXPONENTIAL = Array.from({ length: 10 }, (_, step) => Math.round(SECOND * 20 ** (step / 9)));

/**
 * SNS to SQS and Lambda. AWS, "Amazon SNS message delivery retries", AWS managed endpoints: 3 retries at once, 2 one
 * second apart, 10 with exponential backoff from 1 to 20 seconds, 100,000 every 20 seconds: 100,015 over 23 days.
 */
export const SNS_TO_MANAGED: DeliveryPolicy = {
  retriesMax: 100_015,
  ageMsMax: 24 * DAY,
  backoffMs: [0, 0, 0, SECOND, SECOND, ...EXPONENTIAL, 20 * SECOND],
  jitter: 0.1,
};

/** EventBridge and Scheduler: at most so many attempts after the first. AWS: API reference, RetryPolicy. */
export const EVENT_RETRIES_MAX = 185;
export const EVENT_AGE_SECONDS_MAX = 86_400;

/** Doubling from one second to eight minutes: with its jitter, 185 of them fit into the 24 hours. */
const EVENT_BACKOFF = [...Array.from({ length: 9 }, (_, step) => SECOND * 2 ** step), 8 * MINUTE];

/**
 * A rule's, schedule's or pipe's target. AWS: EventBridge user guide, "How EventBridge retries delivering events": by default
 * for 24 hours and up to 185 times, with exponential backoff and jitter. AWS does not publish the steps.
 */
export function eventPolicy({
  retriesMax = EVENT_RETRIES_MAX,
  ageSeconds = EVENT_AGE_SECONDS_MAX,
}: {
  readonly retriesMax?: number | undefined;
  readonly ageSeconds?: number | undefined;
}): DeliveryPolicy {
  return { retriesMax, ageMsMax: ageSeconds * SECOND, backoffMs: EVENT_BACKOFF, jitter: 0.1 };
}

/** One attempt, no more. */
export const ONCE: DeliveryPolicy = { retriesMax: 0, ageMsMax: 0, backoffMs: [] };
