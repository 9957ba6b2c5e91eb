// ListParts of an upload under way.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListPartsInput, ListPartsOutput } from '#wire/generated/s3.ts';
import { onObject } from '../access.ts';
import { findUpload } from '../find-upload.ts';
import { abortOf } from '../lifecycle-rules.ts';
import { readMax } from '../list-input.ts';
import { ownerOf } from '../owner.ts';
import { shownPartChecksums } from '../part-checksums.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';

export const listParts = operation<S3State, ListPartsInput, ListPartsOutput>({
  authorize: onObject('ListMultipartUploadParts'),
  decide(turn, input): Reply<ListPartsOutput> {
    const found = findUpload(turn, input);
    if (isRefused(found)) return found;
    const { bucket, upload } = found;
    const max = readMax(input.MaxParts, 'max-parts');
    if (isRefused(max)) return max;
    const marker = Number(input.PartNumberMarker ?? 0) || 0;
    const parts = [...upload.parts.values()]
      .filter(({ number }) => number > marker)
      .sort((one, other) => one.number - other.number);
    const shown = parts.slice(0, max);
    const last = shown.at(-1);
    const abort = abortOf(bucket.lifecycle, upload);
    return {
      output: withoutMissing({
        AbortDate: abort?.atMs,
        AbortRuleId: abort?.ruleId,
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.uploadId,
        PartNumberMarker: String(marker),
        NextPartNumberMarker: String(last?.number ?? 0),
        MaxParts: max,
        IsTruncated: shown.length < parts.length,
        Parts: shown.map(({ number, atMs, md5, bytes, checksums }) => ({
          PartNumber: number,
          LastModified: atMs,
          ETag: `"${md5}"`,
          Size: bytes,
          ...shownPartChecksums(checksums),
        })),
        Initiator: { ID: upload.initiator, DisplayName: upload.initiator },
        Owner: ownerOf(turn, bucket.account),
        StorageClass: 'STANDARD',
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
      }),
    };
  },
});
