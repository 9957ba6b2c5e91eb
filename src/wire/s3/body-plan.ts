// What the head of an upload says about its body: how it is coded, how long it is, and with which digests it must agree. All that can be
// refused from the head alone is refused here, before a byte is taken. AWS: S3 user guide, "Checking object integrity in Amazon S3".

import { base64Decode } from '#base/base64.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { WireRequest } from '../http-message.ts';
import * as refusals from './refusals.ts';
import { contentHashOf, contentHashProblem } from './signature.ts';

export type ChecksumName = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** By header suffix: name and bytes of the value. */
const CHECKSUMS: ReadonlyMap<string, { readonly name: ChecksumName; readonly bytes: number }> = new Map([
  ['crc32', { name: 'CRC32', bytes: 4 }],
  ['crc32c', { name: 'CRC32C', bytes: 4 }],
  ['crc64nvme', { name: 'CRC64NVME', bytes: 8 }],
  ['sha1', { name: 'SHA1', bytes: 20 }],
  ['sha256', { name: 'SHA256', bytes: 32 }],
]);
const PREFIX = 'x-amz-checksum-';
/** Headers that begin alike and hold no checksum. */
const NO_CHECKSUMS: ReadonlySet<string> = new Set([
  'x-amz-checksum-type',
  'x-amz-checksum-mode',
  'x-amz-checksum-algorithm',
]);
/** AWS: "The maximum size of a single PUT is 5 GB", of a part too. */
export const UPLOAD_BYTES_MAX = 5 * 2 ** 30;

export interface BodyPlan {
  readonly isChunked: boolean;
  /** Each chunk carries a signature. */
  readonly hasSignedChunks: boolean;
  /** Of the object. */
  readonly bytes: number;
  /** Lower-case hex, claimed by the signature. */
  readonly sha256: string | undefined;
  /** Base64. */
  readonly md5: string | undefined;
  /** What is computed and kept. AWS computes CRC64NVME where the client named nothing. */
  readonly checksum: ChecksumName;
  /** Base64, when it stood in the head. */
  readonly claimed: string | undefined;
  /** Header in which the claim will follow the body. */
  readonly trailer: string | undefined;
}

export interface AnnouncedLength {
  readonly announcedBytes: number | undefined;
  readonly isAbsent: boolean;
}

export function readBodyPlan(
  request: Pick<WireRequest, 'headers' | 'query'>,
  length: AnnouncedLength,
): BodyPlan | Refused {
  const { headers } = request;
  const hash = contentHashOf(request);
  const wrong = hash === undefined ? undefined : contentHashProblem(hash);
  if (wrong !== undefined) return refuse(wrong);
  const isChunked = hash?.startsWith('STREAMING-') === true || isCodedInChunks(headers);
  const bytes = bytesOf(headers, length, isChunked);
  if (bytes === undefined) return refuse(refusals.missingContentLength());
  if (bytes > UPLOAD_BYTES_MAX) return refuse(refusals.entityTooLarge(bytes, UPLOAD_BYTES_MAX));
  const md5 = headers['content-md5'];
  if (md5 !== undefined && base64Decode(md5)?.length !== 16) return refuse(refusals.invalidDigest(md5));
  const checksum = readChecksum(headers);
  if ('code' in checksum) return refuse(checksum);
  return {
    isChunked,
    hasSignedChunks: hash?.startsWith('STREAMING-AWS4-') === true,
    bytes,
    sha256: hash !== undefined && /^[0-9a-fA-F]{64}$/.test(hash) ? hash.toLowerCase() : undefined,
    md5,
    ...checksum,
  };
}

type Headers = WireRequest['headers'];

export function isCodedInChunks(headers: Headers): boolean {
  return headers['content-encoding']?.toLowerCase().includes('aws-chunked') === true;
}

/** What is left of Content-Encoding for the object: AWS keeps it "without aws-chunked". */
export function storedEncodingOf(contentEncoding: string): string | undefined {
  const kept = contentEncoding
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each.toLowerCase() !== 'aws-chunked');
  return kept.length === 0 ? undefined : kept.join(',');
}

function bytesOf(
  headers: Headers,
  { announcedBytes, isAbsent }: AnnouncedLength,
  isChunked: boolean,
): number | undefined {
  if (!isChunked) return isAbsent ? undefined : announcedBytes;
  const decoded = headers['x-amz-decoded-content-length'];
  return decoded !== undefined && /^\d{1,15}$/.test(decoded) ? Number(decoded) : undefined;
}

type ChecksumPlan = Pick<BodyPlan, 'checksum' | 'claimed' | 'trailer'>;

function readChecksum(headers: Headers): ChecksumPlan | AwsError {
  const algorithm = headers['x-amz-sdk-checksum-algorithm'];
  if (algorithm !== undefined && !CHECKSUMS.has(algorithm.toLowerCase())) return refusals.unsupportedChecksum();
  const trailer = headers['x-amz-trailer']?.trim().toLowerCase();
  const names = Object.keys(headers).filter((name) => name.startsWith(PREFIX) && !NO_CHECKSUMS.has(name));
  if (names.length + (trailer === undefined ? 0 : 1) > 1) return refusals.severalChecksums();
  if (trailer !== undefined) {
    const known = trailer.startsWith(PREFIX) ? CHECKSUMS.get(trailer.slice(PREFIX.length)) : undefined;
    return known === undefined ? refusals.invalidTrailer() : { checksum: known.name, claimed: undefined, trailer };
  }
  const [name] = names;
  if (name === undefined) {
    if (algorithm !== undefined) return refusals.announcedChecksumMissing();
    return { checksum: 'CRC64NVME', claimed: undefined, trailer: undefined };
  }
  const known = CHECKSUMS.get(name.slice(PREFIX.length));
  if (known === undefined) return refusals.unsupportedChecksum();
  const claimed = headers[name] ?? '';
  if (!isChecksumValue(known.name, claimed)) return refusals.invalidChecksum(name);
  return { checksum: known.name, claimed, trailer: undefined };
}

export function isChecksumValue(name: ChecksumName, text: string): boolean {
  const known = CHECKSUMS.get(name.toLowerCase());
  return known !== undefined && base64Decode(text)?.length === known.bytes;
}
