// Objects as lists show them.

import type { CommonPrefix, Object as ListedObject } from '#wire/generated/s3.ts';
import type { Listed } from './listing.ts';
import { ownerOf } from './owner.ts';
import type { S3Turn } from './state.ts';
import { type Entry, newestOf } from './versions.ts';

export interface ListView {
  readonly turn: S3Turn;
  readonly account: string;
  readonly hasOwner: boolean;
  readonly encode: (text: string) => string;
}

export function shownContents(items: readonly Listed<Entry>[], view: ListView): ListedObject[] {
  const { turn, account, hasOwner, encode } = view;
  const owner = hasOwner ? { Owner: ownerOf(turn, account) } : {};
  return items.flatMap((item) => {
    if (item.prefix !== undefined) return [];
    const { atMs, eTag, bytes, checksums, extra } = newestOf(item.value);
    const ChecksumType = extra?.isComposite === true ? 'COMPOSITE' : 'FULL_OBJECT';
    return {
      Key: encode(item.key),
      LastModified: atMs,
      ETag: `"${eTag}"`,
      ...(checksums === undefined ? {} : { ChecksumAlgorithm: Object.keys(checksums), ChecksumType }),
      Size: bytes,
      StorageClass: 'STANDARD',
      ...owner,
    };
  });
}

export function shownPrefixes(items: readonly Listed<unknown>[], encode: (text: string) => string): CommonPrefix[] {
  return items.flatMap(({ prefix }) => (prefix === undefined ? [] : { Prefix: encode(prefix) }));
}
