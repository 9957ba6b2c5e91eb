// CloudWatch Logs: what belongs to what.

import { bind, defineService } from '#cell/service-definition.ts';
import { factBindings, groupChanged, TRIM_TIMER } from './apply.ts';
import { doors } from './doors.ts';
import { OBJECT_TIMER } from './objects/apply.ts';
import { OBJECT_MADE, objectDue, objectMade, resumeObjects } from './objects/collect.ts';
import { describeMetricFilters } from './operations/describe-metric-filters.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import { createLogGroup, deleteLogGroup, describeLogGroups } from './operations/groups.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './operations/resource-policies.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './operations/retention.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './operations/streams.ts';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './operations/tags.ts';
import { ANSWERED } from './own-call.ts';
import { trim } from './reactions/trim.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { LogsState } from './state.ts';
import * as subscriptions from './subscriptions/operations.ts';
import { vendedOperations } from './vended/operations.ts';
import { vendedTables } from './vended/tables.ts';

export const logs = defineService<LogsState>({
  name: 'logs',
  createState: () => new LogsState(),
  tables: (state) => [
    bind(state.groups, groupChanged(state)),
    bind(state.resourcePolicies, () => state.policyTexts.clear()),
    bind(state.subscriptionFilters, () => state.compiledFilters.clear()),
    ...vendedTables(state),
  ],
  facts: factBindings,
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DeleteSubscriptionFilter: subscriptions.deleteSubscriptionFilter,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    DescribeMetricFilters: describeMetricFilters,
    DescribeResourcePolicies: describeResourcePolicies,
    DescribeSubscriptionFilters: subscriptions.describeSubscriptionFilters,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    ListTagsForResource: listTagsForResource,
    ListTagsLogGroup: listTagsLogGroup,
    PutLogEvents: putLogEvents,
    PutResourcePolicy: putResourcePolicy,
    PutRetentionPolicy: putRetentionPolicy,
    PutSubscriptionFilter: subscriptions.putSubscriptionFilter,
    TagLogGroup: tagLogGroup,
    TagResource: tagResource,
    UntagLogGroup: untagLogGroup,
    UntagResource: untagResource,
    ...vendedOperations,
  },
  timers: { [TRIM_TIMER]: trim, [OBJECT_TIMER]: objectDue },
  reactions: { [ANSWERED]: () => {}, [OBJECT_MADE]: objectMade },
  resume: resumeObjects,
  snapshot: { write: writeSnapshot, read: readSnapshot },
  doors,
});
