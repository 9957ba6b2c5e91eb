import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeauthorizeConnectionInput, DeauthorizeConnectionOutput } from '#wire/generated/events.ts';
import { pumpConnection } from '../../api-destinations/sending/pump.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { nameConstraints } from '../constraints.ts';
import { connectionPermission, findConnection, putConnection } from '../find-connection.ts';
import { tellBegun, tellChange } from '../tell.ts';
import { connectionTimes } from '../views.ts';

const REASON = 'The authorization parameters were removed from this connection by a DeauthorizeConnection operation.';

export const deauthorizeConnection = operation<EventsState, DeauthorizeConnectionInput, DeauthorizeConnectionOutput>({
  authorize: connectionPermission('DeauthorizeConnection'),
  decide(turn, { Name }) {
    const broken = nameConstraints(Name).text;
    if (broken !== undefined) return refuse(validation(broken));
    const found = findConnection(turn, Name ?? '');
    if (isRefused(found)) return found;
    turn.state.connections.tokens.delete(found.arn);
    // AWS: user guide, "De-authorizing connections": the parameters and the secret go, the connection stays.
    const { shown: _shown, sealed: _sealed, secretArn: _secretArn, ...kept } = found;
    const doc = {
      ...kept,
      state: 'DEAUTHORIZED' as const,
      stateReason: REASON,
      revision: found.revision + 1,
      modifiedAtMs: turn.nowMs,
    };
    putConnection(turn, doc);
    pumpConnection(turn, doc.arn);
    tellBegun(turn, doc, 'Deauthorization Started');
    tellChange(turn, found);
    // As AWS: "The status of the connection changes to De-authorizing until the process is complete."
    return { output: { ...connectionTimes(doc), ConnectionState: 'DEAUTHORIZING' } };
  },
});
