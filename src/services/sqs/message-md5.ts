// MD5 of message attributes as SDKs compute it to check what they sent.
// AWS: "Calculating the MD5 message digest for message attributes" (SQS developer guide, message metadata): names in order; of each its
// name, its data type, a byte for the transport (1 text, 2 binary) and its value, with lengths of four bytes, most significant first.

import { ByteWriter, utf8Encode } from '#base/bytes.ts';
import type { Digest } from '#base/digest.ts';
import type { StoredAttribute } from '#model/stored-message.ts';

const TEXT = 1;
const BINARY = 2;

/** Undefined when there are no attributes, as AWS then leaves the field out. */
export function md5OfAttributes(digest: Digest, attributes: readonly StoredAttribute[]): string | undefined {
  if (attributes.length === 0) return undefined;
  const sorted = [...attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const writer = new ByteWriter(256);
  for (const { name, dataType, value } of sorted) {
    lengthFirst(writer, utf8Encode(name));
    lengthFirst(writer, utf8Encode(dataType));
    writer.u8(typeof value === 'string' ? TEXT : BINARY);
    lengthFirst(writer, typeof value === 'string' ? utf8Encode(value) : value);
  }
  return digest.md5Hex(writer.bytes);
}

function lengthFirst(writer: ByteWriter, bytes: Uint8Array): void {
  const { length } = bytes;
  writer.u8(length >>> 24);
  writer.u8((length >>> 16) & 0xff);
  writer.u8((length >>> 8) & 0xff);
  writer.u8(length & 0xff);
  writer.raw(bytes);
}
