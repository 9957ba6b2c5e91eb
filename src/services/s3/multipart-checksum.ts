// The checksum of an object made of parts. AWS: S3 user guide, "Checking object integrity in Amazon S3", "Full object and composite checksum
// types": SHA-1 and SHA-256 are composite only, CRC-64/NVME covers the full object only, the other two may be either, and are composite
// unless asked otherwise.

import { base64Decode, base64Encode } from '#base/base64.ts';
import { combineCrc, crcOf } from '#base/crc.ts';
import type { Digest } from '#base/digest.ts';
import type { ChecksumAlgorithm } from '#cell/objects-door.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { invalidRequest } from './errors.ts';

export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

const TYPES: Readonly<Record<ChecksumAlgorithm, readonly ChecksumType[]>> = {
  CRC32: ['COMPOSITE', 'FULL_OBJECT'],
  CRC32C: ['COMPOSITE', 'FULL_OBJECT'],
  CRC64NVME: ['FULL_OBJECT'],
  SHA1: ['COMPOSITE'],
  SHA256: ['COMPOSITE'],
};

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
}

/** What a multipart upload was begun with. */
export function readUploadChecksum(input: {
  readonly ChecksumAlgorithm?: string | undefined;
  readonly ChecksumType?: string | undefined;
}): UploadChecksum | undefined | Refused {
  const { ChecksumAlgorithm: algorithm, ChecksumType: asked } = input;
  if (algorithm === undefined) return asked === undefined ? undefined : refuse(typeWithoutAlgorithm());
  if (!isAlgorithm(algorithm)) return refuse(unsupportedAlgorithm());
  const type = TYPES[algorithm].find((possible) => possible === (asked ?? possible));
  if (type !== undefined) return { algorithm, type };
  return refuse(invalidRequest(`The ${asked} checksum type cannot be used with the ${algorithm} checksum algorithm.`));
}

export function isAlgorithm(name: string): name is ChecksumAlgorithm {
  return Object.hasOwn(TYPES, name);
}

const typeWithoutAlgorithm = (): AwsError =>
  invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
export const unsupportedAlgorithm = (): AwsError =>
  invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );

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
  if (algorithm === 'SHA1') return digest.sha1(bytes);
  if (algorithm === 'SHA256') return digest.sha256(bytes);
  return crcOf(algorithm === 'CRC32' ? 'CRC32' : 'CRC32C', bytes);
}

/** AWS: "The ETag … is the MD5 digest of the concatenation of the MD5 digests of the parts", and their number. */
export function eTagOfParts(digest: Digest, md5s: readonly string[]): string {
  return `${digest.md5Hex(joinBytes(md5s.map(fromHex)))}-${md5s.length}`;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}

function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
