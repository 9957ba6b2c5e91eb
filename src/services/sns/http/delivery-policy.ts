// How an HTTP/S endpoint is sent to: retries, pace and content type, from the policy of the topic and that of the subscription. Source: AWS,
// SNS developer guide, "Amazon SNS message delivery retries", "Creating an HTTP/S delivery policy": members, limits, defaults and the formula.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import { BACKOFF_FUNCTIONS, type BackoffFunction, type BackoffPhases, retryDelaysMs } from './backoff.ts';

export interface HttpSettings {
  readonly retries: DeliveryPolicy;
  readonly contentType: string;
  /** Undefined: not throttled. */
  readonly receivesPerSecondMax: number | undefined;
}

interface RequestPolicy {
  readonly headerContentType: string;
}
interface ThrottlePolicy {
  readonly maxReceivesPerSecond: number;
}
interface Policies {
  readonly healthyRetryPolicy?: BackoffPhases | undefined;
  readonly throttlePolicy?: ThrottlePolicy | undefined;
  readonly requestPolicy?: RequestPolicy | undefined;
}
type Json = Readonly<Record<string, unknown>>;

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=UTF-8';
const DEFAULT_RETRIES: BackoffPhases = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};
/** "The total policy retry time for an HTTP/S endpoint cannot be greater than 3,600 seconds." */
const RETRY_SECONDS_MAX = 3_600;
const NUMBERS = ['numRetries', 'numNoDelayRetries', 'numMinDelayRetries', 'numMaxDelayRetries'] as const;
/** "Creating an HTTP/S delivery policy": the content types there are. */
const CONTENT_TYPES = new Set(
  `text/css text/csv text/html text/plain text/xml application/atom+xml application/json application/octet-stream
  application/soap+xml application/x-www-form-urlencoded application/xhtml+xml application/xml`.split(/\s+/),
);

/** What is wrong with a DeliveryPolicy, in the words after `DeliveryPolicy: `; undefined when nothing is. */
export function deliveryPolicyProblem(text: string, of: 'topic' | 'subscription'): string | undefined {
  const root = parse(text);
  if (root === undefined) return 'failed to parse JSON.';
  if (of === 'subscription') return policiesProblem(root, '', '');
  const { http, ...others } = root;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) return `Unexpected JSON member: ${unknown}`;
  if (http === undefined) return undefined;
  if (!isObject(http)) return 'http must be a JSON object';
  const { disableSubscriptionOverrides: isDisabled = false, ...policies } = http;
  if (typeof isDisabled !== 'boolean') return 'http.disableSubscriptionOverrides must be a Boolean';
  return policiesProblem(policies, 'http.', 'default');
}

/** The settings in force; the texts are valid or undefined. */
export function httpSettings(topicText: string | undefined, subscriptionText: string | undefined): HttpSettings {
  const { healthyRetryPolicy, requestPolicy, throttlePolicy } = inForce(topicText, subscriptionText);
  const delays = retryDelaysMs(healthyRetryPolicy);
  return {
    retries: { retriesMax: delays.length, ageMsMax: RETRY_SECONDS_MAX * 2_000, backoffMs: delays, jitter: 0.1 },
    contentType: requestPolicy?.headerContentType ?? DEFAULT_CONTENT_TYPE,
    receivesPerSecondMax: throttlePolicy?.maxReceivesPerSecond,
  };
}

/** The attribute EffectiveDeliveryPolicy of a subscription. */
export function effectivePolicyOfSubscription(topicText: string | undefined, own: string | undefined): string {
  const { healthyRetryPolicy, throttlePolicy, requestPolicy } = inForce(topicText, own);
  return JSON.stringify({
    healthyRetryPolicy,
    sicklyRetryPolicy: null,
    throttlePolicy: throttlePolicy ?? null,
    requestPolicy: requestPolicy ?? { headerContentType: DEFAULT_CONTENT_TYPE },
    guaranteed: false,
  });
}

/** The attribute EffectiveDeliveryPolicy of a topic: AWS shows it for every topic. */
export function effectivePolicyOfTopic(text: string | undefined): string {
  const { healthyRetryPolicy, throttlePolicy, requestPolicy } = inForce(text, undefined);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: healthyRetryPolicy,
      disableSubscriptionOverrides: isOverrideDisabled(text),
      ...(throttlePolicy === undefined ? {} : { defaultThrottlePolicy: throttlePolicy }),
      defaultRequestPolicy: requestPolicy ?? { headerContentType: DEFAULT_CONTENT_TYPE },
    },
  });
}

