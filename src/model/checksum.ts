// The kinds of checksums that S3 keeps of an object. AWS: S3 user guide, "Checking object integrity in Amazon S3", "Using supported checksum
// algorithms"; MD5, SHA-512 and the xxHash kinds since April 2026.

import { base64Decode } from '#base/base64.ts';

/** Bytes of a value. In base64, most significant byte first, as xxHash's canonical form and the CRCs have it too. */
const CHECKSUM_BYTES = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  MD5: 16,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  XXHASH128: 16,
  XXHASH3: 8,
  XXHASH64: 8,
};

export type ChecksumAlgorithm = keyof typeof CHECKSUM_BYTES;

export const CHECKSUM_ALGORITHMS = Object.keys(CHECKSUM_BYTES) as readonly ChecksumAlgorithm[];

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return Object.hasOwn(CHECKSUM_BYTES, name);
}

/** Whether a text is base64 of as many bytes as the kind has. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, text: string): boolean {
  return base64Decode(text)?.length === CHECKSUM_BYTES[algorithm];
}

/** AWS's text; the kinds that it lists depend on what was asked. */
export function unsupportedChecksumText(possible: readonly ChecksumAlgorithm[]): string {
  return `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${possible.join(', ')}]`;
}
