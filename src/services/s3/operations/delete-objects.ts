// DeleteObjects: up to a thousand in one turn; each succeeds or fails for itself, permissions included.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { DeletedObject, DeleteObjectsInput, DeleteObjectsOutput, ObjectIdentifier } from '#wire/generated/s3.ts';
import { requestToDelete } from '../delete-access.ts';
import { deleteProblem } from '../delete-conditions.ts';
import { accessDenied, bypassNotApplicable, headerNotAvailable, malformedXml } from '../errors.ts';
import { type FoundBucket, findBucket } from '../find-bucket.ts';
import { DELETE_KEYS_MAX } from '../limits.ts';
import { keyProblem } from '../object-headers.ts';
import { removeObject } from '../remove-object.ts';
import type { S3State, S3Turn } from '../state.ts';
import { versionIdProblem } from '../version-ids.ts';

export const deleteObjects = operation<S3State, DeleteObjectsInput, DeleteObjectsOutput>({
  // Each object is asked for in `decide`: one that may not be deleted does not keep the others.
  authorize: () => undefined,
  decide(turn, input): Reply<DeleteObjectsOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    if (input.MFA !== undefined) return refuse(headerNotAvailable('x-amz-mfa', 'a device'));
    if (input.BypassGovernanceRetention !== undefined) return refuse(bypassNotApplicable());
    const objects = input.Delete?.Objects ?? [];
    if (objects.length === 0 || objects.length > DELETE_KEYS_MAX) return refuse(malformedXml());
    const deleted: DeletedObject[] = [];
    const errors: NonNullable<DeleteObjectsOutput['Errors']>[number][] = [];
    // All questions first: what is denied is noted before anything is recorded.
    const problems = objects.map((object) => problemOf(turn, found, object));
    for (const [at, object] of objects.entries()) {
      const problem = problems[at];
      if (problem === undefined) deleted.push(deleteOne(turn, found, object));
      else errors.push(errorOf(object, problem));
    }
    const isQuiet = input.Delete?.Quiet === true;
    return {
      output: { ...(isQuiet ? {} : { Deleted: deleted }), ...(errors.length === 0 ? {} : { Errors: errors }) },
    };
  },
});

function problemOf(turn: S3Turn, { bucket, contents }: FoundBucket, object: ObjectIdentifier): AwsError | undefined {
  const verdict = turn.authorize(requestToDelete(turn, bucket, object));
  if (!verdict.isAllowed) return accessDenied(verdict.reason);
  const { Key, VersionId, ETag, LastModifiedTime, Size } = object;
  return (
    keyProblem(Key ?? '') ??
    versionIdProblem(VersionId) ??
    deleteProblem(contents, {
      Key,
      VersionId,
      IfMatch: ETag,
      IfMatchLastModifiedTime: LastModifiedTime,
      IfMatchSize: Size,
    })
  );
}

function deleteOne(turn: S3Turn, found: FoundBucket, { Key: key = '', VersionId }: ObjectIdentifier): DeletedObject {
  const { DeleteMarker, VersionId: id } = removeObject(turn, found, { key, versionId: VersionId, by: 'DeleteObject' });
  return {
    Key: key,
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(DeleteMarker === true && id !== undefined ? { DeleteMarker, DeleteMarkerVersionId: id } : {}),
  };
}

function errorOf({ Key, VersionId }: ObjectIdentifier, { code, message }: AwsError) {
  return { Key, ...(VersionId === undefined ? {} : { VersionId }), Code: code, Message: message };
}
