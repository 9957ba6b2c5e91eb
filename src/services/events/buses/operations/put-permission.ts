// PutPermission: a statement for an account or everybody, or a whole policy.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { PutPermissionInput, PutPermissionOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import { PLAIN_NAME } from '../../constraints.ts';
import { validation } from '../../errors.ts';
import { BUS_NAME_LENGTH_MAX } from '../../limits.ts';
import type { EventsState } from '../../state.ts';
import { findBus, putBus } from '../find-bus.ts';
import { wholePolicy, withStatement } from '../policy.ts';

const ACTION = { test: /^events:[a-zA-Z]+$/, shown: 'events:[a-zA-Z]+' };
const PRINCIPAL = { test: /^(\d{12}|\*)$/, shown: '(\\d{12}|\\*)' };
const STATEMENT_ID = { test: /^[a-zA-Z0-9-_]+$/, shown: '[a-zA-Z0-9-_]+' };

export const putPermission = operation<EventsState, PutPermissionInput, PutPermissionOutput>({
  authorize: onBus('PutPermission', ({ EventBusName }) => EventBusName),
  decide(turn, input): Reply<PutPermissionOutput> {
    const broken = constraints(input).text;
    if (broken !== undefined) return refuse(validation(broken));
    const bus = findBus(turn, input.EventBusName);
    if (isRefused(bus)) return bus;
    const policy = input.Policy === undefined ? withStatement(bus, input) : wholePolicy(bus, input.Policy);
    if (isRefused(policy)) return policy;
    if (policy !== bus.policy) putBus(turn, { ...bus, policy });
    return { output: {} };
  },
});

/** AWS: API reference, Condition: the one type and the one key that there are. */
function constraints({ EventBusName, Action, Principal, StatementId, Condition }: PutPermissionInput): Validation {
  const checked = new Validation()
    .length('eventBusName', EventBusName, { min: 1, max: BUS_NAME_LENGTH_MAX })
    .pattern('eventBusName', EventBusName, PLAIN_NAME)
    .length('action', Action, { min: 1, max: 64 })
    .pattern('action', Action, ACTION)
    .pattern('principal', Principal, PRINCIPAL)
    .length('statementId', StatementId, { min: 1, max: 64 })
    .pattern('statementId', StatementId, STATEMENT_ID);
  if (Condition === undefined) return checked;
  return checked
    .required('condition.type', Condition.Type)
    .oneOf('condition.type', Condition.Type, ['StringEquals'])
    .required('condition.key', Condition.Key)
    .oneOf('condition.key', Condition.Key, ['aws:PrincipalOrgID'])
    .required('condition.value', Condition.Value);
}
