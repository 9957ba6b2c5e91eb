// CreateDelivery, GetDelivery, DescribeDeliveries, DeleteDelivery, UpdateDeliveryConfiguration. Source: API reference. Record fields and delimiters
// are refused by name.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { operation } from '#cell/service-definition.ts';
import { parseArn } from '#model/arn.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  CreateDeliveryInput,
  CreateDeliveryOutput,
  DeleteDeliveryInput,
  Delivery,
  DescribeDeliveriesInput,
  DescribeDeliveriesOutput,
  GetDeliveryInput,
  GetDeliveryOutput,
  UpdateDeliveryConfigurationInput,
} from '#wire/generated/logs.ts';
import type { LogsTurn } from '../../find-group.ts';
import type { LogsState } from '../../state.ts';
import { nameConstraints, tagsProblem } from '../constraints.ts';
import { type DestinationType, destinationTypeOf } from '../destination-kinds.ts';
import type { DeliveryDoc } from '../documents.ts';
import * as errors from '../errors.ts';
import { destinationByArn, onVended, scopedKey, vendedAccess, vendedArn } from '../find.ts';
import { vendedPage } from '../page.ts';
import { prepare } from '../prepare.ts';
import { routeOf } from '../routes.ts';
import { newPaths, s3Problem, updatedPaths } from '../s3-paths.ts';
import { describeDelivery } from '../views.ts';

const ID = { test: /^[0-9A-Za-z]+$/, shown: '^[0-9A-Za-z]+$' };

export const createDelivery = operation<LogsState, CreateDeliveryInput, CreateDeliveryOutput>({
  authorize(turn, { deliverySourceName = '*', deliveryDestinationArn = '*' }): AuthorizationRequest[] {
    const source = vendedArn(turn.scope, 'delivery-source', deliverySourceName);
    return [
      vendedAccess(turn, 'CreateDelivery', source),
      {
        action: 'logs:CreateDelivery',
        resource: deliveryDestinationArn,
        resourceAccount: parseArn(deliveryDestinationArn)?.account ?? turn.scope.account,
        resourcePolicy: destinationByArn(turn.state, deliveryDestinationArn)?.policy,
      },
    ];
  },
  decide(turn, input) {
    const problem = createProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const { deliverySourceName: sourceName = '', deliveryDestinationArn: destinationArn = '', tags = {} } = input;
    const id = turn.uuid().replaceAll('-', '').slice(0, 16);
    const arn = vendedArn(turn.scope, 'delivery', id);
    const s3 = typeOf(turn, destinationArn) === 'S3' ? { s3: newPaths(input.s3DeliveryConfiguration) } : {};
    const doc: DeliveryDoc = { id, arn, sourceName, destinationArn, ...s3, tags: { ...tags } };
    const route = routeOf(turn.state, doc);
    const refused = route === undefined ? undefined : prepare(turn, route);
    if (refused !== undefined) return refuse(refused);
    turn.put(turn.state.deliveries, scopedKey(turn.scope, id), doc);
    return { output: { delivery: shown(turn, doc) } };
  },
});

function createProblem(turn: LogsTurn, input: CreateDeliveryInput): AwsError | undefined {
  const { deliverySourceName: name, deliveryDestinationArn: arn, tags } = input;
  const problem = nameConstraints(new Validation(), 'deliverySourceName', name).required(
    'deliveryDestinationArn',
    arn,
  ).text;
  if (problem !== undefined) return errors.validation(problem);
  const refused = tagsProblem(tags) ?? configurationProblem(input);
  if (refused !== undefined) return refused;
  const { state, scope } = turn;
  if (!state.deliverySources.has(scopedKey(scope, name as string))) return errors.sourceDoesNotExist();
  if (destinationByArn(state, arn as string) === undefined) return errors.destinationDoesNotExist();
  const ofSource = state.deliveries.list(scopedKey(scope, '')).filter(({ sourceName }) => sourceName === name);
  if (ofSource.some(({ destinationArn }) => destinationArn === arn)) return errors.deliveryExists();
  const type = typeOf(turn, arn as string);
  const { s3DeliveryConfiguration: asked } = input;
  const isSame = ofSource.some(({ destinationArn }) => typeOf(turn, destinationArn) === type);
  return isSame ? errors.sameDestinationType() : s3Problem(asked, type, newPaths(asked));
}

