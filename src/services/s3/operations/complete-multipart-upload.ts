// CompleteMultipartUpload: the parts become the object, without a byte being copied.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { CompleteMultipartUploadInput, CompleteMultipartUploadOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { compositeProblem, headersProblem, wholeProblem } from '../claimed-checksums.ts';
import { findParts, readList } from '../completed-parts.ts';
import { answerAgain, shownCompletion } from '../completion-answer.ts';
import { writeProblem } from '../conditions.ts';
import { conditionalConflict, entityTooLarge, invalidRequest } from '../errors.ts';
import { type FoundUpload, findUpload } from '../find-upload.ts';
import { OBJECT_BYTES_MAX } from '../limits.ts';
import { checksumOfParts, eTagOfParts } from '../multipart-checksum.ts';
import type { Checksums, ObjectVersion, S3State, S3Turn, Upload, UploadedPart } from '../state.ts';
import { findNewest } from '../versions.ts';
import { writeObject } from '../write-object.ts';

type Input = CompleteMultipartUploadInput;
type Output = CompleteMultipartUploadOutput;

export const completeMultipartUpload = operation<S3State, Input, Output>({
  authorize: onObject<Input>('PutObject', ({ IfMatch, IfNoneMatch }) => ({
    ObjectCreationOperation: true,
    'if-match': IfMatch,
    'if-none-match': IfNoneMatch,
  })),
  decide(turn, input): Reply<Output> {
    const found = findUpload(turn, input);
    if (isRefused(found)) return answerAgain(turn, input) ?? found;
    const { contents, upload } = found;
    const asked = readList(upload, input.MultipartUpload?.Parts);
    if (isRefused(asked)) return asked;
    const claimed = headersProblem(upload, input) ?? compositeProblem(turn.digest, upload, { input, asked });
    if (claimed !== undefined) return refuse(claimed);
    const parts = findParts(upload, asked);
    if (isRefused(parts)) return parts;
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const checksums = checksumsOf(turn, upload, parts);
    const problem =
      sizeProblem(input, bytes) ??
      checksumProblem(input, checksums) ??
      writeProblem(findNewest(contents, upload.key), input) ??
      conflictProblem(findNewest(contents, upload.key), upload, input);
    if (problem !== undefined) return refuse(problem);
    return { output: complete(turn, found, { parts, bytes, checksums }) };
  },
});

interface Completion {
  readonly parts: readonly UploadedPart[];
  readonly bytes: number;
  readonly checksums: Checksums | undefined;
}

function complete(turn: S3Turn, { bucket, upload }: FoundUpload, { parts, bytes, checksums }: Completion): Output {
  const eTag = eTagOfParts(
    turn.digest,
    parts.map(({ md5 }) => md5),
  );
  const { key, uploadId, headers, tags } = upload;
  const { versionId, expiration } = writeObject(turn, bucket, {
    key,
    pieces: parts.flatMap(({ body }) => body),
    bytes,
    eTag,
    checksums,
    headers,
    tags,
    parts: parts.map((part) => ({
      number: part.number,
      bytes: part.bytes,
      ...(upload.checksumAlgorithm === undefined || part.checksums === undefined ? {} : { checksums: part.checksums }),
    })),
    isComposite: upload.checksumType === 'COMPOSITE' ? true : undefined,
    uploadId,
    by: 'CompleteMultipartUpload',
  });
  return shownCompletion(turn, bucket, {
    key,
    eTag,
    checksums,
    checksumType: checksums === undefined ? undefined : (upload.checksumType ?? 'FULL_OBJECT'),
    encryption: headers?.encryption,
    versionId,
    expiration,
  });
}

function sizeProblem({ MpuObjectSize }: Input, bytes: number): AwsError | undefined {
  if (bytes > OBJECT_BYTES_MAX) return entityTooLarge(bytes, OBJECT_BYTES_MAX);
  if (MpuObjectSize === undefined || MpuObjectSize === bytes) return undefined;
  const text = `The provided 'x-amz-mp-object-size' header value ${MpuObjectSize} does not match what was computed: ${bytes}`;
  return invalidRequest(text);
}

/** AWS: what was written since the upload began is not what the client has seen, whatever its ETag says. */
function conflictProblem(newest: ObjectVersion | undefined, upload: Upload, { IfMatch }: Input): AwsError | undefined {
  const isLater = newest !== undefined && newest.atMs > upload.atMs;
  return IfMatch !== undefined && isLater ? conditionalConflict('If-Match', upload.key) : undefined;
}

/** AWS: without an algorithm of the client's the object has the CRC-64/NVME of its bytes; it follows from those of the parts where they have one. */
function checksumsOf(turn: S3Turn, upload: Upload, parts: readonly UploadedPart[]): Checksums | undefined {
  const isCovered = parts.every(({ checksums }) => checksums?.CRC64NVME !== undefined);
  const algorithm = upload.checksumAlgorithm ?? (isCovered ? 'CRC64NVME' : undefined);
  if (algorithm === undefined) return undefined;
  const type = upload.checksumType ?? 'FULL_OBJECT';
  const sums = parts.map(({ bytes, checksums }) => ({ bytes, checksum: checksums?.[algorithm] ?? '' }));
  return { [algorithm]: checksumOfParts(turn.digest, { algorithm, type }, sums) };
}

function checksumProblem(input: Input, checksums: Checksums | undefined): AwsError | undefined {
  for (const [algorithm, checksum] of Object.entries(checksums ?? {})) {
    const problem = wholeProblem(input, algorithm as ChecksumAlgorithm, checksum);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
