// What a person may ask about: an id of sixteen bytes (message, event, invocation, request, record of Firehose), a record of a stream, an object.

import { parseUuid } from '#base/uuid.ts';
import { type ParsedSequenceNumber, parseSequenceNumber } from '#services/kinesis/sequence-number.ts';

export type Subject =
  | {
      readonly kind: 'id';
      readonly id: string /** Of a record in its batch, when the id says so. */;
      readonly index?: number;
    }
  | { readonly kind: 'record'; readonly sequenceNumber: string; readonly parsed: ParsedSequenceNumber }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string };

const ID_LENGTH = 36;

/** Undefined for a text that names nothing. */
export function subjectOf(text: string): Subject | undefined {
  if (text.startsWith('s3://')) return objectOf(text.slice('s3://'.length));
  const id = text.slice(0, ID_LENGTH).toLowerCase();
  if (parseUuid(id) !== undefined) {
    const index = /^-(\d{3})$/.exec(text.slice(ID_LENGTH))?.[1];
    if (index !== undefined) return { kind: 'id', id, index: Number(index) };
    return text.length === ID_LENGTH ? { kind: 'id', id } : undefined;
  }
  // A function's event calls a record `shardId-000000000000:4957…`.
  const sequenceNumber = /^(?:shardId-\d{12}:)?(\d{56})$/.exec(text)?.[1];
  const parsed = sequenceNumber === undefined ? undefined : parseSequenceNumber(sequenceNumber);
  if (sequenceNumber === undefined || parsed === undefined || parsed.place < 0) return undefined;
  return { kind: 'record', sequenceNumber, parsed };
}

function objectOf(text: string): Subject | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) return undefined;
  return { kind: 'object', bucket: text.slice(0, slash), key: text.slice(slash + 1) };
}