function typeOf({ state }: LogsTurn, destinationArn: string): DestinationType | undefined {
  return destinationTypeOf(destinationByArn(state, destinationArn)?.resourceArn ?? '');
}

function shown(turn: LogsTurn, doc: DeliveryDoc): Delivery {
  return describeDelivery(doc, typeOf(turn, doc.destinationArn));
}

function configurationProblem(
  input: Pick<CreateDeliveryInput, 'recordFields' | 'fieldDelimiter'>,
): AwsError | undefined {
  if ((input.recordFields ?? []).length > 0) return errors.notAvailable('recordFields');
  return (input.fieldDelimiter ?? '') === '' ? undefined : errors.notAvailable('fieldDelimiter');
}

function idProblem(id: string | undefined): AwsError | undefined {
  const problem = new Validation().required('id', id).length('id', id, { min: 1, max: 64 }).pattern('id', id, ID).text;
  return problem === undefined ? undefined : errors.validation(problem);
}

export const getDelivery = operation<LogsState, GetDeliveryInput, GetDeliveryOutput>({
  authorize: onVended('GetDelivery', 'delivery', ({ id }) => id),
  decide(turn, { id }) {
    const problem = idProblem(id);
    if (problem !== undefined) return refuse(problem);
    const doc = turn.state.deliveries.get(scopedKey(turn.scope, id as string));
    return doc === undefined ? refuse(errors.deliveryDoesNotExist()) : { output: { delivery: shown(turn, doc) } };
  },
});

export const describeDeliveries = operation<LogsState, DescribeDeliveriesInput, DescribeDeliveriesOutput>({
  authorize: onVended('DescribeDeliveries', 'delivery', () => undefined),
  decide(turn, input) {
    const page = vendedPage(turn, turn.state.deliveries, input);
    if ('refused' in page) return page;
    return { output: { deliveries: page.docs.map((doc) => shown(turn, doc)), nextToken: page.nextToken } };
  },
});

export const deleteDelivery = operation<LogsState, DeleteDeliveryInput, object>({
  authorize: onVended('DeleteDelivery', 'delivery', ({ id }) => id),
  decide(turn, { id }) {
    const problem = idProblem(id);
    if (problem !== undefined) return refuse(problem);
    const key = scopedKey(turn.scope, id as string);
    if (!turn.state.deliveries.has(key)) return refuse(errors.deliveryDoesNotExist());
    turn.drop(turn.state.deliveries, key);
    return { output: {} };
  },
});

/** Only a delivery to a bucket has something that can be changed here. Objects that were begun keep their path. */
export const updateDeliveryConfiguration = operation<LogsState, UpdateDeliveryConfigurationInput, object>({
  authorize: onVended('UpdateDeliveryConfiguration', 'delivery', ({ id }) => id),
  decide(turn, input) {
    const problem = idProblem(input.id) ?? configurationProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { s3DeliveryConfiguration: asked } = input;
    const key = scopedKey(turn.scope, input.id as string);
    const doc = turn.state.deliveries.get(key);
    if (doc === undefined) return refuse(errors.deliveryDoesNotExist());
    const s3 = updatedPaths(doc.s3, asked);
    const wrong = s3Problem(asked, typeOf(turn, doc.destinationArn), s3);
    if (wrong !== undefined) return refuse(wrong);
    if (asked !== undefined) turn.put(turn.state.deliveries, key, { ...doc, s3 });
    return { output: {} };
  },
});
