// What happens to a log group when a delivery to it is created. AWS: CloudWatch Logs user guide, "Logging that requires additional permissions [V2]":
// the policy AWSLogDeliveryWrite20150319 gets a statement for the group, if whoever sets it up may put policies; and AWS tries the group out by
// making a stream in it (seen in log groups of event buses).

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { createStream } from '../append.ts';
import type { LogsTurn } from '../find-group.ts';
import { ACCOUNT_POLICIES_MAX } from '../limits.ts';
import { accountPolicyKey, resourcePolicyOf } from '../resource-policies.ts';
import { groupKey } from '../state.ts';
import { POLICY_NAME, withStatement } from './delivery-policy.ts';
import { DELIVERY_SERVICE } from './delivery-service.ts';
import type { GroupPlace } from './routes.ts';

const VALIDATION_STREAM = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';

export function prepareGroup(asked: LogsTurn, { scope, group: name }: GroupPlace): void {
  const turn = asked.within(scope, asked.principal) as LogsTurn;
  const group = turn.state.groups.get(groupKey(scope, name));
  if (group === undefined) return;
  addStatement(turn, `${group.arn}:log-stream:*`, name);
  if (turn.state.findStream(group.id, VALIDATION_STREAM) === undefined) createStream(turn, group, VALIDATION_STREAM);
}

function addStatement(turn: LogsTurn, resource: string, groupName: string): void {
  const { scope, state } = turn;
  const key = accountPolicyKey(scope, POLICY_NAME);
  const before = state.resourcePolicies.get(key);
  const isFull = state.resourcePolicies.list(accountPolicyKey(scope, '')).length >= ACCOUNT_POLICIES_MAX;
  if ((before === undefined && isFull) || !mayPutPolicies(turn)) return;
  // Whoever wrote a policy for the service knows best what it may do.
  if (before === undefined && resourcePolicyOf(state, scope, groupName)?.includes(DELIVERY_SERVICE) === true) return;
  const action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const text = withStatement(before?.text, { action, resource, scope });
  if (text === undefined) return;
  turn.put(state.resourcePolicies, key, { name: POLICY_NAME, text, updatedAtMs: turn.nowMs });
}

function mayPutPolicies(turn: LogsTurn): boolean {
  const asked: Omit<AuthorizationRequest, 'action'> = { resource: '*', resourceAccount: turn.scope.account };
  return ['logs:PutResourcePolicy', 'logs:DescribeResourcePolicies'].every(
    (action) => turn.authorize({ ...asked, action }).isAllowed,
  );
}
