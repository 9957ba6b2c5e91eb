// AWS's event stream encoding (application/vnd.amazon.eventstream): a row of binary messages, each with headers and a payload of its own.
//
//   total length u32 | headers length u32 | CRC32 of these eight bytes | headers | payload | CRC32 of everything before
//
// Big endian. A header is: length of name u8, name, type u8 (7: text), length u16, text. Only text headers are written; that is all that AWS's
// services send. Source: Smithy specification, "Amazon Event Stream Specification"; AWS SDK, @smithy/core event-streams.

const encoder = new TextEncoder();
const TEXT = 7;
const HEAD_BYTES = 12;
const TRAILER_BYTES = 4;

/** The CRC-32 of zlib; the runtime's, which is native code. */
export type Crc32 = (bytes: Uint8Array) => number;

/** One message. */
export function encodeMessage(
  headers: Readonly<Record<string, string>>,
  payload: Uint8Array,
  crc32: Crc32,
): Uint8Array {
  const head = encodeHeaders(headers);
  const total = HEAD_BYTES + head.length + payload.length + TRAILER_BYTES;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, total);
  view.setUint32(4, head.length);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(head, HEAD_BYTES);
  bytes.set(payload, HEAD_BYTES + head.length);
  view.setUint32(total - TRAILER_BYTES, crc32(bytes.subarray(0, total - TRAILER_BYTES)));
  return bytes;
}

function encodeHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  const parts = Object.entries(headers).map(([name, value]) => [encoder.encode(name), encoder.encode(value)] as const);
  const bytes = new Uint8Array(parts.reduce((sum, [name, value]) => sum + 4 + name.length + value.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [name, value] of parts) {
    bytes[at] = name.length;
    bytes.set(name, at + 1);
    at += 1 + name.length;
    bytes[at] = TEXT;
    view.setUint16(at + 1, value.length);
    bytes.set(value, at + 3);
    at += 3 + value.length;
  }
  return bytes;
}

/** Headers of an event whose payload is a document. */
export function eventHeaders(eventType: string, contentType: string): Readonly<Record<string, string>> {
  return { ':event-type': eventType, ':content-type': contentType, ':message-type': 'event' };
}

/** Headers of a modelled error that ends the byte stream. */
export function exceptionHeaders(exceptionType: string, contentType: string): Readonly<Record<string, string>> {
  return { ':exception-type': exceptionType, ':content-type': contentType, ':message-type': 'exception' };
}
