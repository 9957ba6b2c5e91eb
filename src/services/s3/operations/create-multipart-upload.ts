// CreateMultipartUpload: an upload under way; nothing of it is visible before it is completed.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { CreateMultipartUploadInput, CreateMultipartUploadOutput } from '#wire/generated/s3.ts';
import { UploadBegun } from '../facts.ts';
import { findBucket } from '../find-bucket.ts';
import { abortOf } from '../lifecycle-rules.ts';
import { readUploadChecksum } from '../multipart-checksum.ts';
import { keyProblem, readHeaders } from '../object-headers.ts';
import { initiatorOf } from '../owner.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { parseTagging } from '../tags.ts';
import { newUploadId } from '../version-ids.ts';
import { beginAccess } from '../write-access.ts';

export const createMultipartUpload = operation<S3State, CreateMultipartUploadInput, CreateMultipartUploadOutput>({
  authorize: beginAccess,
  decide(turn, input): Reply<CreateMultipartUploadOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket } = found;
    const key = input.Key ?? '';
    const problem = keyProblem(key);
    if (problem !== undefined) return refuse(problem);
    const headers = readHeaders(bucket, input);
    if (isRefused(headers)) return headers;
    const tags = parseTagging(input.Tagging);
    if (isRefused(tags)) return tags;
    const checksum = readUploadChecksum(input);
    if (isRefused(checksum)) return checksum;
    const uploadId = newUploadId(turn);
    turn.record(UploadBegun, {
      bucket: bucket.id,
      key,
      uploadId,
      atMs: turn.nowMs,
      initiator: initiatorOf(turn),
      headers: Object.keys(headers).length === 0 ? undefined : headers,
      tags,
      checksumAlgorithm: checksum?.algorithm,
      checksumType: checksum?.type,
    });
    const abort = abortOf(bucket.lifecycle, { key, atMs: turn.nowMs });
    return {
      output: withoutMissing({
        AbortDate: abort?.atMs,
        AbortRuleId: abort?.ruleId,
        Bucket: bucket.name,
        Key: key,
        UploadId: uploadId,
        ServerSideEncryption: headers.encryption,
        ChecksumAlgorithm: checksum?.algorithm,
        ChecksumType: checksum?.type,
      }),
    };
  },
});
