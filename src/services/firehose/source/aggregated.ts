// Records that the Kinesis Producer Library has put together. AWS: Kinesis developer guide, "KPL key concepts", and the format's description beside
// the library: four bytes of magic, a protocol buffer (tables of keys, records), sixteen bytes of MD5. What is not exactly that stays one record.

import { utf8Decode } from '#base/bytes.ts';
import type { Digest } from '#base/digest.ts';

export interface AggregatedPart {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const MAGIC = [0xf3, 0x89, 0x9a, 0xc2];
const DIGEST_BYTES = 16;

/** Undefined: not an aggregated record. */
export function aggregatedParts(digest: Digest, record: Uint8Array): readonly AggregatedPart[] | undefined {
  if (record.length < MAGIC.length + DIGEST_BYTES || MAGIC.some((byte, i) => record[i] !== byte)) return undefined;
  const body = record.subarray(MAGIC.length, record.length - DIGEST_BYTES);
  const claimed = record.subarray(record.length - DIGEST_BYTES);
  const hex = [...claimed].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digest.md5Hex(body) === hex ? readMessage(body) : undefined;
}

function readMessage(body: Uint8Array): readonly AggregatedPart[] | undefined {
  const keys: string[] = [];
  const records: { readonly key: number; readonly data: Uint8Array }[] = [];
  const isRead = readFields(body, (field, value) => {
    if (typeof value === 'number') return;
    if (field === 1) keys.push(utf8Decode(value));
    else if (field === 3) {
      const record = { key: 0, data: new Uint8Array() };
      readFields(value, (inner, part) => {
        if (inner === 1 && typeof part === 'number') record.key = part;
        if (inner === 3 && typeof part !== 'number') record.data = part as Uint8Array<ArrayBuffer>;
      });
      records.push(record);
    }
  });
  return isRead ? records.map(({ key, data }) => ({ partitionKey: keys[key] ?? '', data })) : undefined;
}

/** Wire types 0 (varint) and 2 (bytes) are all that the format has; false when the bytes are something else. */
function readFields(bytes: Uint8Array, take: (field: number, value: number | Uint8Array) => void): boolean {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length && scale < 2 ** 56; scale *= 128) {
      const byte = bytes[at] as number;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    if (Number.isNaN(tag) || Number.isNaN(value)) return false;
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) take(field, value);
    else if (tag % 8 === 2 && at + value <= bytes.length) {
      take(field, bytes.subarray(at, at + value));
      at += value;
    } else return false;
  }
  return true;
}
