// Permissions to write an object: to put it, and to give it tags or an ACL where the request brings them. AWS, PutObject, "Permissions": "To
// successfully set the tag-set with your PutObject request, you must have the s3:PutObjectTagging", and s3:PutObjectAcl for an ACL; the user
// guide's "Required permissions for Amazon S3 API operations" has the same of CopyObject and CreateMultipartUpload.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { isRefused } from '#model/aws-error.ts';
import { contextOf, type NamesObject, objectRequest } from './access.ts';
import { findBucket } from './find-bucket.ts';
import type { S3Turn } from './state.ts';
import { putContext, type WriteInput } from './write-context.ts';

/** For `authorize`. */
export function writeAccess(
  turn: S3Turn,
  input: NamesObject & WriteInput,
): readonly AuthorizationRequest[] | undefined {
  return writeRequests(turn, input, { hasTags: isGiven(input.Tagging), createsObject: true });
}

/** For `authorize` of an upload in parts, whose object comes later. */
export function beginAccess(
  turn: S3Turn,
  input: NamesObject & WriteInput,
): readonly AuthorizationRequest[] | undefined {
  return writeRequests(turn, input, { hasTags: isGiven(input.Tagging), createsObject: false });
}

export function writeRequests(
  turn: S3Turn,
  input: NamesObject & WriteInput,
  { hasTags, createsObject }: { readonly hasTags: boolean; readonly createsObject: boolean },
): readonly AuthorizationRequest[] | undefined {
  const found = findBucket(turn, input);
  if (isRefused(found)) return undefined;
  const context = contextOf(putContext(input, createsObject));
  const ask = (action: string) => objectRequest(turn, found.bucket, { key: input.Key ?? '', action, context });
  const { ACL, GrantFullControl, GrantRead, GrantReadACP, GrantWriteACP } = input;
  const hasAcl = [ACL, GrantFullControl, GrantRead, GrantReadACP, GrantWriteACP].some(isGiven);
  return [ask('PutObject'), ...(hasTags ? [ask('PutObjectTagging')] : []), ...(hasAcl ? [ask('PutObjectAcl')] : [])];
}

export function isGiven(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
