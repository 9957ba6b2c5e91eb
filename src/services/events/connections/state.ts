// Connections, and in memory only: the OAuth tokens that they have now. A new process asks for new ones.

import { Table } from '#structures/table.ts';
import type { ConnectionDoc } from './documents.ts';

export interface Token {
  /** Of the connection whose credentials it was got with. */
  readonly revision: number;
  /** `Bearer …` */
  readonly authorization: string;
  /** From here on it is not used any more, so that it does not expire on its way. */
  readonly usableUntilMs: number;
}

export class ConnectionsState {
  /** By account, region and name. */
  readonly table = new Table<ConnectionDoc>({ name: 'events.connections', indexes: { byArn: ({ arn }) => arn } });
  /** By the connection's ARN. */
  readonly tokens = new Map<string, Token>();
  /** ARN → revision for which a token has been asked. */
  readonly asked = new Map<string, number>();
}
