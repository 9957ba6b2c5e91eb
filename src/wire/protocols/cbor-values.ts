// What is particular to CBOR: blobs are byte strings, instants are tagged, floats carry NaN themselves.

import { CborInstant } from '../cbor.ts';
import { type Leaves, noteWrongScalar, treeDecoder, treeEncoder } from './tree-values.ts';

/** `unitMs`: what an instant counts. The tag's own unit is the second. */
function leavesOf(unitMs: number): Leaves {
  return {
    decodeBlob: (value, problems) => (value instanceof Uint8Array ? value : noteWrongScalar(value, 'a Blob', problems)),
    decodeTimestamp: () => (value, problems) => {
      if (value instanceof CborInstant) return Math.round((value.ms / 1000) * unitMs);
      return typeof value === 'number' && Number.isFinite(value)
        ? Math.round(value * unitMs)
        : noteWrongScalar(value, 'a Timestamp', problems);
    },
    encodeBlob: undefined,
    encodeTimestamp: () => (value) => new CborInstant(((value as number) / unitMs) * 1000),
    encodeDouble: undefined,
  };
}

const seconds = leavesOf(1000);
export const cborDecoder = treeDecoder(seconds);
export const cborEncoder = treeEncoder(seconds);

/** AWS SDK for Java 2.x, SdkCborGenerator.writeValue(Instant): tag 1, then epoch milliseconds. Its readers expect the same. */
const milliseconds = leavesOf(1);
export const millisecondCborDecoder = treeDecoder(milliseconds);
export const millisecondCborEncoder = treeEncoder(milliseconds);
