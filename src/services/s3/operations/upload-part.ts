// UploadPart: one part of an upload; the same number again takes the place of the one before.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UploadPartInput, UploadPartOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { deleteBlobs } from '../blobs.ts';
import { checksumTypeMismatch, entityTooLarge, headerNotAvailable } from '../errors.ts';
import { PartUploaded } from '../facts.ts';
import { findUpload, readPartNumber } from '../find-upload.ts';
import { SINGLE_BYTES_MAX } from '../limits.ts';
import { namedChecksums, withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { emptyBlobOf, takeBody, type WithStoredBody } from '../stored-body.ts';

type Input = WithStoredBody<UploadPartInput>;

export const uploadPart = operation<S3State, Input, UploadPartOutput>({
  authorize: onObject<Input>('PutObject'),
  admit(turn, input) {
    const number = readPartNumber(input.PartNumber);
    if (isRefused(number)) return number.refused;
    const found = findUpload(turn, input);
    return isRefused(found) ? found.refused : undefined;
  },
  decide(turn, input): Reply<UploadPartOutput> {
    const number = readPartNumber(input.PartNumber);
    if (isRefused(number)) return number;
    const found = findUpload(turn, input);
    if (isRefused(found)) return found;
    const { bucket, upload } = found;
    if (input.SSECustomerAlgorithm !== undefined) {
      const header = 'x-amz-server-side-encryption-customer-algorithm';
      return refuse(headerNotAvailable(header, input.SSECustomerAlgorithm));
    }
    const body = takeBody(input.Body);
    if (isRefused(body)) return body;
    if (body.bytes > SINGLE_BYTES_MAX) return refuse(entityTooLarge(body.bytes, SINGLE_BYTES_MAX));
    const wanted = upload.checksumAlgorithm;
    if (wanted !== undefined && body.checksums?.[wanted] === undefined) {
      const [actual = 'null'] = Object.keys(body.checksums ?? {});
      return refuse(checksumTypeMismatch(wanted.toLowerCase(), actual.toLowerCase()));
    }
    const { pieces, bytes, md5, checksums } = body;
    const uploaded = { bucket: bucket.id, uploadId: upload.uploadId, number, atMs: turn.nowMs };
    turn.record(PartUploaded, { ...uploaded, pieces, bytes, md5, checksums });
    const empty = emptyBlobOf(input.Body);
    if (empty !== undefined) deleteBlobs(turn, [empty]);
    return {
      output: withoutMissing({
        ETag: `"${md5}"`,
        ...namedChecksums(checksums),
        ServerSideEncryption: upload.headers?.encryption,
      }),
    };
  },
});
