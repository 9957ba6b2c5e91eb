// Topics and subscriptions, and for each topic the way its messages go: subscriptions with their filters compiled.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import type { Turn } from '#cell/turn.ts';
import type { FilterPolicy } from '#structures/filter-policy/filter-policy.ts';
import { Table } from '#structures/table.ts';
import type { FifoTopic } from './fifo.ts';
import type { HttpSettings } from './http/delivery-policy.ts';
import { HttpSending } from './http/lane.ts';

export type SnsTurn = Turn<SnsState>;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface TopicDoc {
  /** Short name in facts; never given twice. */
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly isFifo: boolean;
  /** Attributes that were set, by AWS's names; defaults are added when they are read. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly subscriptionsDeleted: number;
}

export type Protocol = 'sqs' | 'lambda' | 'http' | 'https' | 'firehose';

export interface SubscriptionDoc {
  readonly id: number;
  readonly arn: string;
  readonly topicArn: string;
  readonly topicKey: string;
  readonly region: string;
  /** Account that subscribed. */
  readonly owner: string;
  /** ARN of who subscribed. */
  readonly principal: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly isPending: boolean;
  /** What confirms it, while it is pending. */
  readonly token?: string;
  readonly wasAuthenticated: boolean;
  /** Set when it was confirmed: without a signature nobody may unsubscribe it. */
  readonly authenticateOnUnsubscribe?: boolean;
  /** RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy, DeliveryPolicy, SubscriptionRoleArn: those that were set. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly subscribedAtMs: number;
}

/** A confirmed subscription, made ready for messages. */
export interface Route {
  readonly subscription: SubscriptionDoc;
  readonly isRaw: boolean;
  readonly isFifoQueue: boolean;
  readonly filter: FilterPolicy | undefined;
  readonly deadLetterArn: string | undefined;
  /** Where its messages are handed: the queue or function, or the subscription itself for an HTTP/S endpoint. */
  readonly targetArn: string;
  /** Of a delivery stream's subscription: as whom the topic puts records. */
  readonly roleArn: string | undefined;
  readonly retries: DeliveryPolicy;
  /** HTTP/S endpoints: how they are sent to. */
  readonly http: HttpSettings | undefined;
}

export function isHttp(protocol: Protocol): protocol is 'http' | 'https' {
  return protocol === 'http' || protocol === 'https';
}

export class SnsState {
  readonly topics = new Table<TopicDoc>({
    name: 'sns.topics',
    indexes: { byId: (topic) => String(topic.id) },
  });
  readonly subscriptions = new Table<SubscriptionDoc>({
    name: 'sns.subscriptions',
    indexes: {
      byId: (subscription) => String(subscription.id),
      byOwner: (subscription) => `${subscription.owner}/${subscription.region}`,
      byTopic: (subscription) => subscription.topicKey,
      byEndpoint: ({ topicKey, protocol, endpoint }) => `${topicKey} ${protocol} ${endpoint}`,
      byToken: (subscription) => subscription.token,
    },
  });
  /** By the topic's key, then by the subscription's. */
  readonly routes = new Map<string, Map<string, Route>>();
  /** By the topic's id. */
  readonly fifo = new Map<number, FifoTopic>();
  /** What is on its way to HTTP/S endpoints; in memory only. */
  readonly http = new HttpSending();
  nextId = 1;
}
