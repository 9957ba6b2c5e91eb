// Function code that is an object of S3: it is read as the caller, with the caller's permission, before the command is decided. Source: Lambda API reference,
// FunctionCode.

import type { BlobBody } from '#cell/objects-door.ts';
import type { PrepareIo } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { codeTooLarge, notAvailable, objectNotRead } from './errors.ts';
import { UNZIPPED_BYTES_MAX } from './limits.ts';

interface ObjectReference {
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
}

export function codeFromObject(object: ObjectReference, io: PrepareIo): Promise<Uint8Array | Refused> {
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: VersionId } = object;
  if (io.ask === undefined) return Promise.resolve(refuse(notAvailable('Code.S3Bucket')));
  const input = { Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) };
  return io.ask('s3', 'GetObject', input).then((reply) => {
    if (isRefused(reply)) return refuse(objectNotRead(reply.refused));
    const { Body: body } = reply.output as { readonly Body: BlobBody };
    return body.bytes > UNZIPPED_BYTES_MAX ? refuse(codeTooLarge(UNZIPPED_BYTES_MAX)) : readBody(body, io);
  });
}

const GONE = { code: 'NoSuchKey', message: 'The specified key does not exist.' };

/** Piece by piece, into one array. */
function readBody({ parts, bytes }: BlobBody, { blobs }: PrepareIo): Promise<Uint8Array | Refused> {
  const whole = new Uint8Array(bytes);
  let filled = 0;
  let reading: Promise<boolean> = Promise.resolve(true);
  for (const { blob, from, to } of parts) {
    const at = filled;
    filled += to - from;
    reading = reading.then((isComplete) =>
      blobs.open(blob).then((reader) => {
        // Deleted since it was found.
        if (reader === undefined) return false;
        return reader
          .read(from, to)
          .then((piece) => {
            whole.set(piece, at);
            return isComplete;
          })
          .finally(() => reader.close());
      }),
    );
  }
  return reading.then((isComplete) => (isComplete ? whole : refuse(objectNotRead(GONE))));
}
