// Buckets are documents; what is in them is an index of their own: by key in S3's order, each with its versions, newest first.

import type { Turn } from '#cell/turn.ts';
import type { ChecksumAlgorithm } from '#model/checksum.ts';
import { OrderedMap } from '#structures/ordered-map.ts';
import { Table } from '#structures/table.ts';
import type { BucketDoc } from './bucket.ts';
import type { Digesting } from './digesting.ts';

export type S3Turn = Turn<S3State>;

export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;

/** A run of bytes of one blob. */
export interface Piece {
  readonly blob: string;
  readonly from: number;
  readonly to: number;
}

/** What few objects have; objects with the same share it. */
export interface ObjectHeaders {
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentType?: string;
  /** As it came: a date as a rule, but nothing makes it one. */
  readonly expires?: string;
  /** The client asked for SSE-S3 by name, or its bucket's configuration does. */
  readonly encryption?: 'AES256';
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ObjectTag {
  readonly Key: string;
  readonly Value: string;
}

/** Of a completed multipart upload. */
export interface CompletedPart {
  readonly number: number;
  readonly bytes: number;
  readonly checksums?: Checksums;
}

export interface ObjectVersion {
  /** Empty: the null version. */
  readonly versionId: string;
  readonly atMs: number;
  /** One whole blob, as nearly all objects are; undefined for an empty object and for a delete marker. */
  readonly body: string | readonly Piece[] | undefined;
  /** -1: a delete marker. */
  readonly bytes: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly headers: ObjectHeaders | undefined;
  readonly checksums: Checksums | undefined;
  readonly extra: VersionExtra | undefined;
}

/** What only a few versions have. */
export interface VersionExtra {
  readonly tags?: readonly ObjectTag[];
  readonly parts?: readonly CompletedPart[];
  /** The checksums are made of those of the parts. */
  readonly isComposite?: boolean;
  /** The upload that it came by: completing that once more answers the same. */
  readonly uploadId?: string;
}

export interface UploadedPart {
  readonly number: number;
  readonly atMs: number;
  readonly body: readonly Piece[];
  readonly bytes: number;
  readonly md5: string;
  readonly checksums: Checksums | undefined;
}

export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly atMs: number;
  /** ARN or account of who began it. */
  readonly initiator: string;
  readonly headers: ObjectHeaders | undefined;
  readonly tags: readonly ObjectTag[] | undefined;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: 'COMPOSITE' | 'FULL_OBJECT' | undefined;
  /** By number. */
  readonly parts: Map<number, UploadedPart>;
}

export interface BucketContents {
  /** By the key in {@link orderedKey}'s form: the only version, or several, newest first. */
  readonly objects: OrderedMap<ObjectVersion | ObjectVersion[]>;
  /** By `<ordered key>\0<begun at>\0<upload id>`. */
  readonly uploads: OrderedMap<Upload>;
  readonly uploadsById: Map<string, Upload>;
}

export class S3State {
  /** By name: names are global. */
  readonly buckets = new Table<BucketDoc>({
    name: 's3.buckets',
    indexes: { byAccount: (bucket) => bucket.account, byId: (bucket) => String(bucket.id) },
  });
  /** By the bucket's id. */
  readonly contents = new Map<number, BucketContents>();
  nextId = 1;
  /** Counts what happened to objects: orders events of one key. */
  sequence = 0;
  /** How many places refer to each blob. */
  readonly references = new Map<string, number>();
  /** Where expiry goes on that did not get through a bucket in one turn; by the bucket's id. */
  readonly expiringAfter = new Map<number, string>();
  /** Blobs that nothing refers to any more, by the minute in which it was so. Not kept: the next start finds them. */
  readonly unused = new Map<number, string[]>();
  /** Blobs to be deleted outside the cell. Not kept: the next start finds them. */
  readonly deleting: { readonly names: string[]; isUnderWay: boolean } = { names: [], isUnderWay: false };
  /** Blobs that are being read for a decision, and by how many. Not kept: neither is who waits for it. */
  readonly held = new Map<string, number>();
  readonly digesting = new Map<string, Digesting>();
  /** Equal headers once. Not kept: filled while objects come in. */
  readonly headersSeen = new Map<string, ObjectHeaders>();
}

export function newContents(): BucketContents {
  return { objects: new OrderedMap(), uploads: new OrderedMap(), uploadsById: new Map() };
}

/** Of a bucket that exists. */
export function contentsOf(state: S3State, bucketId: number): BucketContents {
  let contents = state.contents.get(bucketId);
  if (contents === undefined) {
    contents = newContents();
    state.contents.set(bucketId, contents);
  }
  return contents;
}
