// RemovePermission: one statement, or all.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { RemovePermissionInput, RemovePermissionOutput } from '#wire/generated/events.ts';
import { onBus } from '../../access.ts';
import { PLAIN_NAME } from '../../constraints.ts';
import { notFound, validation } from '../../errors.ts';
import { BUS_NAME_LENGTH_MAX } from '../../limits.ts';
import type { EventsState } from '../../state.ts';
import { findBus, putBus } from '../find-bus.ts';
import { statementsOf, withoutStatement } from '../policy.ts';

export const removePermission = operation<EventsState, RemovePermissionInput, RemovePermissionOutput>({
  authorize: onBus('RemovePermission', ({ EventBusName }) => EventBusName),
  decide(
    turn,
    { StatementId: statementId, RemoveAllPermissions: isAll, EventBusName: name },
  ): Reply<RemovePermissionOutput> {
    const broken = new Validation()
      .length('statementId', statementId, { min: 1, max: 64 })
      .length('eventBusName', name, { min: 1, max: BUS_NAME_LENGTH_MAX })
      .pattern('eventBusName', name, PLAIN_NAME).text;
    if (broken !== undefined) return refuse(validation(broken));
    const bus = findBus(turn, name);
    if (isRefused(bus)) return bus;
    if (isAll === true) {
      if (bus.policy !== undefined) putBus(turn, { ...bus, policy: undefined });
      return { output: {} };
    }
    if (statementId === undefined) {
      return refuse(validation('Parameter(s) StatementId or RemoveAllPermissions must be specified.'));
    }
    // AWS: both texts are recorded in public test suites.
    if (bus.policy === undefined) return refuse(notFound('EventBus does not have a policy.'));
    if (!statementsOf(bus.policy).some(({ Sid }) => Sid === statementId)) {
      return refuse(notFound('Statement with the provided id does not exist.'));
    }
    putBus(turn, { ...bus, policy: withoutStatement(bus.policy, statementId) });
    return { output: {} };
  },
});
