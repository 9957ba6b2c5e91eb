// From ARNs to keys of tables, with AWS's words for ARNs that are none.

import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import {
  invalidParameter,
  malformedArn,
  missingParameter,
  notOwner,
  resourceNotFound,
  subscriptionNotFound,
  topicNotFound,
} from './errors.ts';
import type { SnsTurn, SubscriptionDoc, TopicDoc } from './state.ts';

export interface FoundTopic {
  readonly key: string;
  readonly topic: TopicDoc;
}

export interface FoundSubscription {
  readonly key: string;
  readonly subscription: SubscriptionDoc;
}

/** The topic, or why there is none. A request in one region cannot speak of a topic in another. */
export function findTopic(turn: SnsTurn, arn: string | undefined, parameter = 'TopicArn'): FoundTopic | Refused {
  if (arn === undefined) return refuse(missingParameter(parameter));
  const parsed = parseArn(arn);
  if (parsed === undefined) return refuse(arnProblem(parameter, arn));
  if (parsed.region !== turn.scope.region && turn.principal.kind !== 'anonymous') {
    return refuse(invalidParameter(parameter));
  }
  if (parsed.service !== 'sns') return refuse(invalidParameter(parameter));
  const key = `${parsed.account}/${parsed.region}/${parsed.resource}`;
  const topic = turn.state.topics.get(key);
  return topic?.arn === arn ? { key, topic } : refuse(topicNotFound());
}

/** The operations on tags have an error of their own for a topic that does not exist. */
export function findTaggedTopic(turn: SnsTurn, arn: string | undefined): FoundTopic | Refused {
  const found = findTopic(turn, arn, 'ResourceArn');
  return isRefused(found) && found.refused.code === 'NotFound' ? refuse(resourceNotFound()) : found;
}

/** The subscription, or why there is none. AWS shows it to the account that owns it alone, not to the topic's. */
export function findSubscription(turn: SnsTurn, arn: string | undefined): FoundSubscription | Refused {
  if (arn === undefined) return refuse(missingParameter('SubscriptionArn'));
  const key = subscriptionKeyOf(arn);
  if (typeof key !== 'string') return refuse(key);
  const subscription = turn.state.subscriptions.get(key);
  if (subscription?.arn !== arn) return refuse(subscriptionNotFound());
  return subscription.owner === turn.scope.account ? { key, subscription } : refuse(notOwner());
}

/** Key of the subscription an ARN means, or what is wrong with the ARN. */
export function subscriptionKeyOf(arn: string): string | AwsError {
  const parsed = parseArn(arn);
  if (parsed === undefined) return arnProblem('SubscriptionArn', arn);
  const colon = parsed.resource.indexOf(':');
  if (parsed.service !== 'sns' || colon < 0) return invalidParameter('SubscriptionId');
  const { account, region, resource } = parsed;
  return `${account}/${region}/${resource.slice(0, colon)}/${resource.slice(colon + 1)}`;
}

function arnProblem(parameter: string, arn: string): AwsError {
  return arn.split(':').length < 6 ? malformedArn(parameter, arn) : invalidParameter(parameter);
}
