// The list of parts with which an upload is completed, held against what was uploaded. Order of checks: order, existence, sizes, checksums.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { CompletedPart as AskedPart } from '#wire/generated/s3.ts';
import { entityTooSmall, invalidPart, invalidPartOrder, invalidRequest, malformedXml } from './errors.ts';
import { PART_BYTES_MIN, PARTS_MAX } from './limits.ts';
import type { Upload, UploadedPart } from './state.ts';

export function readParts(upload: Upload, asked: readonly AskedPart[] | undefined): readonly UploadedPart[] | Refused {
  if (asked === undefined || asked.length === 0 || asked.length > PARTS_MAX) return refuse(malformedXml());
  const numbers = asked.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, at) => at > 0 && number <= (numbers[at - 1] as number))) {
    return refuse(invalidPartOrder(upload.uploadId));
  }
  const parts: UploadedPart[] = [];
  for (const part of asked) {
    const found = upload.parts.get(part.PartNumber ?? 0);
    const problem = partProblem(upload, part, found);
    if (problem !== undefined) return refuse(problem);
    parts.push(found as UploadedPart);
  }
  const small = parts.find(({ bytes }, at) => bytes < PART_BYTES_MIN && at < parts.length - 1);
  return small === undefined ? parts : refuse(entityTooSmall(small.number, small.bytes, small.md5, PART_BYTES_MIN));
}

function partProblem(upload: Upload, asked: AskedPart, found: UploadedPart | undefined): AwsError | undefined {
  const { PartNumber: number = 0, ETag = '' } = asked;
  const eTag = ETag.replace(/^"(.*)"$/, '$1');
  if (found === undefined || found.md5 !== eTag) return invalidPart(number, eTag, upload.uploadId);
  for (const [algorithm, checksum] of Object.entries(found.checksums ?? {})) {
    const claimed = (asked as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`];
    if (claimed !== undefined && claimed !== checksum) return invalidPart(number, eTag, upload.uploadId);
  }
  const { checksumAlgorithm: algorithm, checksumType } = upload;
  const isMissing =
    algorithm !== undefined &&
    checksumType === 'COMPOSITE' &&
    (asked as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`] === undefined;
  return isMissing ? missingChecksum(algorithm, number) : undefined;
}

/** AWS's text, as recorded in public issues of SDKs. */
function missingChecksum(algorithm: string, part: number): AwsError {
  const name = algorithm.toLowerCase();
  return invalidRequest(
    `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${part} in the request.`,
  );
}
