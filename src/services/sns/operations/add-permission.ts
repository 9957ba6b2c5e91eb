// AddPermission: adds a statement to the topic's policy. AWS, API reference, and LocalStack's recorded replies.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { partitionOf } from '#model/scope.ts';
import type { AddPermissionInput, AddPermissionOutput } from '#wire/generated/sns.ts';
import { onTopic } from '../access.ts';
import { findTopic } from '../arns.ts';
import { actionOutOfScope, invalidParameter, missingParameter, statementExists } from '../errors.ts';
import type { SnsState, TopicDoc } from '../state.ts';
import { topicPolicy } from '../topic-attributes.ts';

/** Actions that can be given to other accounts. */
const ACTIONS = new Set([
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
]);

interface PolicyText {
  readonly Statement: readonly { readonly Sid?: string }[];
}

export const addPermission = operation<SnsState, AddPermissionInput, AddPermissionOutput>({
  authorize: onTopic('AddPermission', (input) => input.TopicArn),
  decide(turn, input): Reply<AddPermissionOutput> {
    const found = findTopic(turn, input.TopicArn);
    if (isRefused(found)) return found;
    const { key, topic } = found;
    const policy = statementsOf(topic);
    const problem = inputProblem(input, policy);
    if (problem !== undefined) return refuse(problem);
    const Policy = JSON.stringify({ ...policy, Statement: [...policy.Statement, statementOf(input, topic)] });
    turn.put(turn.state.topics, key, { ...topic, attributes: { ...topic.attributes, Policy } });
    return { output: {} };
  },
});

/** The policy with its statements as a list, as it is written when statements are added or removed. */
export function statementsOf(topic: TopicDoc): PolicyText {
  const policy = JSON.parse(topicPolicy(topic)) as {
    readonly Statement: PolicyText['Statement'][number] | PolicyText['Statement'];
  };
  const { Statement } = policy;
  return {
    ...policy,
    Statement: Array.isArray(Statement) ? Statement : [Statement as PolicyText['Statement'][number]],
  };
}

function inputProblem(input: AddPermissionInput, policy: PolicyText): AwsError | undefined {
  const { Label: label, AWSAccountId: accounts = [], ActionName: actions = [] } = input;
  if (label === undefined) return missingParameter('Label');
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) return invalidParameter('Label');
  if (policy.Statement.some(({ Sid }) => Sid === label)) return statementExists();
  if (actions.length === 0 || actions.some((action) => !ACTIONS.has(action))) return actionOutOfScope();
  if (accounts.length === 0 || accounts.some((account) => !/^\d{12}$/.test(account))) {
    return invalidParameter('AWSAccountId');
  }
  return undefined;
}

function statementOf(input: AddPermissionInput, topic: TopicDoc): object {
  const partition = partitionOf(topic.region);
  const principals = (input.AWSAccountId ?? []).map((account) => `arn:${partition}:iam::${account}:root`);
  const actions = (input.ActionName ?? []).map((action) => `SNS:${action}`);
  return {
    Sid: input.Label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: actions.length === 1 ? actions[0] : actions,
    Resource: topic.arn,
  };
}
