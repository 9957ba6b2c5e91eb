// ListMultipartUploads: by key, those of one key by the time they began.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListMultipartUploadsInput, ListMultipartUploadsOutput, MultipartUpload } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { invalidArgument } from '../errors.ts';
import { findBucket } from '../find-bucket.ts';
import { encodingProblem, readMax } from '../list-input.ts';
import { listUploads } from '../list-uploads.ts';
import { ownerOf } from '../owner.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State, S3Turn, Upload } from '../state.ts';

export const listMultipartUploads = operation<S3State, ListMultipartUploadsInput, ListMultipartUploadsOutput>({
  authorize: onBucket<ListMultipartUploadsInput>('ListBucketMultipartUploads', ({ Prefix }) => ({ prefix: Prefix })),
  decide(turn, input): Reply<ListMultipartUploadsOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    const max = readMax(input.MaxUploads, 'max-uploads');
    if (isRefused(max)) return max;
    const problem = encodingProblem(input.EncodingType);
    if (problem !== undefined) return refuse(problem);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input;
    // AWS: without a key marker the upload id marker is ignored.
    const uploadIdMarker = keyMarker === '' ? '' : (input.UploadIdMarker ?? '');
    const marked = contents.uploadsById.get(uploadIdMarker);
    if (uploadIdMarker !== '' && marked?.key !== keyMarker) {
      return refuse(invalidArgument('upload-id-marker', uploadIdMarker, 'Invalid uploadId marker'));
    }
    const page = listUploads(contents, { prefix, delimiter, keyMarker, uploadIdMarker, max });
    return {
      output: withoutMissing({
        Bucket: bucket.name,
        KeyMarker: keyMarker,
        UploadIdMarker: uploadIdMarker,
        NextKeyMarker: page.last?.key ?? '',
        NextUploadIdMarker: page.last?.uploadId ?? '',
        Prefix: prefix,
        Delimiter: delimiter === '' ? undefined : delimiter,
        MaxUploads: max,
        EncodingType: input.EncodingType,
        IsTruncated: page.isTruncated && max > 0,
        Uploads: page.uploads.map((upload) => shownUpload(turn, bucket.account, upload)),
        CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix })),
      }),
    };
  },
});

function shownUpload(turn: S3Turn, account: string, upload: Upload): MultipartUpload {
  return withoutMissing({
    UploadId: upload.uploadId,
    Key: upload.key,
    Initiated: upload.atMs,
    StorageClass: 'STANDARD',
    Owner: ownerOf(turn, account),
    Initiator: { ID: upload.initiator, DisplayName: upload.initiator },
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  });
}
