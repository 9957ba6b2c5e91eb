// AbortMultipartUpload: its parts are gone.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { AbortMultipartUploadInput, AbortMultipartUploadOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { headerNotAvailable } from '../errors.ts';
import { UploadAborted } from '../facts.ts';
import { findUpload } from '../find-upload.ts';
import type { S3State } from '../state.ts';

export const abortMultipartUpload = operation<S3State, AbortMultipartUploadInput, AbortMultipartUploadOutput>({
  authorize: onObject('AbortMultipartUpload'),
  decide(turn, input): Reply<AbortMultipartUploadOutput> {
    const found = findUpload(turn, input);
    if (isRefused(found)) return found;
    if (input.IfMatchInitiatedTime !== undefined) {
      return refuse(headerNotAvailable('x-amz-if-match-initiated-time', input.Key ?? ''));
    }
    const { bucket, upload } = found;
    turn.record(UploadAborted, { bucket: bucket.id, uploadId: upload.uploadId, atMs: turn.nowMs });
    return { output: {} };
  },
});
