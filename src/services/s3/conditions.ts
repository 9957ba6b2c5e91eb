// Conditional requests. AWS: S3 user guide, "How to prevent object overwrites with conditional writes", and GetObject's "If both …" notes, which
// follow RFC 7232: If-Match before If-Unmodified-Since, If-None-Match before If-Modified-Since. Times compare in whole seconds, as headers hold them.

import type { AwsError } from '#model/aws-error.ts';
import { noSuchKey, notAvailable, notModified, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './state.ts';
import { isMarker } from './versions.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: number | undefined;
  readonly IfUnmodifiedSince?: number | undefined;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

export function readProblem(version: ObjectVersion, conditions: ReadConditions): AwsError | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, version.eTag)) return preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince !== undefined && seconds(version.atMs) > seconds(IfUnmodifiedSince)) {
    return preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, version.eTag) ? notModified() : undefined;
  const isUnchanged = IfModifiedSince !== undefined && seconds(version.atMs) <= seconds(IfModifiedSince);
  return isUnchanged ? notModified() : undefined;
}

/** The source of a copy: every condition that does not hold is 412. AWS, CopyObject, x-amz-copy-source-if-…. */
export function copyProblem(version: ObjectVersion, conditions: ReadConditions): AwsError | undefined {
  const problem = readProblem(version, conditions);
  if (problem?.status !== 304) return problem;
  const name = conditions.IfNoneMatch === undefined ? 'Modified-Since' : 'None-Match';
  return preconditionFailed(`x-amz-copy-source-If-${name}`);
}

export interface WriteConditions {
  readonly Key?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** PutObject, CopyObject and CompleteMultipartUpload: against the newest version; a delete marker is no object. */
export function writeProblem(newest: ObjectVersion | undefined, conditions: WriteConditions): AwsError | undefined {
  const { IfMatch, IfNoneMatch, Key = '' } = conditions;
  const current = newest === undefined || isMarker(newest) ? undefined : newest;
  if (IfNoneMatch !== undefined) {
    // AWS takes the wildcard alone here: "Expects the '*' (asterisk) character."
    if (IfNoneMatch !== '*') return notAvailable('If-None-Match with an ETag, when an object is written,');
    if (current !== undefined) return preconditionFailed('If-None-Match');
  }
  if (IfMatch === undefined) return undefined;
  if (current === undefined) return noSuchKey(Key);
  return matches(IfMatch, current.eTag) ? undefined : preconditionFailed('If-Match');
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
