import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { ListConnectionsInput, ListConnectionsOutput } from '#wire/generated/events.ts';
import { validation } from '../../errors.ts';
import type { EventsState } from '../../state.ts';
import { listConstraints } from '../constraints.ts';
import { listPage } from '../pages.ts';
import { listedConnection } from '../views.ts';

/** API reference; all but the first four never last long enough here to be seen. */
const STATES = [
  ...['AUTHORIZED', 'DEAUTHORIZED', 'AUTHORIZING', 'DEAUTHORIZING'],
  ...['CREATING', 'UPDATING', 'DELETING', 'ACTIVE', 'FAILED_CONNECTIVITY'],
];

export const listConnections = operation<EventsState, ListConnectionsInput, ListConnectionsOutput>({
  authorize: (turn) => ({ action: 'events:ListConnections', resource: '*', resourceAccount: turn.scope.account }),
  decide(turn, input) {
    const { NamePrefix, ConnectionState, NextToken, Limit } = input;
    const checked = new Validation().oneOf('connectionState', ConnectionState, STATES);
    const broken = listConstraints(input, checked).text;
    if (broken !== undefined) return refuse(validation(broken));
    const page = listPage(turn, {
      table: turn.state.connections.table,
      list: ['connections', NamePrefix, ConnectionState],
      namePrefix: NamePrefix,
      where: ({ state }) => ConnectionState === undefined || state === ConnectionState,
      limit: Limit,
      token: NextToken,
    });
    if (isRefused(page)) return page;
    const { docs, nextToken } = page;
    const more = nextToken === undefined ? {} : { NextToken: nextToken };
    return { output: { Connections: docs.map(listedConnection), ...more } };
  },
});
