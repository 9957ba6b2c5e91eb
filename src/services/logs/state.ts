// The memory of CloudWatch Logs: groups as documents, streams and blocks of events as plain records. A block's payload has
// the events' times and texts; the record has what it takes to find it.

import { assertDefined } from '#base/assert.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { type Scope, scopePrefix } from '#model/scope.ts';
import { Table } from '#structures/table.ts';
import { LogObjects } from './objects/state.ts';
import type { ResourcePolicyDoc } from './resource-policies.ts';
import type { CompiledFilter, SubscriptionFilterDoc } from './subscriptions/documents.ts';
import type { DeliveryDestinationDoc, DeliveryDoc, DeliverySourceDoc } from './vended/documents.ts';
import type { VendedRoute } from './vended/routes.ts';

export interface LogGroupDoc {
  /** Number in facts; never given twice. */
  readonly id: number;
  readonly name: string;
  /** `arn:aws:logs:region:account:log-group:name`, without AWS's `:*`. */
  readonly arn: string;
  readonly createdAtMs: number;
  readonly retentionDays?: number;
  /** When the retention was last changed: the next look at old events follows at once. */
  readonly retentionChangedAtMs?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogBlock {
  readonly payload: PayloadId;
  /** Number of the first event; the others follow. Orders events of the same millisecond. */
  readonly firstSequence: number;
  readonly count: number;
  readonly bytes: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly ingestedAtMs: number;
}

export interface LogStream {
  readonly id: number;
  readonly groupId: number;
  readonly name: string;
  readonly createdAtMs: number;
  firstEventMs: number | undefined;
  lastEventMs: number | undefined;
  lastIngestedMs: number | undefined;
  storedBytes: number;
  blocks: LogBlock[];
}

export interface GroupContent {
  readonly id: number;
  readonly key: string;
  readonly streams: Map<string, LogStream>;
  storedBytes: number;
  /** Set while a timer will look for old events. */
  trimAtMs: number | undefined;
}

export class LogsState {
  readonly groups = new Table<LogGroupDoc>({ name: 'logs.groups' });
  readonly resourcePolicies = new Table<ResourcePolicyDoc>({ name: 'logs.resource-policies' });
  readonly subscriptionFilters = new Table<SubscriptionFilterDoc>({
    name: 'logs.subscription-filters',
    indexes: { byGroup: ({ groupId }) => String(groupId) },
  });
  /** By the group's number: made when they are asked for, until one of them changes. */
  readonly compiledFilters = new Map<number, readonly CompiledFilter[]>();
  readonly deliverySources = new Table<DeliverySourceDoc>({ name: 'logs.delivery-sources' });
  readonly deliveryDestinations = new Table<DeliveryDestinationDoc>({ name: 'logs.delivery-destinations' });
  readonly deliveries = new Table<DeliveryDoc>({ name: 'logs.deliveries' });
  /** By the resource's ARN, made from the three tables above when it is asked for, until one of them changes. */
  vendedRoutes: ReadonlyMap<string, readonly VendedRoute[]> | undefined;
  /** By a group's key: all policies that hold for it as one document, until a policy changes. */
  readonly policyTexts = new Map<string, { readonly text: string | undefined }>();
  readonly contents = new Map<number, GroupContent>();
  readonly streams = new Map<number, LogStream>();
  readonly objects = new LogObjects();
  nextGroupId = 1;
  nextStreamId = 1;
  nextSequence = 1;

  content(groupId: number): GroupContent {
    return assertDefined(this.contents.get(groupId), `log group ${groupId}`);
  }

  stream(streamId: number): LogStream {
    return assertDefined(this.streams.get(streamId), `log stream ${streamId}`);
  }

  findStream(groupId: number, name: string): LogStream | undefined {
    return this.content(groupId).streams.get(name);
  }
}

export function groupKey(scope: Scope, name: string): string {
  return `${scopePrefix(scope)}${name}`;
}
