// Conditional deletes. AWS: DeleteObject, If-Match: "Deletes the object if the ETag (entity tag) value provided during the delete operation
// matches the ETag of the object in S3."; the conditions on time and size are for directory buckets.

import type { AwsError } from '#model/aws-error.ts';
import { matches } from './conditions.ts';
import { bypassNotApplicable, headerNotAvailable, noSuchKey, preconditionFailed } from './errors.ts';
import type { BucketContents } from './state.ts';
import { findNewest, findVersion, heldVersionId, isMarker } from './versions.ts';

interface DeleteConditions {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly MFA?: string | undefined;
  readonly BypassGovernanceRetention?: boolean | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfMatchLastModifiedTime?: number | undefined;
  readonly IfMatchSize?: number | undefined;
}

export function deleteProblem(contents: BucketContents, input: DeleteConditions): AwsError | undefined {
  const { Key = '', VersionId, IfMatch } = input;
  if (input.MFA !== undefined) return headerNotAvailable('x-amz-mfa', 'a device');
  if (input.BypassGovernanceRetention !== undefined) return bypassNotApplicable();
  if (input.IfMatchLastModifiedTime !== undefined || input.IfMatchSize !== undefined) {
    return headerNotAvailable('x-amz-if-match-last-modified-time, x-amz-if-match-size', Key);
  }
  if (IfMatch === undefined) return undefined;
  const version =
    VersionId === undefined ? findNewest(contents, Key) : findVersion(contents, Key, heldVersionId(VersionId));
  if (version === undefined || isMarker(version)) return noSuchKey(Key);
  return matches(IfMatch, version.eTag) ? undefined : preconditionFailed('If-Match');
}
