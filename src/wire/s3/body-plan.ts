// What the head of an upload says about its body: how it is coded, how long it is, and with which digests it must agree. All that can be
// refused from the head alone is refused here, before a byte is taken. AWS: S3 user guide, "Checking object integrity in Amazon S3".

import { base64Decode } from '#base/base64.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { type ChecksumAlgorithm, isChecksumAlgorithm, isChecksumValue } from '#model/checksum.ts';
import type { WireRequest } from '../http-message.ts';
import * as refusals from './refusals.ts';
import { contentHashOf, contentHashProblem } from './signature.ts';

const PREFIX = 'x-amz-checksum-';
const ANNOUNCED = 'x-amz-sdk-checksum-algorithm';
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
  /** Set where only its end tells how long the object is: at most `bytes`, and as long as this allows. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Lower-case hex, claimed by the signature. */
  readonly sha256: string | undefined;
  /** Base64. */
  readonly md5: string | undefined;
  /** What is computed and kept. AWS computes CRC64NVME where the client named nothing. */
  readonly checksum: ChecksumAlgorithm;
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
  // AWS: what is signed as one piece is one, whatever its encoding says.
  const isChunked = hash === undefined ? isCodedInChunks(headers) : hash.startsWith('STREAMING-');
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
  return kept.length === 0 ? undefined : kept.join(', ');
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

/** Order and texts: replies of AWS recorded in the cross-compatibility tests of OpenStack Swift. */
function readChecksum(headers: Headers): ChecksumPlan | AwsError {
  // Commas behind the last one are nothing to AWS.
  const trailers = headers['x-amz-trailer']?.replace(/,+$/, '').split(',') ?? [];
  const [trailer] = trailers.map((name) => name.trim().toLowerCase());
  const names = Object.keys(headers).filter((name) => name.startsWith(PREFIX) && !NO_CHECKSUMS.has(name));
  if (trailers.some((name) => trailerAlgorithm(name) === undefined)) return refusals.invalidTrailer();
  if (names.length > 1 || trailers.length > 1) return refusals.severalChecksums();
  const [name] = names;
  if (name !== undefined && trailer !== undefined) return refusals.checksumAndTrailer();
  const plan = trailer === undefined ? claimedPlan(headers, name) : trailerPlan(trailer);
  if ('code' in plan) return plan;
  const announced = headers[ANNOUNCED];
  if (announced === undefined) return plan;
  if (name === undefined && trailer === undefined) return refusals.announcedChecksumMissing();
  return announced.toUpperCase() === plan.checksum ? plan : refusals.invalidChecksum(ANNOUNCED);
}

function trailerAlgorithm(name: string): ChecksumAlgorithm | undefined {
  const trailer = name.trim().toLowerCase();
  return trailer.startsWith(PREFIX) ? algorithmOf(trailer) : undefined;
}

function trailerPlan(trailer: string): ChecksumPlan | AwsError {
  const checksum = trailerAlgorithm(trailer);
  return checksum === undefined ? refusals.invalidTrailer() : { checksum, claimed: undefined, trailer };
}

/** AWS computes CRC64NVME where the client claims nothing. */
function claimedPlan(headers: Headers, name: string | undefined): ChecksumPlan | AwsError {
  if (name === undefined) return { checksum: 'CRC64NVME', claimed: undefined, trailer: undefined };
  const checksum = algorithmOf(name);
  if (checksum === undefined) return refusals.unknownChecksumHeader();
  const claimed = headers[name] ?? '';
  if (!isChecksumValue(checksum, claimed)) return refusals.invalidChecksum(name);
  return { checksum, claimed, trailer: undefined };
}

function algorithmOf(header: string): ChecksumAlgorithm | undefined {
  const name = header.slice(PREFIX.length).toUpperCase();
  return isChecksumAlgorithm(name) ? name : undefined;
}
