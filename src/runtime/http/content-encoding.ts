// Undoes `Content-Encoding` of request bodies away from the main thread, never producing more than the limit: a few kilobytes of gzip
// can stand for gigabytes.

import { gunzip, inflate, inflateRaw } from 'node:zlib';
import type { HttpRefusal } from './http-refusal.ts';
import { badContentEncoding, bodyTooLarge } from './http-refusal.ts';

export type DecodedBody = (refusal: HttpRefusal | undefined, body: Buffer) => void;

/** Whether this encoding is one that {@link decodeBody} undoes; others (`aws-chunked`, `identity`) belong to the service. */
export function isDecodable(contentEncoding: string): boolean {
  return contentEncoding === 'gzip' || contentEncoding === 'x-gzip' || contentEncoding === 'deflate';
}

export function decodeBody(
  body: Buffer,
  options: { contentEncoding: string; bytesMax: number; done: DecodedBody },
): void {
  const { contentEncoding, bytesMax, done } = options;
  const finished = (error: (Error & { code?: string }) | null, decoded: Buffer): void => {
    if (error === null) done(undefined, decoded);
    else done(error.code === 'ERR_BUFFER_TOO_LARGE' ? bodyTooLarge : badContentEncoding, body);
  };
  const decode = contentEncoding === 'deflate' ? deflateDecoder(body) : gunzip;
  decode(body, { maxOutputLength: bytesMax }, finished);
}

/** "deflate" means zlib (RFC 9110), but some clients leave the zlib header out; its first nibble is always 8. */
function deflateDecoder(body: Buffer): typeof inflate {
  return body.length > 0 && ((body[0] as number) & 0x0f) === 8 ? inflate : inflateRaw;
}
