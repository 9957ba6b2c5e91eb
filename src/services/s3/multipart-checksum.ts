// The checksum of an object made of parts. AWS: S3 user guide, "Checking object integrity in Amazon S3", "Full object and composite checksum
// types": CRC-64/NVME covers the full object only, the other CRCs may be either and are composite unless asked otherwise, all others are
// composite only. Texts: replies of AWS recorded in the cross-compatibility tests of OpenStack Swift.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { joinBytes } from '#base/bytes.ts';
import { combineCrc, crcOf } from '#base/crc.ts';
import type { Digest } from '#base/digest.ts';
import { XxHash3 } from '#base/xxhash3.ts';
import { XxHash64 } from '#base/xxhash64.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  isChecksumAlgorithm,
  unsupportedChecksumText,
} from '#model/checksum.ts';
import { invalidRequest } from './errors.ts';

export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

const FULL_OBJECT: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME'];
const COMPOSITE = CHECKSUM_ALGORITHMS.filter((algorithm) => algorithm !== 'CRC64NVME');

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
}

/** What a multipart upload was begun with. */
export function readUploadChecksum(input: {
  readonly ChecksumAlgorithm?: string | undefined;
  readonly ChecksumType?: string | undefined;
}): UploadChecksum | undefined | Refused {
  const { ChecksumAlgorithm: asked, ChecksumType: type } = input;
  if (type !== undefined && type !== 'COMPOSITE' && type !== 'FULL_OBJECT') return refuse(invalidType());
  if (asked === undefined) return type === undefined ? undefined : refuse(typeWithoutAlgorithm());
  const algorithm = readAlgorithm(asked, type === 'FULL_OBJECT' ? FULL_OBJECT : COMPOSITE);
  if (typeof algorithm !== 'string') return algorithm;
  const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const isPossible = (type === 'FULL_OBJECT' ? FULL_OBJECT : COMPOSITE).includes(algorithm);
  if (type === undefined || isPossible) return { algorithm, type: type ?? usual };
  const text = `The ${type} checksum type cannot be used with the ${asked.toLowerCase()} checksum algorithm.`;
  return refuse(invalidRequest(text));
}

/** In any case, as AWS takes it. `possible` stands in the refusal. */
export function readAlgorithm(
  asked: string,
  possible: readonly ChecksumAlgorithm[] = CHECKSUM_ALGORITHMS,
): ChecksumAlgorithm | Refused {
  const algorithm = asked.toUpperCase();
  if (isChecksumAlgorithm(algorithm)) return algorithm;
  if (asked.includes(','))
    return refuse(invalidRequest('Invalid types are specified in x-amz-checksum-algorithm header.'));
  return refuse(invalidRequest(unsupportedChecksumText(possible)));
}

const typeWithoutAlgorithm = (): AwsError =>
  invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
export const invalidType = (): AwsError => invalidRequest('Value for x-amz-checksum-type header is invalid.');

export interface PartChecksum {
  readonly bytes: number;
  /** Base64. */
  readonly checksum: string;
}

/** Base64; a composite one ends with the number of its parts. */
export function checksumOfParts(
  digest: Digest,
  { algorithm, type }: UploadChecksum,
  parts: readonly PartChecksum[],
): string {
  const sums = parts.map(({ bytes, checksum }) => ({ bytes, crc: base64Decode(checksum) ?? new Uint8Array(0) }));
  if (type === 'FULL_OBJECT') return fullChecksum(algorithm as Parameters<typeof combineCrc>[0], sums);
  const joined = joinBytes(sums.map(({ crc }) => crc));
  return `${base64Encode(hashed(digest, algorithm, joined))}-${parts.length}`;
}

function fullChecksum(
  algorithm: Parameters<typeof combineCrc>[0],
  sums: readonly { readonly bytes: number; readonly crc: Uint8Array }[],
): string {
  let whole: Uint8Array | undefined;
  for (const sum of sums) whole = whole === undefined ? sum.crc : combineCrc(algorithm, whole, sum);
  return base64Encode(whole ?? new Uint8Array(0));
}

function hashed(digest: Digest, algorithm: ChecksumAlgorithm, bytes: Uint8Array): Uint8Array {
  switch (algorithm) {
    case 'CRC32':
    case 'CRC32C':
      return crcOf(algorithm, bytes);
    case 'CRC64NVME':
      throw new Error('a CRC-64/NVME is never composite');
    case 'MD5':
      return fromHex(digest.md5Hex(bytes));
    case 'SHA1':
      return digest.sha1(bytes);
    case 'SHA256':
      return digest.sha256(bytes);
    case 'SHA512':
      return digest.sha512(bytes);
    case 'XXHASH64':
      return updated(new XxHash64(), bytes);
    case 'XXHASH3':
      return updated(new XxHash3(64), bytes);
    case 'XXHASH128':
      return updated(new XxHash3(128), bytes);
  }
}

function updated(hash: XxHash64 | XxHash3, bytes: Uint8Array): Uint8Array {
  hash.update(bytes);
  return hash.digest();
}

/** AWS: "The ETag … is the MD5 digest of the concatenation of the MD5 digests of the parts", and their number. */
export function eTagOfParts(digest: Digest, md5s: readonly string[]): string {
  return `${digest.md5Hex(joinBytes(md5s.map(fromHex)))}-${md5s.length}`;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}
