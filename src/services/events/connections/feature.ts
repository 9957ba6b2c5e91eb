import { bind } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import type { EventsTurn } from '../state.ts';
import { createConnection } from './operations/create-connection.ts';
import { deauthorizeConnection } from './operations/deauthorize-connection.ts';
import { deleteConnection } from './operations/delete-connection.ts';
import { describeConnection } from './operations/describe-connection.ts';
import { listConnections } from './operations/list-connections.ts';
import { updateConnection } from './operations/update-connection.ts';
import { tokenAnswered } from './token-answered.ts';
import { askForToken, TOKEN_REACTION } from './tokens.ts';

export const connections: Feature = {
  operations: {
    CreateConnection: createConnection,
    DeauthorizeConnection: deauthorizeConnection,
    DeleteConnection: deleteConnection,
    DescribeConnection: describeConnection,
    ListConnections: listConnections,
    UpdateConnection: updateConnection,
  },
  tables: (state) => [bind(state.connections.table)],
  reactions: { [TOKEN_REACTION]: tokenAnswered },
  resume: authorizeUnfinished,
};

/** After a restart: connections whose token never came. */
function authorizeUnfinished(turn: EventsTurn): void {
  for (const [, doc] of turn.state.connections.table.entries()) {
    if (doc.state === 'AUTHORIZING') askForToken(turn, doc);
  }
}
