// Conditional requests. AWS: S3 user guide, "How to prevent object overwrites with conditional writes", and GetObject's "If both …" notes, which
// follow RFC 7232: If-Match before If-Unmodified-Since, If-None-Match before If-Modified-Since. Times compare in whole seconds, as headers hold them.

import type { AwsError } from '#model/aws-error.ts';
import { formatHttpDate } from '#wire/timestamps.ts';
import { conditionNotImplemented, noSuchKey, notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './state.ts';
import { isMarker, shownVersionId } from './versions.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: number | undefined;
  readonly IfUnmodifiedSince?: number | undefined;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/**
 * A modification time in the future is no condition (RFC 2616, 14.25; AWS's replies recorded in LocalStack's test_s3_preconditions.snapshot.json, by which
 * its GET, HEAD and copy go). `isVersioned`: answers tell which version they speak of.
 */
export function readProblem(
  version: ObjectVersion,
  conditions: ReadConditions,
  { nowMs, isVersioned }: { readonly nowMs: number; readonly isVersioned: boolean },
): AwsError | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, version.eTag)) return preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince !== undefined && seconds(version.atMs) > seconds(IfUnmodifiedSince)) {
    return preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined)
    return matches(IfNoneMatch, version.eTag) ? unchanged(version, isVersioned) : undefined;
  const isAsked = IfModifiedSince !== undefined && IfModifiedSince <= nowMs;
  const isUnchanged = isAsked && seconds(version.atMs) <= seconds(IfModifiedSince);
  return isUnchanged ? unchanged(version, isVersioned) : undefined;
}

/** What a cache keeps of the object, as AWS tells it (recorded: moto #8534, ceph's s3-tests) and RFC 9110, 15.4.5, wants it. */
function unchanged(version: ObjectVersion, isVersioned: boolean): AwsError {
  const { eTag, atMs, headers } = version;
  return notModified({
    ETag: `"${eTag}"`,
    'Last-Modified': formatHttpDate(atMs),
    ...(headers?.cacheControl === undefined ? {} : { 'Cache-Control': headers.cacheControl }),
    ...(headers?.expires === undefined ? {} : { Expires: headers.expires }),
    ...(isVersioned ? { 'x-amz-version-id': shownVersionId(version) } : {}),
  });
}

/** The source of a copy: every condition that does not hold is 412, under the name of its header. */
export function copyProblem(version: ObjectVersion, asked: ReadConditions, nowMs: number): AwsError | undefined {
  const problem = readProblem(version, asked, { nowMs, isVersioned: false });
  if (problem === undefined) return undefined;
  const condition =
    problem.members?.['Condition'] ?? (asked.IfNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match');
  return preconditionFailed(`x-amz-copy-source-${String(condition)}`);
}

export interface WriteConditions {
  readonly Key?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** PutObject, CopyObject and CompleteMultipartUpload: against the newest version; a delete marker is no object. */
export function writeProblem(newest: ObjectVersion | undefined, conditions: WriteConditions): AwsError | undefined {
  const { IfMatch, IfNoneMatch, Key = '' } = conditions;
  const problem = formProblem(conditions);
  if (problem !== undefined) return problem;
  const current = newest === undefined || isMarker(newest) ? undefined : newest;
  if (IfNoneMatch !== undefined) return current === undefined ? undefined : preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return undefined;
  if (current === undefined) return noSuchKey(Key);
  return matches(IfMatch, current.eTag) ? undefined : preconditionFailed('If-Match');
}

/** AWS takes one condition on a write: If-None-Match with the wildcard alone, or If-Match with an ETag. */
function formProblem({ IfMatch, IfNoneMatch }: WriteConditions): AwsError | undefined {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    return conditionNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  }
  const name =
    IfNoneMatch !== undefined && IfNoneMatch !== '*' ? 'If-None-Match' : IfMatch === '*' ? 'If-Match' : undefined;
  if (name === undefined) return undefined;
  return conditionNotImplemented(name, `We don't accept the provided value of ${name} header for this API`);
}

/** A list of ETags with or without quotes, or the wildcard. */
export function matches(condition: string, eTag: string): boolean {
  return condition.split(',').some((part) => {
    const wanted = part
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === eTag;
  });
}
