// PutDeliverySource, GetDeliverySource, DescribeDeliverySources, DeleteDeliverySource. Source: API reference; which logs there are:
// EventBridge user guide, "Configuring logs for Amazon EventBridge event buses".

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation } from '#cell/service-definition.ts';
import { type Arn, parseArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteDeliverySourceInput,
  DescribeDeliverySourcesInput,
  DescribeDeliverySourcesOutput,
  GetDeliverySourceInput,
  GetDeliverySourceOutput,
  PutDeliverySourceInput,
  PutDeliverySourceOutput,
} from '#wire/generated/logs.ts';
import type { LogsTurn } from '../../find-group.ts';
import type { LogsState } from '../../state.ts';
import { nameConstraints, tagsProblem } from '../constraints.ts';
import type { DeliverySourceDoc } from '../documents.ts';
import * as errors from '../errors.ts';
import { onVended, scopedKey, vendedAccess, vendedArn } from '../find.ts';
import { vendedPage } from '../page.ts';
import { describeSource } from '../views.ts';

const LOG_TYPE = { test: /^\w{1,255}$/, shown: '[\\w]*' };
/** By the service part of the resource's ARN. */
const LOG_TYPES: Readonly<Record<string, readonly string[]>> = { events: ['ERROR_LOGS', 'INFO_LOGS', 'TRACE_LOGS'] };

export const putDeliverySource = operation<LogsState, PutDeliverySourceInput, PutDeliverySourceOutput>({
  authorize(turn, input): AuthorizationRequest[] {
    const arn = vendedArn(turn.scope, 'delivery-source', input.name ?? '*');
    const own = vendedAccess(turn, 'PutDeliverySource', arn);
    const resource = input.resourceArn ?? '*';
    const service = parseArn(resource)?.service ?? 'logs';
    return [own, { ...own, action: `${service}:AllowVendedLogDeliveryForResource`, resource }];
  },
  decide(turn, input) {
    const problem = putProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const { name = '', resourceArn = '', logType = '', tags = {} } = input;
    const key = scopedKey(turn.scope, name);
    const before = turn.state.deliverySources.get(key);
    const updated = before === undefined ? undefined : updateProblem(before, input);
    if (updated !== undefined) return refuse(updated);
    const doc: DeliverySourceDoc = {
      name,
      arn: vendedArn(turn.scope, 'delivery-source', name),
      resourceArn,
      service: parseArn(resourceArn)?.service ?? '',
      logType,
      tags: before?.tags ?? { ...tags },
    };
    turn.put(turn.state.deliverySources, key, doc);
    return { output: { deliverySource: describeSource(doc) } };
  },
});

function putProblem(turn: LogsTurn, input: PutDeliverySourceInput): AwsError | undefined {
  const { name, resourceArn, logType, tags, deliverySourceConfiguration } = input;
  const problem = nameConstraints(new Validation(), 'name', name)
    .required('resourceArn', resourceArn)
    .required('logType', logType)
    .pattern('logType', logType, LOG_TYPE).text;
  if (problem !== undefined) return errors.validation(problem);
  const wrongTags = tagsProblem(tags);
  if (wrongTags !== undefined) return wrongTags;
  if (Object.keys(deliverySourceConfiguration ?? {}).length > 0)
    return errors.notAvailable('deliverySourceConfiguration');
  const arn = parseArn(resourceArn as string);
  const types = arn === undefined || !Object.hasOwn(LOG_TYPES, arn.service) ? undefined : LOG_TYPES[arn.service];
  if (arn === undefined || types === undefined) return errors.serviceNotAccessible();
  if (!types.includes(logType as string)) return errors.logTypeNotAllowed();
  return isOwn(turn, arn, resourceArn as string) ? undefined : errors.resourceNotAccessible();
}

function isOwn(turn: LogsTurn, { account, region }: Arn, resourceArn: string): boolean {
  if (account !== turn.scope.account || region !== turn.scope.region) return false;
  const { buses } = turn.doors;
  return buses === undefined || buses.find(turn, resourceArn) !== undefined;
}

function updateProblem(before: DeliverySourceDoc, input: PutDeliverySourceInput): AwsError | undefined {
  if (input.tags !== undefined) return errors.tagsOnUpdate();
  return before.resourceArn === input.resourceArn ? undefined : errors.otherResource();
}

export const getDeliverySource = operation<LogsState, GetDeliverySourceInput, GetDeliverySourceOutput>({
  authorize: onVended('GetDeliverySource', 'delivery-source', ({ name }) => name),
  decide(turn, input) {
    const problem = nameConstraints(new Validation(), 'name', input.name).text;
    if (problem !== undefined) return refuse(errors.validation(problem));
    const doc = turn.state.deliverySources.get(scopedKey(turn.scope, input.name as string));
    if (doc === undefined) return refuse(errors.sourceDoesNotExist());
    return { output: { deliverySource: describeSource(doc) } };
  },
});

export const describeDeliverySources = operation<
  LogsState,
  DescribeDeliverySourcesInput,
  DescribeDeliverySourcesOutput
>({
  authorize: onVended('DescribeDeliverySources', 'delivery-source', () => undefined),
  decide(turn, input) {
    const page = vendedPage(turn, turn.state.deliverySources, input);
    if ('refused' in page) return page;
    return { output: { deliverySources: page.docs.map(describeSource), nextToken: page.nextToken } };
  },
});

export const deleteDeliverySource = operation<LogsState, DeleteDeliverySourceInput, object>({
  authorize: onVended('DeleteDeliverySource', 'delivery-source', ({ name }) => name),
  decide(turn, input) {
    const problem = nameConstraints(new Validation(), 'name', input.name).text;
    if (problem !== undefined) return refuse(errors.validation(problem));
    const key = scopedKey(turn.scope, input.name as string);
    if (!turn.state.deliverySources.has(key)) return refuse(errors.sourceDoesNotExist());
    const deliveries = turn.state.deliveries.list(scopedKey(turn.scope, ''));
    if (deliveries.some(({ sourceName }) => sourceName === input.name)) {
      return refuse(errors.usedByDelivery('Delivery Source'));
    }
    turn.drop(turn.state.deliverySources, key);
    return { output: {} };
  },
});
