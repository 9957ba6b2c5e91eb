// Permission to read an object: one action without a version, another one with it; and whether the caller may learn that there is none.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { contextOf, mayKnowOfMissing, objectRequest } from './access.ts';
import type { BucketDoc } from './bucket.ts';
import { accessDenied } from './errors.ts';
import { findBucket } from './find-bucket.ts';
import type { ReadInput } from './read-object.ts';
import type { ObjectTag, S3Turn } from './state.ts';
import { findNewest, findVersion, heldVersionId, isMarker } from './versions.ts';

type Reading = Pick<ReadInput, 'Bucket' | 'Key' | 'VersionId' | 'ExpectedBucketOwner'>;

export const readRequest = readRequestFor('GetObject', 'GetObjectVersion');
export const readTaggingRequest = readRequestFor('GetObjectTagging', 'GetObjectVersionTagging');

export function readRequestFor(action: string, versionAction: string) {
  return (turn: S3Turn, input: Reading): AuthorizationRequest | AwsError | undefined => {
    const found = findBucket(turn, input);
    if (isRefused(found)) return undefined;
    const { bucket, contents } = found;
    const { Key: key = '', VersionId } = input;
    const version =
      VersionId === undefined ? findNewest(contents, key) : findVersion(contents, key, heldVersionId(VersionId));
    const isMissing = version === undefined || isMarker(version);
    if (isMissing && VersionId === undefined && !mayKnowOfMissing(turn, bucket)) return accessDenied();
    const asked = VersionId === undefined ? { action } : { action: versionAction, versionId: VersionId };
    return requestToRead(turn, bucket, { key, tags: version?.extra?.tags, ...asked });
  };
}

function requestToRead(
  turn: S3Turn,
  bucket: BucketDoc,
  asked: { key: string; tags: readonly ObjectTag[] | undefined; action: string; versionId?: string },
): AuthorizationRequest {
  const { key, tags, action, versionId } = asked;
  const context = contextOf({ versionid: versionId, ...existingTags(tags) });
  return objectRequest(turn, bucket, { key, action, context });
}

/** The condition key `s3:ExistingObjectTag/<key>`. */
export function existingTags(tags: readonly ObjectTag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [`ExistingObjectTag/${Key}`, Value]));
}
