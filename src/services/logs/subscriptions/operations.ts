// PutSubscriptionFilter, DescribeSubscriptionFilters, DeleteSubscriptionFilter. Source: API reference; texts about roles: replies quoted in public issues
// (theburningmonk/lambda-logging-kinesis-demo 1, YumaInaura/YumaInaura 3449).

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation } from '#cell/service-definition.ts';
import { passRole } from '#cell/service-role.ts';
import { type Arn, parseArn } from '#model/arn.ts';
import { type AwsError, clientError, isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteSubscriptionFilterInput,
  DescribeSubscriptionFiltersInput,
  DescribeSubscriptionFiltersOutput,
  PutSubscriptionFilterInput,
  SubscriptionFilter,
} from '#wire/generated/logs.ts';
import {
  invalidNextToken,
  invalidParameter,
  notAvailable,
  resourceLimitExceeded,
  validationFailed,
} from '../errors.ts';
import { compileFilterPattern, PATTERN_LENGTH_MAX } from '../filter-pattern/filter-pattern.ts';
import { groupOf, type LogsTurn, permission } from '../find-group.ts';
import { DESCRIBE_MAX, FILTERS_PER_GROUP_MAX, NAME_LENGTH_MAX, STREAM_NAME } from '../limits.ts';
import { decodeToken, encodeToken } from '../page-token.ts';
import type { LogsState } from '../state.ts';
import type { SubscriptionFilterDoc, Vendor } from './documents.ts';
import { checkedDestination } from './health.ts';
import { servicesOf } from './role.ts';

type Input = PutSubscriptionFilterInput;

/** Neither name can have a colon. */
function filterKey({ scope }: LogsTurn, groupName: string, name: string): string {
  return `${scopePrefix(scope)}${groupName}:${name}`;
}

export const putSubscriptionFilter = operation<LogsState, Input, object>({
  authorize(turn, input): readonly AuthorizationRequest[] {
    const asked = permission(turn, 'PutSubscriptionFilter', input);
    const { roleArn } = input;
    if (roleArn === undefined) return [asked];
    return [asked, passRole(turn, roleArn, { service: servicesOf(turn.scope)[0] ?? '' })];
  },
  decide(turn, input) {
    const problem = valuesProblem(input) ?? unavailableProblem(input);
    if (problem !== undefined) return refuse(problem);
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const vendor = vendorOf(turn, input);
    if (typeof vendor !== 'string') return refuse(vendor);
    const { filterName: name = '', filterPattern: pattern = '', destinationArn = '', roleArn, distribution } = input;
    const key = filterKey(turn, group.name, name);
    const { subscriptionFilters } = turn.state;
    const before = subscriptionFilters.get(key);
    const count = subscriptionFilters.by('byGroup', String(group.id)).length;
    if (before === undefined && count >= FILTERS_PER_GROUP_MAX) return refuse(resourceLimitExceeded());
    const doc = {
      name,
      groupId: group.id,
      groupName: group.name,
      ...{ account: turn.scope.account, region: turn.scope.region },
      pattern,
      destinationArn,
      ...(roleArn === undefined ? {} : { roleArn }),
      distribution: (distribution ?? 'ByLogStream') as SubscriptionFilterDoc['distribution'],
      createdAtMs: before?.createdAtMs ?? turn.nowMs,
    };
    const checked = checkedDestination(turn, doc, vendor);
    if ('code' in checked) return refuse(checked);
    turn.put(subscriptionFilters, key, { ...doc, service: checked.service });
    return { output: {} };
  },
});

