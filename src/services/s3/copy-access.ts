// Permissions of a copy: to read the source, to write the target, and for tags that come along, to read and write those.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { CopyObjectInput } from '#wire/generated/s3.ts';
import { contextOf, objectRequest } from './access.ts';
import { findSource, sourceRequest } from './copy-source.ts';
import { findBucket } from './find-bucket.ts';
import type { S3Turn } from './state.ts';
import { putContext } from './write-context.ts';

export function copyAccess(
  turn: S3Turn,
  input: CopyObjectInput,
): readonly AuthorizationRequest[] | AwsError | undefined {
  const found = findBucket(turn, input);
  if (isRefused(found)) return undefined;
  const source = sourceRequest(turn, input);
  if (source !== undefined && 'code' in source) return source;
  const key = input.Key ?? '';
  const context = contextOf(putContext(input));
  const requests = [objectRequest(turn, found.bucket, { key, action: 'PutObject', context })];
  if (source !== undefined) requests.unshift(source);
  return [...requests, ...tagRequests(turn, input)];
}

function tagRequests(turn: S3Turn, input: CopyObjectInput): AuthorizationRequest[] {
  if (input.TaggingDirective === 'REPLACE') return [];
  const source = findSource(turn, input);
  if (isRefused(source) || source.version.extra?.tags === undefined) return [];
  const action = source.versionId === undefined ? 'GetObjectTagging' : 'GetObjectVersionTagging';
  return [objectRequest(turn, source.doc, { key: source.key, action })];
}
