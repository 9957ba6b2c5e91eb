// Attributes of subscriptions: which may be set, to what, and how they are read.

import { type Arn, parseArn } from '#model/arn.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import { compileFilterPolicy, type FilterPolicyScope } from '#structures/filter-policy/filter-policy.ts';
import { deliveryPolicyProblem, effectivePolicyOfSubscription } from './http/delivery-policy.ts';
import { isHttp, type Protocol, type SubscriptionDoc, type TopicDoc } from './state.ts';

/** What the rules depend on. */
export interface SubscriptionFrame {
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly topicArn: string;
}

type Attributes = Readonly<Record<string, string>>;

/** Settings of AWS's that are refused unless empty. */
const REFUSED: Readonly<Record<string, string>> = {
  ReplayPolicy: 'archiving and replay of messages',
};
const KNOWN = new Set([
  ...['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'DeliveryPolicy'],
  'SubscriptionRoleArn',
]);
/** Those that a text `{}` takes away, too. */
const POLICIES = new Set(['FilterPolicy', 'RedrivePolicy', 'DeliveryPolicy']);

/**
 * The attributes after the given ones were set, or why they may not be. Subscribe and SetSubscriptionAttributes word
 * problems differently: `isSubscribe`.
 */
export function mergedAttributes(
  before: Attributes,
  given: Attributes,
  frame: SubscriptionFrame & { readonly isSubscribe: boolean },
): { readonly attributes: Attributes } | { readonly refused: AwsError } {
  const refused = (what: string) => ({
    refused: clientError(
      'InvalidParameter',
      `Invalid parameter: ${frame.isSubscribe ? 'Attributes Reason: ' : ''}${what}`,
    ),
  });
  const attributes: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    const problem = attributeProblem(name, value, frame);
    if (problem !== undefined) return refused(problem);
    if (isTakenAway(name, value)) delete attributes[name];
    else attributes[name] = name === 'RawMessageDelivery' ? value.toLowerCase() : value;
  }
  // Whatever was set, the policy must be one of its scope.
  const compiled = compileFilterPolicy(attributes['FilterPolicy'] ?? '', scopeOfFilter(attributes));
  return 'problem' in compiled ? refused(compiled.problem) : { attributes };
}

function attributeProblem(name: string, value: string, frame: SubscriptionFrame): string | undefined {
  if (Object.hasOwn(REFUSED, name)) {
    return value === '' ? undefined : `${name}: ${REFUSED[name]} is not available on this server`;
  }
  if (!KNOWN.has(name)) return 'AttributeName';
  if (name === 'RawMessageDelivery') return rawDeliveryProblem(value, frame);
  if (name === 'FilterPolicyScope' && value !== 'MessageAttributes' && value !== 'MessageBody') {
    return `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`;
  }
  if (name === 'SubscriptionRoleArn') return roleProblem(value, frame);
  if (isTakenAway(name, value)) return undefined;
  if (name === 'RedrivePolicy') return redrivePolicyProblem(value, frame);
  if (name === 'DeliveryPolicy') return deliveryProblem(value, frame);
  return undefined;
}

function rawDeliveryProblem(value: string, { protocol }: SubscriptionFrame): string | undefined {
  const lower = value.toLowerCase();
  if (lower !== 'true' && lower !== 'false') {
    return `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`;
  }
  if (lower === 'true' && protocol === 'lambda') {
    return `Delivery protocol [${protocol}] does not support raw message delivery.`;
  }
  return undefined;
}

/** Texts are plausible. */
function roleProblem(value: string, { protocol }: SubscriptionFrame): string | undefined {
  if (protocol !== 'firehose') {
    return value === '' ? undefined : `Delivery protocol [${protocol}] does not support SubscriptionRoleArn.`;
  }
  const arn = parseArn(value);
  return arn?.service === 'iam' && arn.resource.startsWith('role/')
    ? undefined
    : 'SubscriptionRoleArn: invalid role ARN';
}

