// PutDeliveryDestinationPolicy, GetDeliveryDestinationPolicy, DeleteDeliveryDestinationPolicy: who in other accounts may deliver to a destination.

import { operation } from '#cell/service-definition.ts';
import { type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteDeliveryDestinationPolicyInput,
  GetDeliveryDestinationPolicyInput,
  GetDeliveryDestinationPolicyOutput,
  PutDeliveryDestinationPolicyInput,
  PutDeliveryDestinationPolicyOutput,
} from '#wire/generated/logs.ts';
import type { LogsTurn } from '../../find-group.ts';
import { POLICY_LENGTH_MAX } from '../../limits.ts';
import type { LogsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import type { DeliveryDestinationDoc } from '../documents.ts';
import * as errors from '../errors.ts';
import { onVended, scopedKey } from '../find.ts';

interface Named {
  readonly deliveryDestinationName?: string | undefined;
}

const access = (action: string) =>
  onVended<Named>(action, 'delivery-destination', (input) => input.deliveryDestinationName);

function destinationOf(turn: LogsTurn, { deliveryDestinationName: name }: Named): DeliveryDestinationDoc | Refused {
  const problem = nameConstraints(new Validation(), 'deliveryDestinationName', name).text;
  if (problem !== undefined) return refuse(errors.validation(problem));
  const doc = turn.state.deliveryDestinations.get(scopedKey(turn.scope, name as string));
  return doc ?? refuse(errors.destinationDoesNotExist());
}

export const putDeliveryDestinationPolicy = operation<
  LogsState,
  PutDeliveryDestinationPolicyInput,
  PutDeliveryDestinationPolicyOutput
>({
  authorize: access('PutDeliveryDestinationPolicy'),
  decide(turn, input) {
    const { deliveryDestinationPolicy: policy } = input;
    const problem = new Validation()
      .required('deliveryDestinationPolicy', policy)
      .length('deliveryDestinationPolicy', policy, { min: 1, max: POLICY_LENGTH_MAX }).text;
    if (problem !== undefined) return refuse(errors.validation(problem));
    const doc = destinationOf(turn, input);
    if ('refused' in doc) return doc;
    const parsed = parsePolicyDocument(policy as string, 'resource');
    if ('problem' in parsed) return refuse(errors.validation(`${parsed.problem.text} (${parsed.problem.detail})`));
    turn.put(turn.state.deliveryDestinations, scopedKey(turn.scope, doc.name), { ...doc, policy });
    return { output: { policy: { deliveryDestinationPolicy: policy } } };
  },
});

export const getDeliveryDestinationPolicy = operation<
  LogsState,
  GetDeliveryDestinationPolicyInput,
  GetDeliveryDestinationPolicyOutput
>({
  authorize: access('GetDeliveryDestinationPolicy'),
  decide(turn, input) {
    const doc = destinationOf(turn, input);
    if ('refused' in doc) return doc;
    return { output: { policy: doc.policy === undefined ? {} : { deliveryDestinationPolicy: doc.policy } } };
  },
});

export const deleteDeliveryDestinationPolicy = operation<LogsState, DeleteDeliveryDestinationPolicyInput, object>({
  authorize: access('DeleteDeliveryDestinationPolicy'),
  decide(turn, input) {
    const doc = destinationOf(turn, input);
    if ('refused' in doc) return doc;
    const { policy: _policy, ...kept } = doc;
    turn.put(turn.state.deliveryDestinations, scopedKey(turn.scope, doc.name), kept);
    return { output: {} };
  },
});
