// An object comes to be: the one way for uploads, copies, completed multipart uploads and other services.

import type { Principal } from '#model/principal.ts';
import type { BucketDoc } from './bucket.ts';
import { ObjectPut } from './facts.ts';
import { expirationHeader } from './lifecycle-rules.ts';
import { notifyCreated } from './notify.ts';
import {
  type Checksums,
  type CompletedPart,
  contentsOf,
  type ObjectHeaders,
  type ObjectTag,
  type Piece,
  type S3Turn,
} from './state.ts';
import { newVersionId } from './version-ids.ts';
import { findNewest } from './versions.ts';

export interface ObjectDraft {
  readonly key: string;
  readonly pieces: readonly Piece[];
  readonly bytes: number;
  readonly eTag: string;
  readonly checksums?: Checksums | undefined;
  readonly headers?: ObjectHeaders | undefined;
  readonly tags?: readonly ObjectTag[] | undefined;
  readonly parts?: readonly CompletedPart[] | undefined;
  readonly isComposite?: boolean | undefined;
  readonly uploadId?: string | undefined;
  /** What created it, as events name it. */
  readonly by: 'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload';
  /** Who, when it is not the turn's principal. */
  readonly principal?: Principal;
}

export interface WrittenObject {
  /** Undefined for the null version, as AWS answers it. */
  readonly versionId: string | undefined;
  /** The header `x-amz-expiration`, where a lifecycle rule says when it goes. */
  readonly expiration: string | undefined;
}

export function writeObject(turn: S3Turn, bucket: BucketDoc, draft: ObjectDraft): WrittenObject {
  const { by, principal, headers, ...rest } = draft;
  const versionId = bucket.versioning === 'Enabled' ? newVersionId(turn) : '';
  turn.record(ObjectPut, {
    bucket: bucket.id,
    versionId,
    atMs: turn.nowMs,
    checksums: undefined,
    tags: undefined,
    parts: undefined,
    isComposite: undefined,
    uploadId: undefined,
    ...rest,
    headers: headers === undefined || Object.keys(headers).length === 0 ? undefined : headers,
  });
  notifyCreated(turn, bucket, { ...draft, versionId });
  const { lifecycle } = bucket;
  const version = lifecycle === undefined ? undefined : findNewest(contentsOf(turn.state, bucket.id), draft.key);
  return {
    versionId: versionId === '' ? undefined : versionId,
    expiration: version === undefined ? undefined : expirationHeader(lifecycle, draft.key, version),
  };
}
