// PutRetentionPolicy, DeleteRetentionPolicy: events older than the retention are not shown any more, and are removed.

import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { DeleteRetentionPolicyInput, PutRetentionPolicyInput } from '#wire/generated/logs.ts';
import { validationFailed } from '../errors.ts';
import { groupOf, permission } from '../find-group.ts';
import { RETENTION_DAYS } from '../limits.ts';
import { groupKey, type LogsState } from '../state.ts';

export const putRetentionPolicy = operation<LogsState, PutRetentionPolicyInput, object>({
  authorize: (turn, input) => permission(turn, 'PutRetentionPolicy', input),
  decide(turn, input) {
    const { retentionInDays } = input;
    const problem = new Validation()
      .required('retentionInDays', retentionInDays)
      .oneOf('retentionInDays', retentionInDays, RETENTION_DAYS).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const retention = { retentionDays: retentionInDays as number, retentionChangedAtMs: turn.nowMs };
    turn.put(turn.state.groups, groupKey(turn.scope, group.name), { ...group, ...retention });
    return { output: {} };
  },
});

export const deleteRetentionPolicy = operation<LogsState, DeleteRetentionPolicyInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteRetentionPolicy', input),
  decide(turn, input) {
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const { retentionDays: _days, retentionChangedAtMs: _changed, ...kept } = group;
    turn.put(turn.state.groups, groupKey(turn.scope, group.name), kept);
    return { output: {} };
  },
});
