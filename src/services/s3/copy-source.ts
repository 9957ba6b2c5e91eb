// The source of a copy: `bucket/key` or `/bucket/key`, URL-encoded, with `?versionId=…` behind it for a version.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { contextOf, mayKnowOfMissing, objectRequest } from './access.ts';
import type { BucketDoc } from './bucket.ts';
import { copyProblem } from './conditions.ts';
import { accessDenied, copyOfMarker, headerNotAvailable, invalidArgument } from './errors.ts';
import { findObject } from './read-object.ts';
import type { ObjectVersion, S3Turn } from './state.ts';

export interface CopySourceInput {
  readonly CopySource?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: number | undefined;
  readonly CopySourceIfUnmodifiedSince?: number | undefined;
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

interface Source {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Clients encode the slash between bucket and key or not (Terraform does), and a space as `%20` or `+`. */
export function parseCopySource(header: string | undefined): Source | undefined {
  const version = /\?versionId=([^&]*)$/.exec(header ?? '');
  const path = decoded(version === null ? header : header?.slice(0, version.index))?.replace(/^\//, '');
  const versionId = version === null ? undefined : decoded(version[1]);
  const slash = path?.indexOf('/') ?? -1;
  if (path === undefined || slash <= 0 || slash === path.length - 1) return undefined;
  if (version !== null && versionId === undefined) return undefined;
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** The source is read with the permission to read it; without the one to list, a missing one is denied. */
export function sourceRequest(turn: S3Turn, input: CopySourceInput): AuthorizationRequest | AwsError | undefined {
  const source = parseCopySource(input.CopySource);
  const bucket = source === undefined ? undefined : turn.state.buckets.get(source.bucket);
  if (source === undefined || bucket === undefined) return undefined;
  const { key, versionId } = source;
  const isMissing = isRefused(findObject(turn, { Bucket: bucket.name, Key: key, VersionId: versionId }));
  if (isMissing && !mayKnowOfMissing(turn, bucket)) return accessDenied();
  const action = versionId === undefined ? 'GetObject' : 'GetObjectVersion';
  return objectRequest(turn, bucket, { key, action, context: contextOf({ versionid: versionId }) });
}

export interface FoundSource extends Source {
  readonly doc: BucketDoc;
  readonly version: ObjectVersion;
}

export function findSource(turn: S3Turn, input: CopySourceInput): FoundSource | Refused {
  const source = parseCopySource(input.CopySource);
  if (source === undefined) {
    const text = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    return refuse(invalidArgument('x-amz-copy-source', (input.CopySource ?? '').slice(0, 1100), text));
  }
  if (input.CopySourceSSECustomerAlgorithm !== undefined) {
    const header = 'x-amz-copy-source-server-side-encryption-customer-algorithm';
    return refuse(headerNotAvailable(header, input.CopySourceSSECustomerAlgorithm));
  }
  const { bucket, key, versionId } = source;
  const named = { Bucket: bucket, Key: key, VersionId: versionId };
  const found = findObject(turn, { ...named, ExpectedBucketOwner: input.ExpectedSourceBucketOwner });
  if (isRefused(found)) return found.refused.status === 405 ? refuse(copyOfMarker()) : found;
  const problem = copyProblem(
    found.version,
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    turn.nowMs,
  );
  return problem === undefined ? { ...source, doc: found.bucket, version: found.version } : refuse(problem);
}
