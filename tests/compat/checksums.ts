// What SQS says about a message it took, worked out a second time: the MD5 of the body and of the attributes. Source: SQS developer guide,
// "Calculating the MD5 message digest for message attributes".

import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '#wire/generated/sqs.ts';

export function md5OfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/** Names in order; each part behind its length in four bytes, the value behind a byte that tells text from bytes. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const hash = createHash('md5');
  const part = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name]!;
    part(Buffer.from(name));
    part(Buffer.from(DataType));
    hash.update(Uint8Array.of(StringValue === undefined ? 2 : 1));
    part(StringValue === undefined ? (BinaryValue ?? new Uint8Array(0)) : Buffer.from(StringValue));
  }
  return hash.digest('hex');
}
