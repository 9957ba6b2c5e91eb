// UploadPartCopy: a part out of an object that is here already. Its bytes are shared, and read once for the part's ETag.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { UploadPartCopyInput, UploadPartCopyOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { type FoundSource, findSource, sourceRequest } from '../copy-source.ts';
import { type Digested, digestThen } from '../digesting.ts';
import { copyTooLarge, headerNotAvailable, invalidArgument, invalidRequest } from '../errors.ts';
import { PartUploaded } from '../facts.ts';
import { findUpload, readPartNumber } from '../find-upload.ts';
import { SINGLE_BYTES_MAX } from '../limits.ts';
import type { ByteRange } from '../ranges.ts';
import { namedChecksums, withoutMissing } from '../shown-object.ts';
import type { Piece, S3State, S3Turn } from '../state.ts';
import { piecesOf, slicePieces } from '../versions.ts';

type Input = UploadPartCopyInput;
type Output = UploadPartCopyOutput;

export const uploadPartCopy = operation<S3State, Input, Output>({
  authorize(turn, input) {
    const source = sourceRequest(turn, input);
    if (source !== undefined && 'code' in source) return source;
    const target = onObject<Input>('PutObject', () => ({ ObjectCreationOperation: false }))(turn, input);
    if (target === undefined || 'code' in target) return target;
    return source === undefined ? target : [source, target];
  },
  decide(turn, input): Reply<Output> {
    const number = readPartNumber(input.PartNumber);
    if (isRefused(number)) return number;
    const found = findUpload(turn, input);
    if (isRefused(found)) return found;
    if (input.SSECustomerAlgorithm !== undefined) {
      const header = 'x-amz-server-side-encryption-customer-algorithm';
      return refuse(headerNotAvailable(header, input.SSECustomerAlgorithm));
    }
    const source = findSource(turn, input);
    if (isRefused(source)) return source;
    const range = readRange(input.CopySourceRange, source.version.bytes);
    if (isRefused(range)) return range;
    if (range.to - range.from > SINGLE_BYTES_MAX) return refuse(copyTooLarge(SINGLE_BYTES_MAX));
    const pieces = slicePieces(piecesOf(source.version), range.from, range.to);
    const { checksumAlgorithm } = found.upload;
    return digestThen(turn, pieces, {
      algorithms: [checksumAlgorithm ?? 'CRC64NVME'],
      decide: (later, digested) => take(later, input, { number, source, pieces, digested }),
    });
  },
});

/** AWS: `bytes=first-last`, both given, both inside the source. */
function readRange(header: string | undefined, bytes: number): ByteRange | Refused {
  if (header === undefined) return { from: 0, to: bytes };
  const found = /^bytes=(\d+)-(\d+)$/.exec(header);
  if (found === null || Number(found[1]) > Number(found[2])) {
    const text =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
    return refuse(invalidArgument('x-amz-copy-source-range', header, text));
  }
  const to = Number(found[2]) + 1;
  if (to <= bytes) return { from: Number(found[1]), to };
  if (Number(found[1]) >= bytes) {
    return refuse(invalidRequest('The specified copy range is invalid for the source object size'));
  }
  const text = `Range specified is not valid for source object of size: ${bytes}`;
  return refuse(invalidArgument('x-amz-copy-source-range', header, text));
}

interface Taken {
  readonly number: number;
  readonly source: FoundSource;
  readonly pieces: readonly Piece[];
  readonly digested: Digested;
}

/** Once the bytes were read: the upload may be over by now. */
function take(turn: S3Turn, input: Input, { number, source, pieces, digested }: Taken): { output: Output } | Refused {
  const found = findUpload(turn, input);
  if (isRefused(found)) return found;
  const { bucket, upload } = found;
  const { md5, checksums } = digested;
  turn.record(PartUploaded, {
    bucket: bucket.id,
    uploadId: upload.uploadId,
    number,
    atMs: turn.nowMs,
    pieces,
    bytes: pieces.reduce((sum, { from, to }) => sum + to - from, 0),
    md5,
    checksums: Object.keys(checksums).length === 0 ? undefined : checksums,
  });
  return {
    output: withoutMissing({
      CopySourceVersionId: source.doc.versioning === undefined ? undefined : source.version.versionId || 'null',
      CopyPartResult: {
        ETag: `"${md5}"`,
        LastModified: turn.nowMs,
        ...(upload.checksumAlgorithm === undefined ? {} : namedChecksums(checksums)),
      },
      ServerSideEncryption: upload.headers?.encryption,
    }),
  };
}
