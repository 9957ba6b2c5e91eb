// What the completion of an upload claims about checksums: of each part in its list, and of the whole in its headers. Order of checks, codes
// and texts: replies of AWS recorded in the cross-compatibility tests of OpenStack Swift, and in those of the Versity gateway.

import type { Digest } from '#base/digest.ts';
import type { AwsError } from '#model/aws-error.ts';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, isChecksumValue } from '#model/checksum.ts';
import type { CompletedPart as AskedPart, CompleteMultipartUploadInput as Input } from '#wire/generated/s3.ts';
import { badPartDigest, badWholeDigest, checksumTypeMismatch, invalidArgument, invalidRequest } from './errors.ts';
import { checksumOfParts, invalidType } from './multipart-checksum.ts';
import type { Upload } from './state.ts';

type Claim = readonly [ChecksumAlgorithm, string];

export function claimsOf(members: object): readonly Claim[] {
  const claims: Claim[] = [];
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = (members as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`];
    if (typeof value === 'string') claims.push([algorithm, value]);
  }
  return claims;
}

/** From the list alone, whatever was uploaded. */
export function listedProblem(upload: Upload, asked: readonly AskedPart[]): AwsError | undefined {
  const { checksumAlgorithm: wanted, checksumType } = upload;
  for (const part of asked) {
    const claims = claimsOf(part);
    const [first] = claims;
    const number = part.PartNumber ?? 0;
    if (claims.length > 1 || (first !== undefined && !isChecksumValue(...first))) return unreadable(claims);
    if (wanted === undefined) continue;
    if (first !== undefined && first[0] !== wanted) return badPartDigest(first[0], number);
    if (first === undefined && checksumType === 'COMPOSITE') return missingChecksum(wanted, number);
  }
  return undefined;
}

/** Checksum and type of the whole, as the headers have them. */
export function headersProblem(upload: Upload, input: Input): AwsError | undefined {
  const { checksumAlgorithm: wanted, checksumType = 'FULL_OBJECT' } = upload;
  const { ChecksumType: asked } = input;
  if (asked !== undefined && asked !== 'COMPOSITE' && asked !== 'FULL_OBJECT') return invalidType();
  if (asked !== undefined && asked !== checksumType) return otherMode(checksumType);
  const claims = claimsOf(input);
  if (claims.length > 1) {
    return invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  for (const [algorithm, value] of claims) {
    const name = algorithm.toLowerCase();
    const isReadable = isChecksumValue(
      algorithm,
      checksumType === 'COMPOSITE' ? value.replace(/-\d{1,5}$/, '') : value,
    );
    if (!isReadable) return invalidRequest(`Value for x-amz-checksum-${name} header is invalid.`);
    if (wanted !== undefined && wanted !== algorithm) return checksumTypeMismatch(wanted.toLowerCase(), name);
  }
  return undefined;
}

/** AWS computes a composite one from the list and compares it before it looks for the parts. */
export function compositeProblem(
  digest: Digest,
  upload: Upload,
  { input, asked }: { readonly input: Input; readonly asked: readonly AskedPart[] },
): AwsError | undefined {
  const { checksumAlgorithm: algorithm, checksumType } = upload;
  if (algorithm === undefined || checksumType !== 'COMPOSITE') return undefined;
  const sums = asked.map((part) => ({ bytes: 0, checksum: claimsOf(part)[0]?.[1] ?? '' }));
  return wholeProblem(input, algorithm, checksumOfParts(digest, { algorithm, type: 'COMPOSITE' }, sums));
}

/** Whether the whole has the checksum that the headers claim; of a composite one they may leave the number of parts out. */
export function wholeProblem(input: Input, algorithm: ChecksumAlgorithm, checksum: string): AwsError | undefined {
  const claim = claimsOf(input).find(([claimed]) => claimed === algorithm);
  if (claim === undefined || claim[1] === checksum || checksum.startsWith(`${claim[1]}-`)) return undefined;
  return badWholeDigest(algorithm);
}

const unreadable = (claims: readonly Claim[]): AwsError =>
  invalidArgument(
    'Checksum',
    claims.map(([algorithm, value]) => `${algorithm}:${value};`).join(''),
    'Invalid Base64 or multiple checksums present in request',
  );

function missingChecksum(algorithm: ChecksumAlgorithm, part: number): AwsError {
  const name = algorithm.toLowerCase();
  return invalidRequest(
    `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${part} in the request.`,
  );
}

const otherMode = (mode: string): AwsError =>
  invalidRequest(
    `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
  );
