import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteConnectionInput, DeleteConnectionOutput } from '#wire/generated/events.ts';
import { pumpConnection } from '../../api-destinations/sending/pump.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import { connectionKey, connectionPermission, findConnection } from '../find-connection.ts';
import { tellBegun, tellChange } from '../tell.ts';
import { connectionTimes } from '../views.ts';

export const deleteConnection = operation<EventsState, DeleteConnectionInput, DeleteConnectionOutput>({
  authorize: connectionPermission('DeleteConnection'),
  decide(turn, { Name }) {
    const broken = nameConstraints(Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findConnection(turn, Name ?? '');
    if (isRefused(found)) return found;
    turn.state.connections.tokens.delete(found.arn);
    turn.drop(turn.state.connections.table, connectionKey(found, found.name));
    pumpConnection(turn, found.arn);
    tellBegun(turn, found, 'Deletion Started');
    tellChange(turn, found);
    // Recorded: AWS answers with this state, and a moment later the connection is gone.
    return { output: { ...connectionTimes(found), ConnectionState: 'DELETING' } };
  },
});
