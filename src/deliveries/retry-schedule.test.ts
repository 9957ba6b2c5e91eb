import { expect, test } from 'vitest';
import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import { eventPolicy, ONCE, SNS_TO_MANAGED } from './policies.ts';
import { nextAttempt } from './retry-schedule.ts';
import { LAMBDA_ASYNC } from './testing.ts';

const DAY = 24 * 3_600_000;

/** All retries of a delivery whose every attempt fails at once, as milliseconds since it was accepted. */
function retriesOf(policy: DeliveryPolicy, random = 0.5): number[] {
  const retries: number[] = [];
  let nowMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttempt(policy, { attempts, acceptedAtMs: 0, nowMs, random });
    if ('exhausted' in next) return retries;
    retries.push(next.dueAtMs);
    nowMs = next.dueAtMs;
  }
}

test('SNS retries SQS and Lambda 100,015 times over 23 days', () => {
  const retries = retriesOf(SNS_TO_MANAGED);
  expect(retries).toHaveLength(100_015);
  expect(Math.floor((retries.at(-1) as number) / DAY)).toBe(23);
});

test('the first retries of SNS: three at once, two a second apart, ten from one to twenty seconds', () => {
  const waits = retriesOf(SNS_TO_MANAGED).map((at, i, all) => at - (all[i - 1] ?? 0));
  expect(waits.slice(0, 17)).toEqual([
    0, 0, 0, 1000, 1000, 1000, 1395, 1946, 2714, 3786, 5282, 7368, 10_278, 14_337, 20_000, 20_000, 20_000,
  ]);
});

test('an asynchronous invocation is tried again after one minute and after two more', () => {
  expect(retriesOf(LAMBDA_ASYNC)).toEqual([60_000, 180_000]);
});

test('a delivery that is older than the policy allows is not tried again', () => {
  const sixHours = 6 * 3_600_000;
  const question = { attempts: 1, acceptedAtMs: 0, random: 0 };
  expect(nextAttempt(LAMBDA_ASYNC, { ...question, nowMs: sixHours - 60_000 })).toEqual({ dueAtMs: sixHours });
  expect(nextAttempt(LAMBDA_ASYNC, { ...question, nowMs: sixHours - 59_999 })).toEqual({
    exhausted: 'MaximumEventAgeInSeconds',
  });
});

test('a policy without retries has none', () => {
  expect(retriesOf(ONCE)).toEqual([]);
});

test('jitter moves a waiting time by at most its part of it', () => {
  const policy = { retriesMax: 1, ageMsMax: DAY, backoffMs: [1000], jitter: 0.1 };
  expect(retriesOf(policy, 0)).toEqual([900]);
  expect(retriesOf(policy, 0.5)).toEqual([1000]);
  expect(retriesOf(policy, 0.999_999)).toEqual([1100]);
});

test.each([0, 0.5, 0.999_999])('an event is tried again 185 times within 24 hours (chance %s)', (random) => {
  const retries = retriesOf(eventPolicy({}), random);
  // The longest waits of all would need 26 hours: then the age ends it.
  expect(retries).toHaveLength(random > 0.9 ? 171 : 185);
  expect(retries.at(-1)).toBeLessThanOrEqual(DAY);
});

test('the first retries of an event double from a second', () => {
  expect(retriesOf(eventPolicy({})).slice(0, 5)).toEqual([1_000, 3_000, 7_000, 15_000, 31_000]);
});

test('a target that asks for patience gets it, within the policy', () => {
  const question = { attempts: 1, acceptedAtMs: 0, nowMs: 0, random: 0.5 };
  const policy = eventPolicy({ ageSeconds: 60 });
  expect(nextAttempt(policy, { ...question, retryAfterMs: 30_000 })).toEqual({ dueAtMs: 30_000 });
  expect(nextAttempt(policy, { ...question, retryAfterMs: 1 })).toEqual({ dueAtMs: 1_000 });
  expect(nextAttempt(policy, { ...question, retryAfterMs: 61_000 })).toEqual({ exhausted: 'MaximumEventAgeInSeconds' });
});
