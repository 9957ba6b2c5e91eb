// What a client says about an object when it writes it: headers that are answered with it, and those that ask for what is not done here.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { BucketDoc } from './bucket.ts';
import {
  aclNotSupported,
  headerNotAvailable,
  invalidArgument,
  invalidStorageClass,
  keyTooLong,
  metadataTooLarge,
} from './errors.ts';
import { KEY_BYTES_MAX, METADATA_BYTES_MAX } from './limits.ts';
import type { ObjectHeaders } from './state.ts';

/** Members that PutObject, CopyObject and CreateMultipartUpload share. */
export interface HeaderInput {
  readonly ACL?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Expires?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly ObjectLockEventHold?: string | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: number | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}

/** Headers that are answered as they were put. `aws-chunked` is how the bytes travelled, not what they are. */
export function readHeaders(bucket: BucketDoc, input: HeaderInput): ObjectHeaders | Refused {
  const problem = headersProblem(bucket, input);
  if (problem !== undefined) return refuse(problem);
  const metadata = Object.entries(input.Metadata ?? {});
  const size = metadata.reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
  if (size > METADATA_BYTES_MAX) return refuse(metadataTooLarge(size, METADATA_BYTES_MAX));
  const asksEncryption = input.ServerSideEncryption === 'AES256' || bucket.encryption !== undefined;
  const headers: Record<string, unknown> = {
    cacheControl: input.CacheControl,
    contentDisposition: input.ContentDisposition,
    contentEncoding: withoutChunked(input.ContentEncoding),
    contentLanguage: input.ContentLanguage,
    contentType: input.ContentType,
    expires: input.Expires,
    encryption: asksEncryption ? 'AES256' : undefined,
    metadata: metadata.length === 0 ? undefined : input.Metadata,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

function withoutChunked(encoding: string | undefined): string | undefined {
  const left = encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked');
  return left === undefined || left.length === 0 ? undefined : left.join(',');
}

function headersProblem(bucket: BucketDoc, input: HeaderInput): AwsError | undefined {
  return (
    aclProblem(bucket, input) ??
    encryptionProblem(input) ??
    storageClassProblem(input.StorageClass) ??
    refusedHeader('x-amz-object-lock-mode', input.ObjectLockMode) ??
    refusedHeader('x-amz-object-lock-legal-hold', input.ObjectLockLegalHoldStatus) ??
    refusedHeader('x-amz-object-lock-retain-until-date', input.ObjectLockRetainUntilDate) ??
    refusedHeader('x-amz-object-lock-event-hold', input.ObjectLockEventHold) ??
    refusedHeader('x-amz-website-redirect-location', input.WebsiteRedirectLocation)
  );
}

function refusedHeader(header: string, value: string | number | boolean | undefined): AwsError | undefined {
  return value === undefined ? undefined : headerNotAvailable(header, String(value));
}

/**
 * AWS, "Controlling ownership of objects and disabling ACLs": with BucketOwnerEnforced only `bucket-owner-full-control` passes. Where ACLs are
 * allowed, objects belong to the bucket's owner here, which is what `private` says, too; every other grant is refused by name.
 */
export function aclProblem(bucket: BucketDoc, input: HeaderInput): AwsError | undefined {
  const isEnforced = bucket.ownership?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerPreferred';
  const grants: [string, string | undefined][] = [
    ['x-amz-grant-full-control', input.GrantFullControl],
    ['x-amz-grant-read', input.GrantRead],
    ['x-amz-grant-read-acp', input.GrantReadACP],
    ['x-amz-grant-write-acp', input.GrantWriteACP],
  ];
  const grant = grants.find(([, value]) => value !== undefined);
  if (grant !== undefined) return isEnforced ? aclNotSupported() : headerNotAvailable(grant[0], String(grant[1]));
  if (input.ACL === undefined || input.ACL === 'bucket-owner-full-control') return undefined;
  if (isEnforced) return aclNotSupported();
  return input.ACL === 'private' ? undefined : headerNotAvailable('x-amz-acl', input.ACL);
}

function encryptionProblem(input: HeaderInput): AwsError | undefined {
  const asked = input.ServerSideEncryption;
  const customer = refusedHeader('x-amz-server-side-encryption-customer-algorithm', input.SSECustomerAlgorithm);
  if (customer !== undefined) return customer;
  if (asked === undefined || asked === 'AES256') {
    return (
      refusedHeader('x-amz-server-side-encryption-aws-kms-key-id', input.SSEKMSKeyId) ??
      refusedHeader('x-amz-server-side-encryption-context', input.SSEKMSEncryptionContext)
    );
  }
  if (asked === 'aws:kms' || asked === 'aws:kms:dsse') return refusedHeader('x-amz-server-side-encryption', asked);
  return invalidArgument('x-amz-server-side-encryption', asked, 'The encryption method specified is not supported');
}

const STORAGE_CLASSES = new Set([
  'DEEP_ARCHIVE',
  'EXPRESS_ONEZONE',
  'FSX_ONTAP',
  'FSX_OPENZFS',
  'GLACIER',
  'GLACIER_IR',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'OUTPOSTS',
  'REDUCED_REDUNDANCY',
  'SNOW',
  'STANDARD_IA',
]);

function storageClassProblem(storageClass: string | undefined): AwsError | undefined {
  if (storageClass === undefined || storageClass === 'STANDARD') return undefined;
  if (STORAGE_CLASSES.has(storageClass)) return headerNotAvailable('x-amz-storage-class', storageClass);
  return invalidStorageClass(storageClass);
}

/** Keys are names and never become paths: nothing in them is special but their length. */
export function keyProblem(key: string): AwsError | undefined {
  if (key === '') return invalidArgument('key', '', 'The key must not be empty');
  const bytes = utf8Length(key);
  return bytes > KEY_BYTES_MAX ? keyTooLong(bytes, KEY_BYTES_MAX) : undefined;
}
