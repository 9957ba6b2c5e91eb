// Checksums of parts. An upload that was begun without an algorithm makes an object with the CRC-64/NVME of its bytes, whatever its parts come
// with (AWS, recorded in the cross-compatibility tests of OpenStack Swift), so each part gets one beside its own; answers do not show it.

import type { UploadPartInput } from '#wire/generated/s3.ts';
import { namedChecksums } from './shown-object.ts';
import type { Checksums, S3State } from './state.ts';

/** For the gateway, which digests a part before it is decided. `state` is this room's. */
export function needsCrc64(state: unknown, input: Pick<UploadPartInput, 'Bucket' | 'UploadId'>): boolean {
  const { buckets, contents } = state as S3State;
  const bucket = input.UploadId === undefined ? undefined : buckets.get(input.Bucket ?? '');
  if (bucket === undefined) return false;
  const upload = contents.get(bucket.id)?.uploadsById.get(input.UploadId ?? '');
  return upload !== undefined && upload.checksumAlgorithm === undefined;
}

/** What is answered of a part: its own checksum. */
export function shownPartChecksums(checksums: Checksums | undefined): Readonly<Record<string, string>> {
  const { CRC64NVME, ...own } = checksums ?? {};
  return namedChecksums(Object.keys(own).length === 0 ? checksums : own);
}
