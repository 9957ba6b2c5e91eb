import type { ConnectionDoc } from '../connections/documents.ts';
import { connectionByArn } from '../connections/find-connection.ts';
import type { EventsTurn } from '../state.ts';

/** The connection with this ARN, when it is one of the caller's account and region: no other lends its credentials. */
export function ownConnection(turn: EventsTurn, arn: string): ConnectionDoc | undefined {
  const found = connectionByArn(turn.state, arn);
  return found?.account === turn.scope.account && found.region === turn.scope.region ? found : undefined;
}
