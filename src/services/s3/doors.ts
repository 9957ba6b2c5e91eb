// What other services may ask: an object to be written whose bytes are a blob already, and which blobs an object is made of.

import type { FoundObject, ObjectFind, ObjectPut, ObjectsDoor } from '#cell/objects-door.ts';
import type { ServiceDoors } from '#cell/service-definition.ts';
import { type AwsError, isRefused } from '#model/aws-error.ts';
import { contextOf, mayKnowOfMissing, objectRequest } from './access.ts';
import { deleteBlobs } from './blobs.ts';
import { accessDenied } from './errors.ts';
import { findBucket } from './find-bucket.ts';
import { keyProblem, readHeaders } from './object-headers.ts';
import { findObject } from './read-object.ts';
import type { S3Turn } from './state.ts';
import { bodyOf } from './stored-body.ts';
import { piecesOf, shownVersionId } from './versions.ts';
import { putContext } from './write-context.ts';
import { writeObject } from './write-object.ts';

type Refusal = { readonly refused: AwsError };

const objects: ObjectsDoor = {
  findBucket(turn, bucket) {
    const found = (turn as S3Turn).state.buckets.get(bucket);
    return found === undefined ? undefined : { account: found.account, region: found.region };
  },
  put(anyTurn, request) {
    const turn = anyTurn.within(request.scope, request.principal) as S3Turn;
    const put = putObject(turn, request);
    if (isRefused(put)) deleteBlobs(turn, [request.body.blob]);
    return put;
  },
  find(anyTurn, request) {
    return findFor(anyTurn.within(request.scope, request.principal) as S3Turn, request);
  },
};

function putObject(turn: S3Turn, request: ObjectPut): { versionId?: string; eTag: string } | Refusal {
  const { key, contentType, contentEncoding, acl, metadata, principal } = request;
  const found = findBucket(turn, { Bucket: request.bucket });
  if (isRefused(found)) return found;
  const { bucket } = found;
  const input = { ACL: acl, ContentType: contentType, ContentEncoding: contentEncoding, Metadata: metadata };
  const context = contextOf(putContext(input, true));
  const denied = deniedReason(turn, objectRequest(turn, bucket, { key, action: 'PutObject', context }));
  if (denied !== undefined) return { refused: accessDenied(denied) };
  const problem = keyProblem(key);
  if (problem !== undefined) return { refused: problem };
  const headers = readHeaders(bucket, input);
  if (isRefused(headers)) return headers;
  const { pieces, bytes, md5, checksums } = bodyOf(request.body);
  const draft = { key, pieces, bytes, eTag: md5, checksums, headers, by: 'Put' as const, principal };
  const { versionId } = writeObject(turn, bucket, draft);
  if (pieces.length === 0) deleteBlobs(turn, [request.body.blob]);
  return versionId === undefined ? { eTag: md5 } : { versionId, eTag: md5 };
}

function findFor(turn: S3Turn, request: ObjectFind): FoundObject | Refusal {
  const { key, versionId } = request;
  const bucket = turn.state.buckets.get(request.bucket);
  if (bucket !== undefined) {
    const action = versionId === undefined ? 'GetObject' : 'GetObjectVersion';
    const denied = deniedReason(turn, objectRequest(turn, bucket, { key, action }));
    if (denied !== undefined) return { refused: accessDenied(denied) };
  }
  const found = findObject(turn, { Bucket: request.bucket, Key: key, VersionId: versionId });
  if (isRefused(found)) {
    const isHidden = bucket !== undefined && found.refused.status === 404 && !mayKnowOfMissing(turn, bucket);
    return isHidden ? { refused: accessDenied() } : found;
  }
  const { version } = found;
  return {
    body: { parts: piecesOf(version), bytes: version.bytes },
    eTag: version.eTag,
    ...(found.bucket.versioning === undefined ? {} : { versionId: shownVersionId(version) }),
  };
}

function deniedReason(turn: S3Turn, request: Parameters<S3Turn['authorize']>[0]): string | undefined {
  const verdict = turn.authorize(request);
  return verdict.isAllowed ? undefined : verdict.reason;
}

export const doors = (): ServiceDoors => ({ objects });
