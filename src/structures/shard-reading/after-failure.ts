// What becomes of a batch that failed: it is tried again later, in two halves, from the first record that is not done, or not at all. AWS: Lambda developer guide,
// "Using Lambda with Kinesis", "Configuring partial batch response": "If you turn on both [bisecting and partial responses], the batch is bisected at the
// returned sequence number"; "Retain discarded batch records": "Splitting a batch doesn't count towards the retry quota."

import type { ReadingSettings, ReadRecord, Work } from './records.ts';

export type Verdict<R> =
  | { readonly kind: 'retry' | 'bisect'; readonly rest: readonly Work<R>[]; readonly dueAtMs: number }
  | { readonly kind: 'give-up'; readonly rest: readonly Work<R>[] };

/** Between attempts with a failing batch. AWS does not publish its own. */
export const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

export interface FailedWork {
  readonly nowMs: number;
  /** Records at its head that are done all the same. */
  readonly doneCount: number;
  /** The attempt was not one: nothing could be invoked. */
  readonly isUncounted?: boolean;
}

export function afterFailure<R extends ReadRecord>(
  work: Work<R>,
  { isBisecting, retriesMax }: ReadingSettings,
  { nowMs, doneCount, isUncounted = false }: FailedWork,
): Verdict<R> {
  const records = work.records.slice(doneCount);
  // Another record is at the head now: it has failed once.
  const before = doneCount > 0 ? 0 : work.failures;
  const failures = isUncounted ? before : before + 1;
  if (isBisecting && doneCount === 0 && records.length > 1 && !isUncounted) {
    const middle = Math.ceil(records.length / 2);
    const half = (part: readonly R[]): Work<R> => ({ ...work, records: part, failures: before, dueAtMs: nowMs });
    return { kind: 'bisect', rest: [half(records.slice(0, middle)), half(records.slice(middle))], dueAtMs: nowMs };
  }
  // AWS: after a window's last invocation has failed, nothing goes on until one succeeds.
  const isExhausted = retriesMax !== undefined && failures > retriesMax && work.window?.isFinal !== true;
  if (isExhausted && !isUncounted) return { kind: 'give-up', rest: [{ ...work, records, failures }] };
  const step = Math.min(Math.max(failures, 1), RETRY_DELAYS_MS.length) - 1;
  const dueAtMs = nowMs + (RETRY_DELAYS_MS[step] as number);
  return { kind: 'retry', rest: [{ ...work, records, failures, dueAtMs }], dueAtMs };
}
