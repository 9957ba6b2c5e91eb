// Attributes of topics: which may be set, to what, and how they are read. What AWS has and this server does not do is
// refused by name; an empty value, with which clients take a setting away, is always accepted.

import type { AwsError } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { defaultPolicy } from './default-policy.ts';
import { actionOutOfScope, invalidParameter, invalidParameterReason, notAvailable } from './errors.ts';
import { deliveryPolicyProblem, effectivePolicyOfTopic } from './http/delivery-policy.ts';
import { DISPLAY_NAME_LENGTH_MAX } from './limits.ts';
import type { TopicDoc } from './state.ts';

/** API reference, SetTopicAttributes: settings that are refused unless empty, and what they would need. */
const REFUSED: Readonly<Record<string, string>> = {
  KmsMasterKeyId: 'server-side encryption with KMS',
  ArchivePolicy: 'archiving and replay of messages',
};
const FEEDBACK = /^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate)$/;

type Check = (value: string, topic: { readonly arn: string; readonly isFifo: boolean }) => AwsError | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  DisplayName: (value) => (value.length > DISPLAY_NAME_LENGTH_MAX ? wrongValue('DisplayName', value) : undefined),
  Policy: (value) => (value === '' ? undefined : policyProblem(value)),
  DeliveryPolicy(value) {
    const problem = deliveryPolicyProblem(value, 'topic');
    return problem === undefined ? undefined : invalidParameter(`DeliveryPolicy: ${problem}`);
  },
  SignatureVersion: (value) => oneOf('SignatureVersion', value, ['1', '2']),
  TracingConfig(value) {
    if (value === 'Active') return notAvailable('TracingConfig', 'active tracing with X-Ray');
    return oneOf('TracingConfig', value, ['PassThrough']);
  },
  ContentBasedDeduplication: (value, { isFifo }) =>
    isFifo
      ? oneOf('ContentBasedDeduplication', value.toLowerCase(), ['true', 'false'])
      : invalidParameterReason('Attributes', 'Content-based deduplication can only be set for FIFO topics'),
  FifoThroughputScope: (value, { isFifo }) =>
    isFifo
      ? oneOf('FifoThroughputScope', value, ['Topic', 'MessageGroup'])
      : invalidParameterReason('Attributes', 'FifoThroughputScope can only be set for FIFO topics'),
};

/** Why the value may not be set, or undefined. */
export function topicAttributeProblem(
  name: string,
  value: string,
  topic: { readonly arn: string; readonly isFifo: boolean },
): AwsError | undefined {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (check !== undefined) return value === '' && name !== 'SignatureVersion' ? undefined : check(value, topic);
  if (Object.hasOwn(REFUSED, name)) return value === '' ? undefined : notAvailable(name, REFUSED[name] as string);
  if (FEEDBACK.test(name)) return isOff(name, value) ? undefined : notAvailable(name, 'delivery status logging');
  return invalidParameter('AttributeName');
}

/** The attributes with one set; an empty value takes it away. */
export function withTopicAttribute(
  attributes: Readonly<Record<string, string>>,
  name: string,
  value: string,
): Readonly<Record<string, string>> {
  const { [name]: _before, ...others } = attributes;
  if (isOff(name, value)) return others;
  return { ...others, [name]: name === 'ContentBasedDeduplication' ? value.toLowerCase() : value };
}

/** Terraform sets every sample rate of a new topic to 0: log nothing, which is what is done. */
function isOff(name: string, value: string): boolean {
  return value === '' || (value === '0' && name.endsWith('SampleRate') && FEEDBACK.test(name));
}

export function topicPolicy(topic: TopicDoc): string {
  return topic.attributes['Policy'] ?? defaultPolicy(topic.arn, topic.account);
}

export interface SubscriptionCounts {
  readonly confirmed: number;
  readonly pending: number;
}

/** What GetTopicAttributes answers. */
export function shownTopicAttributes(topic: TopicDoc, counts: SubscriptionCounts): Record<string, string> {
  return {
    TopicArn: topic.arn,
    Owner: topic.account,
    DisplayName: '',
    ...(topic.isFifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'false' } : {}),
    ...topic.attributes,
    Policy: topicPolicy(topic),
    EffectiveDeliveryPolicy: effectivePolicyOfTopic(topic.attributes['DeliveryPolicy']),
    SubscriptionsConfirmed: String(counts.confirmed),
    SubscriptionsPending: String(counts.pending),
    SubscriptionsDeleted: String(topic.subscriptionsDeleted),
  };
}

/** AWS takes only statements about actions of SNS. */
export function policyProblem(text: string): AwsError | undefined {
  const parsed = parsePolicyDocument(text, 'resource');
  if ('problem' in parsed) return invalidParameter(`Policy Error: ${parsed.problem.text} ${parsed.problem.detail}`);
  const actions = parsed.document.statements.flatMap(({ actions = [], notActions = [] }) => [
    ...actions,
    ...notActions,
  ]);
  const isForeign = (action: string): boolean => action !== '*' && !action.toLowerCase().startsWith('sns:');
  return actions.some(isForeign) ? actionOutOfScope() : undefined;
}

function oneOf(name: string, value: string, allowed: readonly string[]): AwsError | undefined {
  return allowed.includes(value) ? undefined : wrongValue(name, value);
}

function wrongValue(name: string, value: string): AwsError {
  return invalidParameterReason('Attributes', `${name}: Invalid value [${value}].`);
}
