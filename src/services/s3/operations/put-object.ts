// PutObject: the bytes are a blob already; here the object comes to be, or is refused.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { PutObjectInput, PutObjectOutput } from '#wire/generated/s3.ts';
import { deleteBlobs } from '../blobs.ts';
import { writeProblem } from '../conditions.ts';
import { entityTooLarge, headerNotAvailable } from '../errors.ts';
import { findBucket } from '../find-bucket.ts';
import { SINGLE_BYTES_MAX } from '../limits.ts';
import { keyProblem, readHeaders } from '../object-headers.ts';
import { namedChecksums, withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { emptyBlobOf, takeBody, type WithStoredBody } from '../stored-body.ts';
import { parseTagging } from '../tags.ts';
import { findNewest } from '../versions.ts';
import { writeAccess } from '../write-access.ts';
import { writeObject } from '../write-object.ts';

/** A browser's form (POST Object) comes as the PutObject that it stands for; events name it. */
type Input = WithStoredBody<PutObjectInput> & { readonly isPostedForm?: boolean };

export const putObject = operation<S3State, Input, PutObjectOutput>({
  authorize: writeAccess,
  admit(turn, input) {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found.refused;
    const headers = readHeaders(found.bucket, input);
    if (isRefused(headers)) return headers.refused;
    const key = input.Key ?? '';
    return keyProblem(key) ?? writeProblem(findNewest(found.contents, key), input);
  },
  decide(turn, input): Reply<PutObjectOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    const key = input.Key ?? '';
    const problem = keyProblem(key);
    if (problem !== undefined) return refuse(problem);
    if (input.WriteOffsetBytes !== undefined) {
      return refuse(headerNotAvailable('x-amz-write-offset-bytes', String(input.WriteOffsetBytes)));
    }
    const headers = readHeaders(bucket, input);
    if (isRefused(headers)) return headers;
    const tags = parseTagging(input.Tagging);
    if (isRefused(tags)) return tags;
    const body = takeBody(input.Body);
    if (isRefused(body)) return body;
    if (body.bytes > SINGLE_BYTES_MAX) return refuse(entityTooLarge(body.bytes, SINGLE_BYTES_MAX));
    const conflict = writeProblem(findNewest(contents, key), input);
    if (conflict !== undefined) return refuse(conflict);
    const { pieces, bytes, md5, checksums } = body;
    const by = input.isPostedForm === true ? 'Post' : 'Put';
    const written = writeObject(turn, bucket, { key, pieces, bytes, eTag: md5, checksums, headers, tags, by });
    const empty = emptyBlobOf(input.Body);
    if (empty !== undefined) deleteBlobs(turn, [empty]);
    return {
      output: withoutMissing({
        ETag: `"${md5}"`,
        ...namedChecksums(checksums),
        ChecksumType: checksums === undefined ? undefined : 'FULL_OBJECT',
        ServerSideEncryption: headers.encryption,
        VersionId: written.versionId,
        Expiration: written.expiration,
      }),
    };
  },
});
