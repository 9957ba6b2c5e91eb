// RemovePermission: removes the statement with the label from the topic's policy.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { RemovePermissionInput, RemovePermissionOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { missingParameter } from '../errors.ts';
import type { SnsState } from '../state.ts';
import { statementsOf } from './add-permission.ts';

export const removePermission = operation<SnsState, RemovePermissionInput, RemovePermissionOutput>({
  authorize: onTopic('RemovePermission', (input) => input.TopicArn),
  decide(turn, input): Reply<RemovePermissionOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const { key, topic } = found;
    const { Label: label } = input;
    if (label === undefined) return refuse(missingParameter('Label'));
    const policy = statementsOf(topic);
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== label);
    // AWS answers success when there is no such statement.
    if (Statement.length === policy.Statement.length) return { output: {} };
    const Policy = JSON.stringify({ ...policy, Statement });
    turn.put(turn.state.topics, key, { ...topic, attributes: { ...topic.attributes, Policy } });
    return { output: {} };
  },
});
