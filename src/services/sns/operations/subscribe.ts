// Subscribe. AWS API reference: idempotent while the attributes are the same; the endpoint's own account confirms by
// subscribing, another account's subscription stays pending until the endpoint's owner confirms it, and so does an HTTP/S endpoint's.

import { operation, type Reply } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { type Principal, rootOf } from '#model/principal.ts';
import type { SubscribeInput, SubscribeOutput } from '#wire/generated/sns.ts';
import { accessTo } from '../access.ts';
import { type FoundTopic, findTopic } from '../arns.ts';
import { makeToken, sendConfirmation } from '../confirmation.ts';
import {
  endpointMissing,
  fifoQueueToStandardTopic,
  fifoTopicToOther,
  firehoseEndpointInvalid,
  lambdaEndpointInvalid,
  missingParameter,
  notAvailable,
  sqsEndpointInvalid,
  subscriptionExistsWithOtherAttributes,
  subscriptionRoleMissing,
  unknownProtocol,
} from '../errors.ts';
import { httpEndpointProblem } from '../http/endpoint.ts';
import { passRoleToSns } from '../role.ts';
import { isHttp, type Protocol, type SnsState, type SnsTurn, type SubscriptionDoc, type TopicDoc } from '../state.ts';
import { mergedAttributes } from '../subscription-attributes.ts';

/** Protocols of AWS's that nothing here delivers to. */
const NOT_AVAILABLE = new Set(['email', 'email-json', 'sms', 'application']);
const PROTOCOLS: ReadonlySet<string> = new Set<Protocol>(['sqs', 'lambda', 'http', 'https', 'firehose']);
const PENDING = 'pending confirmation';

interface Endpoint {
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** Of whoever owns it; undefined for an HTTP/S endpoint, which no account vouches for. */
  readonly account: string | undefined;
}

export const subscribe = operation<SnsState, SubscribeInput, SubscribeOutput>({
  authorize(turn, input) {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return undefined;
    const context = { 'sns:Protocol': input.Protocol ?? '', 'sns:Endpoint': input.Endpoint ?? '' };
    const asked = accessTo(turn, found.topic, 'Subscribe', context);
    const roleArn = input.Attributes?.['SubscriptionRoleArn'];
    return roleArn === undefined ? asked : [asked, passRoleToSns(turn, roleArn)];
  },
  decide(turn, input): Reply<SubscribeOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const endpoint = readEndpoint(input, found.topic);
    if (isRefused(endpoint)) return endpoint;
    const given = input.Attributes ?? {};
    const frame = { ...endpoint, topicArn: found.topic.arn, isSubscribe: true };
    const merged = mergedAttributes({}, given, frame);
    if (isRefused(merged)) return merged;
    if (endpoint.protocol === 'firehose' && merged.attributes['SubscriptionRoleArn'] === undefined) {
      return refuse(subscriptionRoleMissing());
    }
    const existing = existingSubscription(turn, found.key, endpoint);
    if (existing !== undefined) {
      if (!hasAttributes(existing, merged.attributes)) return refuse(subscriptionExistsWithOtherAttributes());
      // AWS: subscribing again asks an endpoint that has not confirmed once more.
      if (existing.isPending && isHttp(existing.protocol)) sendConfirmation(turn, found.topic, existing);
      return { output: { SubscriptionArn: shownArn(existing, input) } };
    }
    const made = newSubscription(turn, found, { endpoint, attributes: merged.attributes });
    turn.put(turn.state.subscriptions, `${found.key}/${made.uuid}`, made.subscription);
    if (made.subscription.isPending) sendConfirmation(turn, found.topic, made.subscription);
    return { output: { SubscriptionArn: shownArn(made.subscription, input) } };
  },
});

function readEndpoint(input: SubscribeInput, topic: TopicDoc): Endpoint | Refused {
  const { Protocol: protocol, Endpoint: endpoint = '' } = input;
  if (protocol === undefined) return refuse(missingParameter('Protocol'));
  if (NOT_AVAILABLE.has(protocol)) return refuse(notAvailable('Protocol', `delivery by protocol ${protocol}`));
  if (!isProtocol(protocol)) return refuse(unknownProtocol(protocol));
  if (endpoint === '') return refuse(endpointMissing());
  if (isHttp(protocol)) {
    const problem = topic.isFifo ? fifoTopicToOther() : httpEndpointProblem(protocol, endpoint);
    return problem === undefined ? { protocol, endpoint, account: undefined } : refuse(problem);
  }
  const arn = parseArn(endpoint);
  if (arn?.service !== protocol || !/^\d{12}$/.test(arn.account) || arn.region === '') {
    if (protocol === 'firehose') return refuse(firehoseEndpointInvalid());
    return refuse(protocol === 'sqs' ? sqsEndpointInvalid() : lambdaEndpointInvalid());
  }
  const problem = fifoProblem({ protocol, endpoint }, topic);
  return problem === undefined ? { protocol, endpoint, account: arn.account } : refuse(problem);
}

function isProtocol(text: string): text is Protocol {
  return PROTOCOLS.has(text);
}

function fifoProblem(given: Omit<Endpoint, 'account'>, topic: TopicDoc): AwsError | undefined {
  if (!topic.isFifo) return given.endpoint.endsWith('.fifo') ? fifoQueueToStandardTopic() : undefined;
  return given.protocol === 'sqs' ? undefined : fifoTopicToOther();
}

function existingSubscription(turn: SnsTurn, topicKey: string, given: Endpoint): SubscriptionDoc | undefined {
  return turn.state.subscriptions.by('byEndpoint', `${topicKey} ${given.protocol} ${given.endpoint}`)[0];
}

/** A repeated Subscribe may leave attributes out, but not change them. */
function hasAttributes({ attributes }: SubscriptionDoc, given: Readonly<Record<string, string>>): boolean {
  const defaults: Readonly<Record<string, string>> = {
    RawMessageDelivery: 'false',
    FilterPolicyScope: 'MessageAttributes',
  };
  return Object.entries(given).every(([name, value]) => (attributes[name] ?? defaults[name]) === value);
}

function newSubscription(
  turn: SnsTurn,
  { key, topic }: FoundTopic,
  given: { readonly endpoint: Endpoint; readonly attributes: Readonly<Record<string, string>> },
): { uuid: string; subscription: SubscriptionDoc } {
  const { protocol, endpoint, account } = given.endpoint;
  const uuid = turn.uuid();
  const isPending = account !== turn.scope.account;
  const subscription: SubscriptionDoc = {
    id: turn.state.nextId,
    arn: `${topic.arn}:${uuid}`,
    topicArn: topic.arn,
    topicKey: key,
    region: topic.region,
    owner: turn.scope.account,
    principal: arnOf(turn.principal, turn.scope.account),
    protocol,
    endpoint,
    isPending,
    wasAuthenticated: !isPending,
    attributes: given.attributes,
    subscribedAtMs: turn.nowMs,
  };
  return { uuid, subscription: isPending ? { ...subscription, token: makeToken(turn) } : subscription };
}

function arnOf(principal: Principal, account: string): string {
  if ('arn' in principal) return principal.arn;
  const root = rootOf(account);
  return root.kind === 'root' ? root.arn : '';
}

function shownArn(subscription: SubscriptionDoc, input: SubscribeInput): string {
  return subscription.isPending && input.ReturnSubscriptionArn !== true ? PENDING : subscription.arn;
}
