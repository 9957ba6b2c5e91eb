// What the completion of an upload answers, the first time and when it comes again.

import { isRefused } from '#model/aws-error.ts';
import type {
  CompleteMultipartUploadInput as Input,
  CompleteMultipartUploadOutput as Output,
} from '#wire/generated/s3.ts';
import type { BucketDoc } from './bucket.ts';
import { findBucket } from './find-bucket.ts';
import { expirationHeader } from './lifecycle-rules.ts';
import { type ChecksumType, eTagOfParts } from './multipart-checksum.ts';
import { namedChecksums, withoutMissing } from './shown-object.ts';
import type { Checksums, ObjectVersion, S3Turn } from './state.ts';
import { uriEncoded } from './url-encoded.ts';
import { findVersions } from './versions.ts';

/**
 * AWS: a completion that comes again with the same list answers as the first one did, whatever its conditions say (recorded in the tests of
 * OpenStack Swift): the client may have missed the answer. With another list it is an upload that is over. Here as long as the object is there.
 */
export function answerAgain(turn: S3Turn, input: Input): { readonly output: Output } | undefined {
  const found = findBucket(turn, input);
  if (isRefused(found)) return undefined;
  const { Key: key = '', UploadId, MultipartUpload } = input;
  const { bucket, contents } = found;
  const isOfIt = ({ extra }: ObjectVersion) => UploadId !== undefined && extra?.uploadId === UploadId;
  const version = findVersions(contents, key).find(isOfIt);
  const md5s = (MultipartUpload?.Parts ?? []).map(({ ETag = '' }) => ETag.replace(/^"(.*)"$/, '$1'));
  if (version === undefined || !md5s.every(isMd5) || eTagOfParts(turn.digest, md5s) !== version.eTag) return undefined;
  const { eTag, checksums, headers, extra } = version;
  const output = shownCompletion(turn, bucket, {
    key,
    eTag,
    checksums,
    checksumType: checksums === undefined ? undefined : extra?.isComposite === true ? 'COMPOSITE' : 'FULL_OBJECT',
    encryption: headers?.encryption,
    versionId: version.versionId === '' ? undefined : version.versionId,
    expiration: expirationHeader(bucket.lifecycle, key, version),
  });
  return { output };
}

const isMd5 = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

interface Shown {
  readonly key: string;
  readonly eTag: string;
  readonly checksums: Checksums | undefined;
  readonly checksumType: ChecksumType | undefined;
  readonly encryption: 'AES256' | undefined;
  readonly versionId: string | undefined;
  readonly expiration: string | undefined;
}

export function shownCompletion(turn: S3Turn, bucket: BucketDoc, { key, eTag, checksums, ...rest }: Shown): Output {
  return withoutMissing({
    Location: `${turn.request?.baseUrl ?? turn.advertisedUrl}/${bucket.name}/${uriEncoded(key)}`,
    Bucket: bucket.name,
    Key: key,
    ETag: `"${eTag}"`,
    ...namedChecksums(checksums),
    ChecksumType: rest.checksumType,
    ServerSideEncryption: rest.encryption,
    VersionId: rest.versionId,
    Expiration: rest.expiration,
  });
}
