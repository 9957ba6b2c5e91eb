// What is particular to JSON: blobs as base64, instants as seconds since the epoch (or text where a shape says so), NaN by name.

import { base64Decode, base64Encode } from '#base/base64.ts';
import type { Problems } from '../problems.ts';
import { formatDateTime, formatHttpDate, isInstant, parseDateTime, parseHttpDate } from '../timestamps.ts';
import {
  type Leaves,
  noteWrongScalar,
  type TreeDecoder,
  type TreeEncoder,
  treeDecoder,
  treeEncoder,
} from './tree-values.ts';

const decodeBlob: TreeDecoder = (value, problems) => {
  if (typeof value !== 'string') return noteWrongScalar(value, 'a Blob', problems);
  return base64Decode(value) ?? noteWrongBase64(value, problems);
};

function noteWrongBase64(value: string, problems: Problems): undefined {
  // AWS repeats the value; a text of megabytes helps nobody.
  const shown = value.length <= 256 ? value : `${value.slice(0, 256)}...`;
  const reason =
    value.length % 4 !== 0
      ? `Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`
      : 'Invalid last non-pad Base64 character dectected';
  return problems.note(`'${shown}' can not be converted to a Blob: ${reason}`);
}

function timestampDecoder(format: string | undefined): TreeDecoder {
  return (value, problems) => {
    if (typeof value === 'number' && isInstant(value * 1000)) return Math.round(value * 1000);
    if (typeof value === 'string') {
      const instant = format === 'http-date' ? parseHttpDate(value) : parseDateTime(value);
      if (instant !== undefined) return instant;
    }
    return noteWrongScalar(value, 'a Timestamp', problems);
  };
}

const encodeBlob = (value: unknown): unknown => base64Encode(value as Uint8Array);
const encodeDouble = (value: unknown): unknown => (Number.isFinite(value) ? value : String(value));

function timestampEncoder(format: string | undefined): TreeEncoder {
  if (format === 'date-time') return (value) => formatDateTime(value as number);
  if (format === 'http-date') return (value) => formatHttpDate(value as number);
  return (value) => (value as number) / 1000;
}

const leaves: Leaves = {
  decodeBlob,
  decodeTimestamp: timestampDecoder,
  encodeBlob,
  encodeTimestamp: timestampEncoder,
  encodeDouble,
};

export const jsonDecoder = treeDecoder(leaves);
export const jsonEncoder = treeEncoder(leaves);
