// A multipart upload that is under way, by its id; it is nobody's under another key.

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { invalidArgument, noSuchUpload } from './errors.ts';
import { type FoundBucket, findBucket, type NamesBucket } from './find-bucket.ts';
import { PARTS_MAX } from './limits.ts';
import type { S3Turn, Upload } from './state.ts';

export interface NamesUpload extends NamesBucket {
  readonly Key?: string | undefined;
  readonly UploadId?: string | undefined;
}

export interface FoundUpload extends FoundBucket {
  readonly upload: Upload;
}

export function findUpload(turn: S3Turn, input: NamesUpload): FoundUpload | Refused {
  const found = findBucket(turn, input);
  if (isRefused(found)) return found;
  const { UploadId = '', Key } = input;
  const upload = found.contents.uploadsById.get(UploadId);
  return upload === undefined || upload.key !== Key ? refuse(noSuchUpload(UploadId)) : { ...found, upload };
}

/** AWS: 1 to 10,000. */
export function readPartNumber(number: number | undefined): number | Refused {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= PARTS_MAX) return number;
  const text = `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`;
  return refuse(invalidArgument('partNumber', String(number), text));
}
