// PostgreSQL's `COPY … FROM STDIN` over a connection of `pg`, which itself knows no COPY: bytes in pieces, as fast as the database takes them.
// Source: PostgreSQL, "Frontend/Backend Protocol", "COPY Operations".

import type { Client, Connection, Submittable } from 'pg';

const PIECE_BYTES = 64 * 1024;

/** Rejects with the database's error. */
export function copyFromClient(client: Client, statement: string, rows: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyQuery(statement, rows, (error) => (error === undefined ? resolve() : reject(error))));
  });
}

/** What pg's connection offers beyond its types. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  readonly stream: { readonly writableNeedDrain: boolean; once(event: 'drain', listener: () => void): void };
}

/** Called by pg with what the database says. */
class CopyQuery implements Submittable {
  private hasFailed = false;

  constructor(
    private readonly statement: string,
    private readonly rows: Uint8Array,
    private readonly onEnd: (error: Error | undefined) => void,
  ) {}

  submit(connection: Connection): void {
    (connection as unknown as CopyConnection).query(this.statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection, 0);
  }

  /** pg tells nothing more of a statement that failed. */
  handleError(error: Error): void {
    this.hasFailed = true;
    this.onEnd(error);
  }

  handleReadyForQuery(): void {
    this.onEnd(undefined);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}

  private send(connection: CopyConnection, from: number): void {
    const { buffer, byteOffset, length } = this.rows;
    for (let at = from; at < length && !this.hasFailed; at += PIECE_BYTES) {
      connection.sendCopyFromChunk(Buffer.from(buffer, byteOffset + at, Math.min(PIECE_BYTES, length - at)));
      if (!connection.stream.writableNeedDrain) continue;
      connection.stream.once('drain', () => this.send(connection, at + PIECE_BYTES));
      return;
    }
    if (!this.hasFailed) connection.endCopyFrom();
  }
}
