// The waiting times of a delivery policy: at once, before, within and after the backoff. AWS, SNS developer guide, "Delivery policy stages"; the
// guide draws the four functions and gives no formulas: these go through the same ends with the same bends (linear straight, arithmetic
// by growing steps, geometric and exponential by growing factors, the exponential one the steepest at its end).

export const BACKOFF_FUNCTIONS = ['arithmetic', 'exponential', 'geometric', 'linear'] as const;
export type BackoffFunction = (typeof BACKOFF_FUNCTIONS)[number];

/** Members of a healthyRetryPolicy; seconds and counts. */
export interface BackoffPhases {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly numMaxDelayRetries: number;
  readonly backoffFunction: BackoffFunction;
}

/** From 0 to 1, for a step from 0 to 1. */
const SHAPES: Readonly<Record<BackoffFunction, (part: number, ratio: number) => number>> = {
  linear: (part) => part,
  arithmetic: (part) => part * part,
  geometric: (part, ratio) => (ratio === 1 ? part : (ratio ** part - 1) / (ratio - 1)),
  exponential: (part, ratio) => (ratio === 1 ? part : (ratio ** (part * part) - 1) / (ratio - 1)),
};

/** Milliseconds before each retry. */
export function retryDelaysMs(policy: BackoffPhases): readonly number[] {
  const { minDelayTarget: min, maxDelayTarget: max, backoffFunction } = policy;
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  const backoffCount = Math.max(0, numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries);
  const shape = SHAPES[backoffFunction];
  const steps = Array.from({ length: backoffCount }, (_, step) => {
    const part = backoffCount === 1 ? 0 : step / (backoffCount - 1);
    return Math.round(1_000 * (min + (max - min) * shape(part, max / min)));
  });
  return [
    ...new Array<number>(numNoDelayRetries).fill(0),
    ...new Array<number>(numMinDelayRetries).fill(min * 1_000),
    ...steps,
    ...new Array<number>(numMaxDelayRetries).fill(max * 1_000),
  ];
}
