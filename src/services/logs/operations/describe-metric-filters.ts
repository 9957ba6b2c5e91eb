// DescribeMetricFilters: there are none, because PutMetricFilter is not available. Clients that look for one are told so.

import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DescribeMetricFiltersInput, DescribeMetricFiltersOutput } from '#wire/generated/logs.ts';
import { groupOf, permission } from '../find-group.ts';
import type { LogsState } from '../state.ts';

export const describeMetricFilters = operation<LogsState, DescribeMetricFiltersInput, DescribeMetricFiltersOutput>({
  authorize: (turn, input) => permission(turn, 'DescribeMetricFilters', input),
  decide(turn, input) {
    if (input.logGroupName !== undefined) {
      const group = groupOf(turn, input);
      if (isRefused(group)) return group;
    }
    return { output: { metricFilters: [] } };
  },
});
