// What is particular to CBOR: blobs are byte strings, instants are tagged, floats carry NaN themselves.

import { CborInstant } from '../cbor.ts';
import { type Leaves, noteWrongScalar, treeDecoder, treeEncoder } from './tree-values.ts';

const leaves: Leaves = {
  decodeBlob: (value, problems) => (value instanceof Uint8Array ? value : noteWrongScalar(value, 'a Blob', problems)),
  decodeTimestamp: () => (value, problems) => {
    if (value instanceof CborInstant) return value.ms;
    return typeof value === 'number' && Number.isFinite(value)
      ? Math.round(value * 1000)
      : noteWrongScalar(value, 'a Timestamp', problems);
  },
  encodeBlob: undefined,
  encodeTimestamp: () => (value) => new CborInstant(value as number),
  encodeDouble: undefined,
};

export const cborDecoder = treeDecoder(leaves);
export const cborEncoder = treeEncoder(leaves);
