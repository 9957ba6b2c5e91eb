// Condition keys of requests that write an object. AWS: Service Authorization Reference, "Condition keys for Amazon S3".

import { isRefused } from '#model/aws-error.ts';
import type { HeaderInput } from './object-headers.ts';
import { parseTagging } from './tags.ts';

export interface WriteInput extends HeaderInput {
  readonly Tagging?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly CopySource?: string | undefined;
  readonly MetadataDirective?: string | undefined;
}

/** `createsObject`: AWS, "Enforce conditional writes": uploads in parts are not asked for conditions until they are completed. */
export function putContext(
  input: WriteInput,
  createsObject: boolean,
): Readonly<Record<string, string | boolean | readonly string[] | undefined>> {
  const tags = parseTagging(input.Tagging);
  const list = tags === undefined || isRefused(tags) ? [] : tags;
  return {
    ObjectCreationOperation: createsObject,
    'x-amz-acl': input.ACL,
    'x-amz-copy-source': input.CopySource,
    'x-amz-metadata-directive': input.MetadataDirective,
    'x-amz-server-side-encryption': input.ServerSideEncryption,
    'x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
    'x-amz-storage-class': input.StorageClass,
    'x-amz-grant-full-control': input.GrantFullControl,
    'x-amz-grant-read': input.GrantRead,
    'if-match': input.IfMatch,
    'if-none-match': input.IfNoneMatch,
    RequestObjectTagKeys: list.length === 0 ? undefined : list.map(({ Key }) => Key),
    ...Object.fromEntries(list.map(({ Key, Value }) => [`RequestObjectTag/${Key}`, Value])),
  };
}
