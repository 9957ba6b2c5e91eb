// DeleteObject: also of a key that is not there, which AWS answers alike.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteObjectInput, DeleteObjectOutput } from '#wire/generated/s3.ts';
import { deleteRequest } from '../delete-access.ts';
import { deleteProblem } from '../delete-conditions.ts';
import { findBucket } from '../find-bucket.ts';
import { keyProblem } from '../object-headers.ts';
import { removeObject } from '../remove-object.ts';
import type { S3State } from '../state.ts';
import { versionIdProblem } from '../version-ids.ts';

export const deleteObject = operation<S3State, DeleteObjectInput, DeleteObjectOutput>({
  authorize: deleteRequest,
  decide(turn, input): Reply<DeleteObjectOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { Key: key = '', VersionId: versionId } = input;
    const problem = keyProblem(key) ?? versionIdProblem(versionId) ?? deleteProblem(found.contents, input);
    if (problem !== undefined) return refuse(problem);
    return { output: removeObject(turn, found, { key, versionId, by: 'DeleteObject' }) };
  },
});
