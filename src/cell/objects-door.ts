// What other services ask of the object store (S3): to take an object whose bytes are a blob already, and to say which blobs an object is
// made of. Bytes never pass through the cell: performers write blobs before the turn, and read them after it.

import type { AwsError } from '#model/aws-error.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import type { Principal } from '#model/principal.ts';
import type { Scope } from '#model/scope.ts';
import type { Turn } from './turn.ts';

/**
 * Bytes that a request or a performer has put into the BlobStore before the decision. Blobs of objects are called `s3/<uuid>`; at start, those
 * that no object refers to are removed, so a crash between blob and fact leaves nothing. Who is refused deletes the blob.
 */
export interface StoredBody {
  readonly blob: string;
  readonly bytes: number;
  /** Lower-case hex: the ETag without quotes. */
  readonly md5: string;
  /** Base64 (S3's form), by algorithm: those that were asked for, computed over the bytes and compared with what the client claimed. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
  /** The client sent a checksum; absent: what is in `checksums` is the usual one of a body that came without. */
  readonly isChecksumClaimed?: boolean;
}

/** Performer that puts a text into a blob, for {@link ObjectsDoor.put}. Input: {@link TextToStore}; result: {@link StoredBody}. */
export const STORE_TEXT = 'store-text';

/** Performer that puts an effect's payloads into a blob, one behind the other and compressed by GZIP. Input: null; result: {@link StoredBody}. */
export const STORE_COMPRESSED = 'store-compressed';

export interface TextToStore {
  readonly text: string;
}

/** A piece of a blob, to be sent as (part of) an answer's body. `from` and `to` are byte offsets, `to` excluded. */
export interface BlobPart {
  readonly blob: string;
  readonly from: number;
  readonly to: number;
}

/** An answer's body that is streamed from blobs after the cell has answered: the value of an output's streaming member. */
export interface BlobBody {
  readonly parts: readonly BlobPart[];
  readonly bytes: number;
}

export interface ObjectsDoor {
  /** Undefined: no such bucket. */
  findBucket(turn: Turn, bucket: string): { readonly account: string; readonly region: string } | undefined;
  /** Writes an object as PutObject does, with permission, versioning, notifications. The blob is the store's from now on, also when refused. */
  put(
    turn: Turn,
    request: ObjectPut,
  ): { readonly versionId?: string; readonly eTag: string } | { readonly refused: AwsError };
  /** What GetObject would send, with permission; refused with S3's own errors. */
  find(turn: Turn, request: ObjectFind): FoundObject | { readonly refused: AwsError };
}

export interface ObjectPut {
  readonly bucket: string;
  readonly key: string;
  readonly body: StoredBody;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** As the header x-amz-acl of PutObject: policies may ask for it. */
  readonly acl?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The service or role that acts; its account is asked for permission with the bucket's policy. */
  readonly principal: Principal;
  readonly scope: Scope;
}

export interface ObjectFind {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly principal: Principal;
  readonly scope: Scope;
}

export interface FoundObject {
  readonly body: BlobBody;
  readonly eTag: string;
  readonly versionId?: string;
}
