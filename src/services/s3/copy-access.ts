// Permissions of a copy: to read the source, to write the target, and for tags that come along, to read and write those.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import type { CopyObjectInput } from '#wire/generated/s3.ts';
import { objectRequest } from './access.ts';
import { findSource, sourceRequest } from './copy-source.ts';
import type { S3Turn } from './state.ts';
import { isGiven, writeRequests } from './write-access.ts';

export function copyAccess(
  turn: S3Turn,
  input: CopyObjectInput,
): readonly AuthorizationRequest[] | AwsError | undefined {
  const source = sourceRequest(turn, input);
  if (source !== undefined && 'code' in source) return source;
  const tags = tagsRequest(turn, input);
  const hasTags = input.TaggingDirective === 'REPLACE' ? isGiven(input.Tagging) : tags !== undefined;
  const target = writeRequests(turn, input, { hasTags, createsObject: true });
  if (target === undefined) return undefined;
  return [...(source === undefined ? [] : [source]), ...target, ...(tags === undefined ? [] : [tags])];
}

/** To read the tags that come along. */
function tagsRequest(turn: S3Turn, input: CopyObjectInput): AuthorizationRequest | undefined {
  if (input.TaggingDirective === 'REPLACE') return undefined;
  const source = findSource(turn, input);
  if (isRefused(source) || source.version.extra?.tags === undefined) return undefined;
  const action = source.versionId === undefined ? 'GetObjectTagging' : 'GetObjectVersionTagging';
  return objectRequest(turn, source.doc, { key: source.key, action });
}
