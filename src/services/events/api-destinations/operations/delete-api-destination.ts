import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteApiDestinationInput, DeleteApiDestinationOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import { destinationKey, destinationPermission, findDestination } from '../find-destination.ts';
import { pump } from '../sending/pump.ts';

export const deleteApiDestination = operation<EventsState, DeleteApiDestinationInput, DeleteApiDestinationOutput>({
  authorize: destinationPermission('DeleteApiDestination'),
  decide(turn, { Name }) {
    const broken = nameConstraints(Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findDestination(turn, 'delete', Name ?? '');
    if (isRefused(found)) return found;
    turn.drop(turn.state.apiDestinations.table, destinationKey(found, found.name));
    // What waited for it fails now.
    pump(turn, found.arn);
    return { output: {} };
  },
});
