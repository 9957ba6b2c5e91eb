// Permission to delete: an object, or one of its versions.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { contextOf, objectRequest } from './access.ts';
import type { BucketDoc } from './bucket.ts';
import { findBucket, type NamesBucket } from './find-bucket.ts';
import type { S3Turn } from './state.ts';

interface Named {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

export function deleteRequest(turn: S3Turn, input: NamesBucket & Named): AuthorizationRequest | AwsError | undefined {
  const found = findBucket(turn, input);
  return isRefused(found) ? undefined : requestToDelete(turn, found.bucket, input);
}

export function requestToDelete(turn: S3Turn, bucket: BucketDoc, { Key: key = '', VersionId }: Named) {
  const action = VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion';
  return objectRequest(turn, bucket, { key, action, context: contextOf({ versionid: VersionId }) });
}
