// An object found for reading: by key or version, with the conditions of the request, and what is answered about it.

import { type AwsError, clientError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { BucketDoc } from './bucket.ts';
import { type ReadConditions, readProblem } from './conditions.ts';
import {
  invalidArgument,
  invalidPartNumber,
  invalidRange,
  invalidRequest,
  noSuchKey,
  noSuchVersion,
} from './errors.ts';
import { findBucket, type NamesBucket } from './find-bucket.ts';
import { keyProblem } from './object-headers.ts';
import { type ByteRange, parseRange } from './ranges.ts';
import type { ShownOverrides } from './shown-object.ts';
import type { ObjectVersion, S3Turn } from './state.ts';
import { versionIdProblem } from './version-ids.ts';
import { findNewest, findVersion, heldVersionId, isMarker, shownVersionId } from './versions.ts';

export interface ReadInput extends NamesBucket, ReadConditions, ShownOverrides {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly Range?: string | undefined;
  readonly PartNumber?: number | undefined;
  readonly ChecksumMode?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

export interface ReadObject {
  readonly bucket: BucketDoc;
  readonly version: ObjectVersion;
  /** What of it is asked for; undefined: all. */
  readonly range: ByteRange | undefined;
}

export function readObject(turn: S3Turn, input: ReadInput): ReadObject | Refused {
  if (input.ChecksumMode !== undefined && input.ChecksumMode !== 'ENABLED') {
    return refuse(invalidRequest('Value for x-amz-checksum-mode header is invalid.'));
  }
  // AWS: response headers may be asked for by who signs (recorded: floci #1098).
  if (turn.principal.kind === 'anonymous' && hasOverrides(input)) return refuse(invalidRequest(ANONYMOUS));
  const found = findObject(turn, input);
  if (isRefused(found)) return found;
  const isVersioned = found.bucket.versioning !== undefined;
  const problem = readProblem(found.version, input, { nowMs: turn.nowMs, isVersioned });
  if (problem !== undefined) return refuse(problem);
  const range = rangeOf(found.version, input);
  return isRefused(range) ? range : { ...found, range };
}

const ANONYMOUS = 'Request specific response headers cannot be used for anonymous GET requests.';

function hasOverrides(input: ShownOverrides): boolean {
  const { ResponseCacheControl, ResponseContentDisposition, ResponseContentEncoding } = input;
  const { ResponseContentLanguage, ResponseContentType, ResponseExpires } = input;
  const texts = [ResponseCacheControl, ResponseContentDisposition, ResponseContentEncoding, ResponseContentLanguage];
  return [...texts, ResponseContentType, ResponseExpires].some((each) => each !== undefined);
}

/** Without conditions and ranges. */
export function findObject(
  turn: S3Turn,
  input: NamesBucket & { readonly Key?: string | undefined; readonly VersionId?: string | undefined },
): { readonly bucket: BucketDoc; readonly version: ObjectVersion } | Refused {
  const found = findBucket(turn, input);
  if (isRefused(found)) return found;
  const { Key = '', VersionId } = input;
  const problem = keyProblem(Key) ?? versionIdProblem(VersionId);
  if (problem !== undefined) return refuse(problem);
  const { bucket, contents } = found;
  if (VersionId === undefined) {
    const version = findNewest(contents, Key);
    if (version === undefined) return refuse(noSuchKey(Key));
    return isMarker(version) ? refuse(markedDeleted(Key, version)) : { bucket, version };
  }
  const version = findVersion(contents, Key, heldVersionId(VersionId));
  if (version === undefined) return refuse(noSuchVersion(Key, VersionId));
  return isMarker(version) ? refuse(isDeleteMarker(version)) : { bucket, version };
}

/** AWS, "Working with delete markers": the newest version is one: 404, with headers that say so. */
function markedDeleted(key: string, marker: ObjectVersion): AwsError {
  return { ...noSuchKey(key), headers: markerHeaders(marker) };
}

/** AWS, "Working with delete markers": asked for by its version: 405. */
function isDeleteMarker(marker: ObjectVersion): AwsError {
  const error = clientError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    members: { Method: 'GET', ResourceType: 'DeleteMarker' },
  });
  const headers = { ...markerHeaders(marker), Allow: 'DELETE', 'Last-Modified': new Date(marker.atMs).toUTCString() };
  return { ...error, headers };
}

function markerHeaders(marker: ObjectVersion): Readonly<Record<string, string>> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': shownVersionId(marker) };
}

function rangeOf(version: ObjectVersion, { Range, PartNumber }: ReadInput): ByteRange | undefined | Refused {
  if (PartNumber !== undefined) {
    if (Range !== undefined) return refuse(invalidRangeWithPart());
    return partRange(version, PartNumber);
  }
  const range = parseRange(Range, version.bytes);
  return range === 'unsatisfiable' ? refuse(invalidRange(Range ?? '', version.bytes)) : range;
}

const invalidRangeWithPart = (): AwsError =>
  clientError('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');

/** AWS, GetObject, partNumber: "Effectively performs a 'ranged' GET request for the part specified." */
function partRange(version: ObjectVersion, wanted: number): ByteRange | undefined | Refused {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 10_000) {
    const text = 'Part number must be an integer between 1 and 10000, inclusive';
    return refuse(invalidArgument('partNumber', String(wanted), text));
  }
  const parts = version.extra?.parts;
  if (parts === undefined) {
    if (wanted !== 1) return refuse(invalidPartNumber(wanted, 1));
    return version.bytes === 0 ? undefined : { from: 0, to: version.bytes };
  }
  let from = 0;
  for (const [index, { bytes }] of parts.entries()) {
    if (index === wanted - 1) return { from, to: from + bytes };
    from += bytes;
  }
  return refuse(invalidPartNumber(wanted, parts.length));
}
