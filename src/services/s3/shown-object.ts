// What GetObject, HeadObject and the like answer about an object.

import { base64Encode } from '#base/base64.ts';
import type { GetObjectOutput } from '#wire/generated/s3.ts';
import { formatHttpDate } from '#wire/timestamps.ts';
import type { BucketDoc } from './bucket.ts';
import { expirationHeader } from './lifecycle-rules.ts';
import type { ByteRange } from './ranges.ts';
import type { ReadObject } from './read-object.ts';
import type { Checksums, ObjectVersion } from './state.ts';
import { shownVersionId } from './versions.ts';

const utf8 = new TextEncoder();

interface ShownFrom {
  readonly bucket: BucketDoc;
  readonly version: ObjectVersion;
  readonly key: string;
}

type Shown = Omit<GetObjectOutput, 'Body' | 'ContentRange' | 'ContentLength'>;

export interface ShownOverrides {
  readonly ResponseCacheControl?: string | undefined;
  readonly ResponseContentDisposition?: string | undefined;
  readonly ResponseContentEncoding?: string | undefined;
  readonly ResponseContentLanguage?: string | undefined;
  readonly ResponseContentType?: string | undefined;
  readonly ResponseExpires?: number | undefined;
}

function shownObject({ bucket, version, key }: ShownFrom, overrides: ShownOverrides): Shown {
  const { headers = {}, extra, atMs, eTag } = version;
  const tagCount = extra?.tags?.length ?? 0;
  const shown: { [K in keyof Shown]: Shown[K] | undefined } = {
    AcceptRanges: 'bytes',
    LastModified: atMs,
    ETag: `"${eTag}"`,
    CacheControl: overrides.ResponseCacheControl ?? headers.cacheControl,
    ContentDisposition: overrides.ResponseContentDisposition ?? headers.contentDisposition,
    ContentEncoding: overrides.ResponseContentEncoding ?? headers.contentEncoding,
    ContentLanguage: overrides.ResponseContentLanguage ?? headers.contentLanguage,
    // AWS: "binary/octet-stream" for an object that was put without a type.
    ContentType: overrides.ResponseContentType ?? headers.contentType ?? 'binary/octet-stream',
    Expires: overrides.ResponseExpires === undefined ? headers.expires : formatHttpDate(overrides.ResponseExpires),
    Metadata: shownMetadata(headers.metadata),
    ServerSideEncryption: headers.encryption,
    VersionId: bucket.versioning === undefined ? undefined : shownVersionId(version),
    // AWS answers it for the newest version; here also for older ones, of which it says when they would have gone.
    Expiration: expirationHeader(bucket.lifecycle, key, version),
    TagCount: tagCount === 0 ? undefined : tagCount,
  };
  return withoutMissing(shown);
}

/**
 * AWS: S3 user guide, "Working with object metadata": what is not US-ASCII comes back as RFC 2047 has it, each byte of the header that was
 * sent taken for a character of Latin-1.
 */
function shownMetadata(metadata: Readonly<Record<string, string>> | undefined) {
  if (metadata === undefined || Object.values(metadata).every(isAscii)) return metadata;
  const shown = Object.entries(metadata).map(([name, value]) => [
    name,
    isAscii(value) ? value : `=?UTF-8?B?${base64Encode(utf8.encode(value))}?=`,
  ]);
  return Object.fromEntries(shown) as Readonly<Record<string, string>>;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

interface ReadInput extends ShownOverrides {
  readonly Key?: string | undefined;
  readonly ChecksumMode?: string | undefined;
  readonly PartNumber?: number | undefined;
}

/** What GetObject and HeadObject answer alike. */
export function shownRead({ bucket, version, range }: ReadObject, input: ReadInput) {
  const { from, to } = range ?? { from: 0, to: version.bytes };
  const partsCount = version.extra?.parts?.length;
  return {
    ...shownObject({ bucket, version, key: input.Key ?? '' }, input),
    ...readChecksums(version, { from, to }, input),
    ...(input.PartNumber === undefined || partsCount === undefined ? {} : { PartsCount: partsCount }),
    ...(range === undefined ? {} : { ContentRange: `bytes ${from}-${to - 1}/${version.bytes}` }),
    ContentLength: to - from,
  };
}

/** AWS: the checksum of the whole object, of a part the part's own; left out where another range is sent. */
function readChecksums(version: ObjectVersion, { from, to }: ByteRange, { ChecksumMode, PartNumber }: ReadInput) {
  if (ChecksumMode !== 'ENABLED') return {};
  const part = PartNumber === undefined ? undefined : version.extra?.parts?.[PartNumber - 1];
  if (part?.checksums !== undefined) return shownChecksums({ ...version, checksums: part.checksums });
  return from === 0 && to === version.bytes ? shownChecksums(version) : {};
}

/** Under the names of their members. */
export function shownChecksums(version: ObjectVersion): Readonly<Record<string, string>> {
  if (version.checksums === undefined) return {};
  const ChecksumType = version.extra?.isComposite === true ? 'COMPOSITE' : 'FULL_OBJECT';
  return { ...namedChecksums(version.checksums), ChecksumType };
}

export function namedChecksums(checksums: Checksums | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(checksums ?? {}).map(([name, value]) => [`Checksum${name}`, value]));
}

export function withoutMissing<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
