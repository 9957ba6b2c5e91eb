// An output that writes itself: of thousands of records, whose tree of objects would cost more than its bytes. It also has the members of its
// shape, for whoever reads it as an object.

import type { BodyPieces } from './http-message.ts';

export interface WrittenOutput {
  /** The document in AWS JSON, as UTF-8. */
  writeJson(): Uint8Array;
  /** In CBOR 1.1: instants are tagged epoch milliseconds. */
  writeCbor(): Uint8Array;
  /** The same bytes, of a document that may be large, to be written while they are sent. */
  jsonPieces?(): BodyPieces;
  cborPieces?(): BodyPieces;
}

export function isWrittenOutput(output: object): output is WrittenOutput {
  return 'writeJson' in output;
}
