// CreateLogGroup, DeleteLogGroup, DescribeLogGroups. Source: CloudWatch Logs API reference, each operation's page.

import { operation } from '#cell/service-definition.ts';
import { formatArn } from '#model/arn.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  CreateLogGroupInput,
  DeleteLogGroupInput,
  DescribeLogGroupsInput,
  DescribeLogGroupsOutput,
  LogGroup,
} from '#wire/generated/logs.ts';
import { groupExists, invalidNextToken, notAvailable, prefixAndPattern, validationFailed } from '../errors.ts';
import { groupNameOfArn, groupOf, type LogsTurn, permission } from '../find-group.ts';
import { DESCRIBE_MAX, GROUP_NAME, NAME_LENGTH_MAX } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import { groupPolicyKey } from '../resource-policies.ts';
import { groupKey, type LogGroupDoc, type LogsState } from '../state.ts';
import { dropFiltersOf } from '../subscriptions/operations.ts';
import { tagsText } from '../tags.ts';

export const createLogGroup = operation<LogsState, CreateLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'CreateLogGroup', input),
  decide(turn, input) {
    const problem = createProblem(input);
    if (problem !== undefined) return refuse(problem);
    const name = input.logGroupName as string;
    const key = groupKey(turn.scope, name);
    if (turn.state.groups.has(key)) return refuse(groupExists());
    const doc: LogGroupDoc = {
      id: turn.state.nextGroupId,
      name,
      arn: formatArn('logs', turn.scope, `log-group:${name}`),
      createdAtMs: turn.nowMs,
      tags: { ...input.tags },
    };
    turn.put(turn.state.groups, key, doc);
    return { output: {} };
  },
});

const GROUP_CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];

function createProblem(input: CreateLogGroupInput): AwsError | undefined {
  const problem = new Validation()
    .required('logGroupName', input.logGroupName)
    .length('logGroupName', input.logGroupName, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('logGroupName', input.logGroupName, GROUP_NAME)
    .oneOf('logGroupClass', input.logGroupClass, GROUP_CLASSES).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.kmsKeyId !== undefined) return notAvailable('kmsKeyId');
  if (input.deletionProtectionEnabled === true) return notAvailable('deletionProtectionEnabled');
  const { logGroupClass = 'STANDARD' } = input;
  if (logGroupClass !== 'STANDARD') return notAvailable(`logGroupClass ${logGroupClass}`);
  const wrongTags = input.tags === undefined ? undefined : tagsText(input.tags);
  return wrongTags === undefined ? undefined : validationFailed(wrongTags);
}

export const deleteLogGroup = operation<LogsState, DeleteLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteLogGroup', input),
  decide(turn, input) {
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    dropFiltersOf(turn, group.id);
    turn.drop(turn.state.groups, groupKey(turn.scope, group.name));
    const policyKey = groupPolicyKey(turn.scope, group.name);
    if (turn.state.resourcePolicies.has(policyKey)) turn.drop(turn.state.resourcePolicies, policyKey);
    return { output: {} };
  },
});

export const describeLogGroups = operation<LogsState, DescribeLogGroupsInput, DescribeLogGroupsOutput>({
  authorize: (turn) => permission(turn, 'DescribeLogGroups', {}),
  decide(turn, input) {
    const problem = describeProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { logGroupNamePrefix = '', logGroupNamePattern, limit = DESCRIBE_MAX, nextToken } = input;
    const { logGroupClass = 'STANDARD' } = input;
    const names = input.logGroupIdentifiers?.map((text) => groupNameOfArn(text) ?? text);
    const question = ['groups', logGroupNamePrefix, logGroupNamePattern ?? null, names ?? null, logGroupClass];
    const afterName = nextToken === undefined ? undefined : decodeToken<string>(turn, question, nextToken);
    if (nextToken !== undefined && afterName === undefined) return refuse(invalidNextToken());
    const pattern = logGroupNamePattern?.toLowerCase();
    const page = turn.state.groups.page({
      prefix: groupKey(turn.scope, logGroupNamePrefix),
      limit,
      ...(afterName === undefined ? {} : { afterKey: scopePrefix(turn.scope) + afterName }),
      where: ({ name }) =>
        // There are groups of the class STANDARD only.
        logGroupClass === 'STANDARD' &&
        (pattern === undefined || name.toLowerCase().includes(pattern)) &&
        (names === undefined || names.includes(name)),
    });
    const last = page.lastKey === undefined ? undefined : page.items[page.items.length - 1]?.doc.name;
    return {
      output: {
        logGroups: page.items.map(({ doc }) => describe(turn, doc)),
        ...(last === undefined ? {} : { nextToken: encodeToken(turn, question, last) }),
      },
    };
  },
});

function describeProblem(input: DescribeLogGroupsInput): AwsError | undefined {
  const problem = new Validation()
    .range('limit', input.limit, { min: 1, max: DESCRIBE_MAX })
    .oneOf('logGroupClass', input.logGroupClass, GROUP_CLASSES).text;
  if (problem !== undefined) return validationFailed(problem);
  if (input.includeLinkedAccounts === true) return notAvailable('includeLinkedAccounts');
  if (input.accountIdentifiers !== undefined) return notAvailable('accountIdentifiers');
  const hasBoth = input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined;
  return hasBoth ? prefixAndPattern() : undefined;
}

function describe(turn: LogsTurn, doc: LogGroupDoc): LogGroup {
  return {
    logGroupName: doc.name,
    creationTime: doc.createdAtMs,
    ...(doc.retentionDays === undefined ? {} : { retentionInDays: doc.retentionDays }),
    metricFilterCount: 0,
    arn: `${doc.arn}:*`,
    storedBytes: turn.state.content(doc.id).storedBytes,
    logGroupClass: 'STANDARD',
    logGroupArn: doc.arn,
    deletionProtectionEnabled: false,
  };
}
