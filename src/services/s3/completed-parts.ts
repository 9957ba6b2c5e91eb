// The list of parts with which an upload is completed, held against what was uploaded. Order of checks: order, checksums in the list, existence, sizes.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { CompletedPart as AskedPart } from '#wire/generated/s3.ts';
import { claimsOf, listedProblem } from './claimed-checksums.ts';
import { entityTooSmall, invalidPart, invalidPartOrder, malformedXml } from './errors.ts';
import { PART_BYTES_MIN, PARTS_MAX } from './limits.ts';
import type { Upload, UploadedPart } from './state.ts';

/** What can be said of the list alone. */
export function readList(upload: Upload, asked: readonly AskedPart[] | undefined): readonly AskedPart[] | Refused {
  if (asked === undefined || asked.length === 0 || asked.length > PARTS_MAX) return refuse(malformedXml());
  const numbers = asked.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, at) => at > 0 && number <= (numbers[at - 1] as number))) {
    return refuse(invalidPartOrder(upload.uploadId));
  }
  const problem = listedProblem(upload, asked);
  return problem === undefined ? asked : refuse(problem);
}

export function findParts(upload: Upload, asked: readonly AskedPart[]): readonly UploadedPart[] | Refused {
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
  const isThere = found !== undefined && found.md5 === eTag;
  const isSame = isThere && claimsOf(asked).every(([algorithm, value]) => found.checksums?.[algorithm] === value);
  return isSame ? undefined : invalidPart(number, eTag, upload.uploadId);
}