function inForce(topicText: string | undefined, subscriptionText: string | undefined) {
  const topic = httpOf(topicText);
  const own = isOverrideDisabled(topicText) ? {} : ((parse(subscriptionText ?? '{}') ?? {}) as Policies);
  const retries = own.healthyRetryPolicy ?? (topic['defaultHealthyRetryPolicy'] as Partial<BackoffPhases> | undefined);
  return {
    healthyRetryPolicy: { ...DEFAULT_RETRIES, ...retries },
    throttlePolicy: own.throttlePolicy ?? (topic['defaultThrottlePolicy'] as ThrottlePolicy | undefined),
    requestPolicy: own.requestPolicy ?? (topic['defaultRequestPolicy'] as RequestPolicy | undefined),
  };
}

function httpOf(topicText: string | undefined): Json {
  return (parse(topicText ?? '{}')?.['http'] ?? {}) as Json;
}

function isOverrideDisabled(topicText: string | undefined): boolean {
  return httpOf(topicText)['disableSubscriptionOverrides'] === true;
}

function policiesProblem(policies: Json, path: string, prefix: string): string | undefined {
  const checks = { HealthyRetryPolicy: retriesProblem, ThrottlePolicy: throttleProblem, RequestPolicy: requestProblem };
  for (const [name, value] of Object.entries(policies)) {
    // Clients write back what they read: `null` stands for a policy that there is not.
    if (value === null || (name === 'sicklyRetryPolicy' && prefix === '') || name === 'guaranteed') continue;
    const found = Object.entries(checks).find(([of]) => name === (prefix === '' ? lowered(of) : `${prefix}${of}`));
    if (found === undefined) return `Unexpected JSON member: ${path}${name}`;
    if (!isObject(value)) return `${path}${name} must be a JSON object`;
    const problem = found[1](value);
    if (problem !== undefined) return `${path}${name}.${problem}`;
  }
  return undefined;
}

function retriesProblem(given: Json): string | undefined {
  const unknown = Object.keys(given).find((name) => !(name in DEFAULT_RETRIES));
  if (unknown !== undefined) return `${unknown} is not a member of it`;
  const policy = { ...DEFAULT_RETRIES, ...given } as BackoffPhases;
  for (const name of NUMBERS) if (!isWhole(policy[name], 0, 100)) return `${name} must be a whole number from 0 to 100`;
  const { minDelayTarget: min, maxDelayTarget: max } = policy;
  if (!isWhole(max, 1, RETRY_SECONDS_MAX)) return 'maxDelayTarget must be a whole number from 1 to 3600';
  if (!isWhole(min, 1, max)) return 'minDelayTarget must be at least 1 and at most maxDelayTarget';
  if (!BACKOFF_FUNCTIONS.includes(policy.backoffFunction as BackoffFunction)) {
    return `backoffFunction must be one of ${BACKOFF_FUNCTIONS.join(', ')}`;
  }
  const { numRetries, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  if (numNoDelayRetries + numMinDelayRetries + numMaxDelayRetries > numRetries) {
    return 'numRetries must be at least the sum of the retries of its phases';
  }
  const seconds = retryDelaysMs(policy).reduce((sum, ms) => sum + ms, 0) / 1_000;
  return seconds > RETRY_SECONDS_MAX
    ? 'numRetries: all retries together must not take more than 3600 seconds'
    : undefined;
}

function throttleProblem({ maxReceivesPerSecond, ...others }: Json): string | undefined {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) return `${unknown} is not a member of it`;
  const isFine = isWhole(maxReceivesPerSecond, 1, Number.MAX_SAFE_INTEGER);
  return isFine ? undefined : 'maxReceivesPerSecond must be a whole number of at least 1';
}

function requestProblem({ headerContentType, ...others }: Json): string | undefined {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) return `${unknown} is not a member of it`;
  const type = typeof headerContentType === 'string' ? headerContentType.split(';')[0]?.trim() : undefined;
  const isFine = type !== undefined && CONTENT_TYPES.has(type) && !/[^\x20-\x7e]/.test(headerContentType as string);
  return isFine ? undefined : 'headerContentType is not a content type that can be sent';
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function lowered(name: string): string {
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}