/** AWS: "Only HTTP/S supports custom policies." */
function deliveryProblem(value: string, { protocol }: SubscriptionFrame): string | undefined {
  if (!isHttp(protocol)) return `Delivery protocol [${protocol}] does not support DeliveryPolicy.`;
  const problem = deliveryPolicyProblem(value, 'subscription');
  return problem === undefined ? undefined : `DeliveryPolicy: ${problem}`;
}

function redrivePolicyProblem(value: string, { endpoint, topicArn }: SubscriptionFrame): string | undefined {
  let policy: unknown;
  try {
    policy = JSON.parse(value);
  } catch {
    return 'RedrivePolicy: failed to parse JSON.';
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    return 'RedrivePolicy: failed to parse JSON.';
  }
  const unknown = Object.keys(policy).find((key) => key !== 'deadLetterTargetArn');
  if (unknown !== undefined) return `RedrivePolicy: unrecognized field [${unknown}]`;
  const { deadLetterTargetArn } = policy as { deadLetterTargetArn?: unknown };
  const arn = typeof deadLetterTargetArn === 'string' ? parseArn(deadLetterTargetArn) : undefined;
  if (arn === undefined) return 'RedrivePolicy: deadLetterTargetArn is an invalid arn';
  if (arn.service !== 'sqs') return 'RedrivePolicy: deadLetterTargetArn must be a SQS queue';
  return deadLetterQueueProblem(arn, { endpoint, topicArn });
}

/**
 * AWS, "Amazon SNS dead-letter queues": of the subscription's region; "FIFO topic subscriptions use FIFO queues, and standard topic
 * subscriptions use standard queues" (a FIFO queue would take nothing that has no group). The last text is ours.
 */
function deadLetterQueueProblem(queue: Arn, { endpoint, topicArn }: Omit<SubscriptionFrame, 'protocol'>) {
  if (queue.region !== parseArn(topicArn)?.region) {
    return 'RedrivePolicy: deadLetterTargetArn must be in the same region as the subscription';
  }
  const isFifo = queue.resource.endsWith('.fifo');
  if (topicArn.endsWith('.fifo') && endpoint.endsWith('.fifo') && !isFifo) {
    return 'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.';
  }
  const isRefused = isFifo && !topicArn.endsWith('.fifo');
  return isRefused
    ? 'RedrivePolicy: must use a standard queue as DLQ for a Subscription to a standard Topic.'
    : undefined;
}

/** Terraform takes policies away with `{}`, the console with an empty text. */
function isTakenAway(name: string, value: string): boolean {
  if (value.trim() === '') return true;
  return POLICIES.has(name) && /^\s*\{\s*\}\s*$/.test(value);
}

export function scopeOfFilter(attributes: Attributes): FilterPolicyScope {
  return attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}

/** What GetSubscriptionAttributes answers. */
export function shownSubscriptionAttributes(
  subscription: SubscriptionDoc,
  topic: TopicDoc | undefined,
): Record<string, string> {
  const { FilterPolicy, FilterPolicyScope: _scope, ...attributes } = subscription.attributes;
  const filter =
    FilterPolicy === undefined ? {} : { FilterPolicy, FilterPolicyScope: scopeOfFilter(subscription.attributes) };
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: subscription.owner,
    SubscriptionPrincipal: subscription.principal,
    PendingConfirmation: String(subscription.isPending),
    ConfirmationWasAuthenticated: String(subscription.wasAuthenticated),
    RawMessageDelivery: 'false',
    ...attributes,
    ...filter,
    ...(isHttp(subscription.protocol) ? effectivePolicy(subscription, topic) : {}),
  };
}

function effectivePolicy({ attributes }: SubscriptionDoc, topic: TopicDoc | undefined): Record<string, string> {
  const own = attributes['DeliveryPolicy'];
  return { EffectiveDeliveryPolicy: effectivePolicyOfSubscription(topic?.attributes['DeliveryPolicy'], own) };
}