function valuesProblem(input: Input): AwsError | undefined {
  const { filterName, filterPattern, destinationArn, roleArn, distribution } = input;
  const problem = new Validation()
    .required('filterName', filterName)
    .length('filterName', filterName, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('filterName', filterName, STREAM_NAME)
    .required('filterPattern', filterPattern)
    .length('filterPattern', filterPattern, { max: PATTERN_LENGTH_MAX })
    .required('destinationArn', destinationArn)
    .length('destinationArn', destinationArn, { min: 1 })
    .length('roleArn', roleArn, { min: 1 })
    .oneOf('distribution', distribution, ['Random', 'ByLogStream']).text;
  if (problem !== undefined) return validationFailed(problem);
  const compiled = compileFilterPattern(filterPattern ?? '');
  return 'problem' in compiled ? invalidParameter(compiled.problem) : undefined;
}

function unavailableProblem(input: Input): AwsError | undefined {
  if (input.applyOnTransformedLogs === true) return notAvailable('applyOnTransformedLogs');
  if ((input.fieldSelectionCriteria ?? '') !== '') return notAvailable('fieldSelectionCriteria');
  return (input.emitSystemFields ?? []).length > 0 ? notAvailable('emitSystemFields') : undefined;
}

function vendorOf(turn: LogsTurn, { destinationArn = '', roleArn }: Input): Vendor | AwsError {
  const arn = parseArn(destinationArn);
  const vendor = arn === undefined ? undefined : vendorIn(arn);
  if (arn?.service === 'logs') return notAvailable('A destination of another account (PutDestination)');
  if (arn === undefined || vendor === undefined) {
    // Plausible.
    return invalidParameter(
      `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${arn?.service}`,
    );
  }
  const { account, region } = turn.scope;
  if (arn.account !== account || arn.region !== region) {
    // Plausible.
    return invalidParameter('destinationArn must be of the account and region of the log group.');
  }
  if (vendor === 'lambda') {
    return roleArn === undefined
      ? vendor
      : invalidParameter('destinationArn for vendor lambda cannot be used with roleArn');
  }
  return roleArn === undefined
    ? invalidParameter(`destinationArn for vendor ${vendor} cannot be used without roleArn`)
    : vendor;
}

function vendorIn({ service, resource }: Arn): Vendor | undefined {
  if (service === 'kinesis') return /^stream\/[^/]+$/.test(resource) ? service : undefined;
  if (service === 'firehose') return resource.startsWith('deliverystream/') ? service : undefined;
  if (service === 'lambda') return resource.startsWith('function:') ? service : undefined;
  return undefined;
}

export const describeSubscriptionFilters = operation<
  LogsState,
  DescribeSubscriptionFiltersInput,
  DescribeSubscriptionFiltersOutput
>({
  authorize: (turn, input) => permission(turn, 'DescribeSubscriptionFilters', input),
  decide(turn, input) {
    const { filterNamePrefix: prefix = '', limit = DESCRIBE_MAX, nextToken } = input;
    const problem = new Validation()
      .length('filterNamePrefix', input.filterNamePrefix, { min: 1, max: NAME_LENGTH_MAX })
      .range('limit', input.limit, { min: 1, max: DESCRIBE_MAX }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const question = ['subscription-filters', group.id, prefix];
    const after = nextToken === undefined ? undefined : decodeToken<string>(turn, question, nextToken);
    if (nextToken !== undefined && after === undefined) return refuse(invalidNextToken());
    const page = turn.state.subscriptionFilters.page({
      prefix: filterKey(turn, group.name, prefix),
      limit,
      ...(after === undefined ? {} : { afterKey: filterKey(turn, group.name, after) }),
    });
    const last = page.lastKey === undefined ? undefined : page.items[page.items.length - 1]?.doc.name;
    return {
      output: {
        subscriptionFilters: page.items.map(({ doc }) => shown(doc)),
        ...(last === undefined ? {} : { nextToken: encodeToken(turn, question, last) }),
      },
    };
  },
});

function shown({
  name,
  groupName,
  pattern,
  destinationArn,
  roleArn,
  distribution,
  createdAtMs,
}: SubscriptionFilterDoc) {
  const filter: SubscriptionFilter = {
    filterName: name,
    logGroupName: groupName,
    filterPattern: pattern,
    destinationArn,
    ...(roleArn === undefined ? {} : { roleArn }),
    distribution,
    applyOnTransformedLogs: false,
    creationTime: createdAtMs,
  };
  return filter;
}

export const deleteSubscriptionFilter = operation<LogsState, DeleteSubscriptionFilterInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteSubscriptionFilter', input),
  decide(turn, input) {
    const { filterName: name } = input;
    const problem = new Validation()
      .required('filterName', name)
      .length('filterName', name, { min: 1, max: NAME_LENGTH_MAX }).text;
    if (problem !== undefined) return refuse(validationFailed(problem));
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const key = filterKey(turn, group.name, name as string);
    if (!turn.state.subscriptionFilters.has(key)) return refuse(filterDoesNotExist());
    turn.drop(turn.state.subscriptionFilters, key);
    return { output: {} };
  },
});

const filterDoesNotExist = (): AwsError =>
  clientError('ResourceNotFoundException', 'The specified subscription filter does not exist.');

/** The group is gone, and its filters with it. */
export function dropFiltersOf(turn: LogsTurn, groupId: number): void {
  const { subscriptionFilters } = turn.state;
  for (const key of [...subscriptionFilters.keysBy('byGroup', String(groupId))]) turn.drop(subscriptionFilters, key);
}
