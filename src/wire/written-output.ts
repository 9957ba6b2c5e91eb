// An output that writes itself: of thousands of records, whose tree of objects would cost more than its bytes. It also has the members of its
// shape, for whoever reads it as an object.

export interface WrittenOutput {
  /** The document in AWS JSON, as UTF-8. */
  writeJson(): Uint8Array;
  /** The same bytes in pieces, some of which are kept and shared between answers: never changed. */
  jsonPieces?(): readonly Uint8Array[];
  /** In CBOR 1.1: instants are tagged epoch milliseconds. */
  writeCbor(): Uint8Array;
}

export function isWrittenOutput(output: object): output is WrittenOutput {
  return 'writeJson' in output;
}
