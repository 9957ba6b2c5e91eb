// UploadPart: one part of an upload; the same number again takes the place of the one before.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { UploadPartInput, UploadPartOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { deleteBlobs } from '../blobs.ts';
import { digestThen } from '../digesting.ts';
import { checksumTypeMismatch, entityTooLarge, headerNotAvailable } from '../errors.ts';
import { PartUploaded } from '../facts.ts';
import { type FoundUpload, findUpload, readPartNumber } from '../find-upload.ts';
import { SINGLE_BYTES_MAX } from '../limits.ts';
import { shownPartChecksums } from '../part-checksums.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State, S3Turn } from '../state.ts';
import { emptyBlobOf, type TakenBody, takeBody, type WithStoredBody } from '../stored-body.ts';

type Input = WithStoredBody<UploadPartInput>;

export const uploadPart = operation<S3State, Input, UploadPartOutput>({
  authorize: onObject<Input>('PutObject', () => ({ ObjectCreationOperation: false })),
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
    const { upload } = found;
    if (input.SSECustomerAlgorithm !== undefined) {
      const header = 'x-amz-server-side-encryption-customer-algorithm';
      return refuse(headerNotAvailable(header, input.SSECustomerAlgorithm));
    }
    const body = takeBody(input.Body);
    if (isRefused(body)) return body;
    if (body.bytes > SINGLE_BYTES_MAX) return refuse(entityTooLarge(body.bytes, SINGLE_BYTES_MAX));
    const wanted = upload.checksumAlgorithm;
    if (wanted === undefined || body.checksums?.[wanted] !== undefined) {
      return { output: take(turn, found, { number, body, emptyBlob: emptyBlobOf(input.Body) }) };
    }
    if (body.isChecksumClaimed || upload.checksumType === 'COMPOSITE') {
      const [actual] = body.isChecksumClaimed ? Object.keys(body.checksums ?? {}) : [];
      return refuse(checksumTypeMismatch(wanted.toLowerCase(), actual?.toLowerCase() ?? 'null'));
    }
    // AWS: of an upload with a checksum of the full object parts may come without; S3 computes theirs.
    return digestThen(turn, body.pieces, {
      algorithms: [wanted],
      decide: (later, { checksums }) =>
        takeLater(later, input, { number, body: { ...body, checksums }, emptyBlob: emptyBlobOf(input.Body) }),
    });
  },
});

interface Taken {
  readonly number: number;
  readonly body: TakenBody;
  readonly emptyBlob?: string | undefined;
}

/** Once the bytes were read: the upload may be over by now. */
function takeLater(turn: S3Turn, input: Input, taken: Taken): { output: UploadPartOutput } | Refused {
  const found = findUpload(turn, input);
  return isRefused(found) ? found : { output: take(turn, found, taken) };
}

function take(turn: S3Turn, { bucket, upload }: FoundUpload, { number, body, emptyBlob }: Taken): UploadPartOutput {
  const { pieces, bytes, md5, checksums } = body;
  const uploaded = { bucket: bucket.id, uploadId: upload.uploadId, number, atMs: turn.nowMs };
  turn.record(PartUploaded, { ...uploaded, pieces, bytes, md5, checksums });
  if (emptyBlob !== undefined) deleteBlobs(turn, [emptyBlob]);
  return withoutMissing({
    ETag: `"${md5}"`,
    ...shownPartChecksums(checksums),
    ServerSideEncryption: upload.headers?.encryption,
  });
}
