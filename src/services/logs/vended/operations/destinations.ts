// PutDeliveryDestination, GetDeliveryDestination, DescribeDeliveryDestinations, DeleteDeliveryDestination. Source: API reference.

import { operation } from '#cell/service-definition.ts';
import { type AwsError, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteDeliveryDestinationInput,
  DescribeDeliveryDestinationsInput,
  DescribeDeliveryDestinationsOutput,
  GetDeliveryDestinationInput,
  GetDeliveryDestinationOutput,
  PutDeliveryDestinationInput,
  PutDeliveryDestinationOutput,
} from '#wire/generated/logs.ts';
import type { LogsTurn } from '../../find-group.ts';
import type { LogsState } from '../../state.ts';
import { nameConstraints, tagsProblem } from '../constraints.ts';
import { destinationTypeOf, resourceProblem } from '../destination-kinds.ts';
import type { DeliveryDestinationDoc } from '../documents.ts';
import * as errors from '../errors.ts';
import { onVended, scopedKey, vendedArn } from '../find.ts';
import { vendedPage } from '../page.ts';
import { describeDestination } from '../views.ts';

const FORMATS = ['w3c', 'raw', 'json', 'plain', 'parquet'];
const TYPES = ['S3', 'CWL', 'FH', 'XRAY'];

export const putDeliveryDestination = operation<LogsState, PutDeliveryDestinationInput, PutDeliveryDestinationOutput>({
  authorize: onVended('PutDeliveryDestination', 'delivery-destination', ({ name }) => name),
  decide(turn, input) {
    const problem = putProblem(turn, input);
    if (problem !== undefined) return refuse(problem);
    const { name = '', outputFormat, deliveryDestinationConfiguration: configuration, tags = {} } = input;
    const key = scopedKey(turn.scope, name);
    const before = turn.state.deliveryDestinations.get(key);
    if (before !== undefined) {
      if (input.tags !== undefined) return refuse(errors.tagsOnUpdate());
      if (outputFormat !== undefined && outputFormat !== before.outputFormat) return refuse(errors.otherFormat());
    }
    const doc: DeliveryDestinationDoc = {
      name,
      arn: vendedArn(turn.scope, 'delivery-destination', name),
      resourceArn: configuration?.destinationResourceArn ?? '',
      outputFormat: outputFormat ?? before?.outputFormat,
      policy: before?.policy,
      tags: before?.tags ?? { ...tags },
    };
    turn.put(turn.state.deliveryDestinations, key, doc);
    return { output: { deliveryDestination: describeDestination(doc) } };
  },
});

function putProblem(turn: LogsTurn, input: PutDeliveryDestinationInput): AwsError | undefined {
  const { name, outputFormat, deliveryDestinationConfiguration: configuration, deliveryDestinationType: type } = input;
  const arnPath = 'deliveryDestinationConfiguration.destinationResourceArn';
  const checked = nameConstraints(new Validation(), 'name', name)
    .oneOf('outputFormat', outputFormat, FORMATS)
    .oneOf('deliveryDestinationType', type, TYPES);
  if (type !== 'XRAY') checked.required(arnPath, configuration?.destinationResourceArn);
  const problem = checked.text;
  if (problem !== undefined) return errors.validation(problem);
  const wrongTags = tagsProblem(input.tags);
  if (wrongTags !== undefined) return wrongTags;
  if (type === 'XRAY') return errors.notAvailable('deliveryDestinationType XRAY');
  const resourceArn = configuration?.destinationResourceArn ?? '';
  const known = destinationTypeOf(resourceArn);
  if (known === undefined) return errors.notAvailable(`A delivery destination like ${resourceArn}`);
  if (type !== undefined && type !== known) return errors.otherType(resourceArn, type);
  if (outputFormat !== undefined && outputFormat !== 'json') return errors.notAvailable(`outputFormat ${outputFormat}`);
  return resourceProblem(turn, resourceArn, known);
}

export const getDeliveryDestination = operation<LogsState, GetDeliveryDestinationInput, GetDeliveryDestinationOutput>({
  authorize: onVended('GetDeliveryDestination', 'delivery-destination', ({ name }) => name),
  decide(turn, input) {
    const problem = nameConstraints(new Validation(), 'name', input.name).text;
    if (problem !== undefined) return refuse(errors.validation(problem));
    const doc = turn.state.deliveryDestinations.get(scopedKey(turn.scope, input.name as string));
    if (doc === undefined) return refuse(errors.destinationDoesNotExist());
    return { output: { deliveryDestination: describeDestination(doc) } };
  },
});

export const describeDeliveryDestinations = operation<
  LogsState,
  DescribeDeliveryDestinationsInput,
  DescribeDeliveryDestinationsOutput
>({
  authorize: onVended('DescribeDeliveryDestinations', 'delivery-destination', () => undefined),
  decide(turn, input) {
    const page = vendedPage(turn, turn.state.deliveryDestinations, input);
    if ('refused' in page) return page;
    return { output: { deliveryDestinations: page.docs.map(describeDestination), nextToken: page.nextToken } };
  },
});

export const deleteDeliveryDestination = operation<LogsState, DeleteDeliveryDestinationInput, object>({
  authorize: onVended('DeleteDeliveryDestination', 'delivery-destination', ({ name }) => name),
  decide(turn, input) {
    const problem = nameConstraints(new Validation(), 'name', input.name).text;
    if (problem !== undefined) return refuse(errors.validation(problem));
    const key = scopedKey(turn.scope, input.name as string);
    const doc = turn.state.deliveryDestinations.get(key);
    if (doc === undefined) return refuse(errors.destinationDoesNotExist());
    const isUsed = turn.state.deliveries.list().some(({ destinationArn }) => destinationArn === doc.arn);
    if (isUsed) return refuse(errors.usedByDelivery('Delivery Destination'));
    turn.drop(turn.state.deliveryDestinations, key);
    return { output: {} };
  },
});
