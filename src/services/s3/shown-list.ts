// Objects as lists show them.

import type { CommonPrefix, Object as ListedObject } from '#wire/generated/s3.ts';
import type { Listed } from './listing.ts';
import { ownerOf } from './owner.ts';
import type { ObjectVersion, S3Turn } from './state.ts';
import { type Entry, newestOf } from './versions.ts';

export interface ListView {
  readonly turn: S3Turn;
  readonly account: string;
  readonly hasOwner: boolean;
}

export function shownContents(items: readonly Listed<Entry>[], view: ListView): ListedObject[] {
  const { turn, account, hasOwner } = view;
  const owner = hasOwner ? { Owner: ownerOf(turn, account) } : {};
  return items.flatMap((item) => {
    if (item.prefix !== undefined) return [];
    const version = newestOf(item.value);
    const { atMs, eTag, bytes } = version;
    return {
      Key: item.key,
      LastModified: atMs,
      ETag: `"${eTag}"`,
      ...checksumNames(version),
      Size: bytes,
      StorageClass: 'STANDARD',
      ...owner,
    };
  });
}

export function shownPrefixes(items: readonly Listed<unknown>[]): CommonPrefix[] {
  return items.flatMap(({ prefix }) => (prefix === undefined ? [] : { Prefix: prefix }));
}

/** Which checksums a version has; lists do not show their values. */
export function checksumNames({ checksums, extra }: ObjectVersion): {
  readonly ChecksumAlgorithm?: readonly string[];
  readonly ChecksumType?: string;
} {
  if (checksums === undefined) return {};
  const ChecksumType = extra?.isComposite === true ? 'COMPOSITE' : 'FULL_OBJECT';
  return { ChecksumAlgorithm: Object.keys(checksums), ChecksumType };
}
