// ListObjectVersions: versions and delete markers, two lists of one order.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { ListObjectVersionsInput, ListObjectVersionsOutput } from '#wire/generated/s3.ts';
import { onBucket } from '../access.ts';
import { invalidArgument } from '../errors.ts';
import { findBucket } from '../find-bucket.ts';
import { encodingProblem, readMax } from '../list-input.ts';
import { type ListedVersion, listVersions } from '../list-versions.ts';
import { ownerOf } from '../owner.ts';
import { checksumNames } from '../shown-list.ts';
import { withoutMissing } from '../shown-object.ts';
import type { S3State } from '../state.ts';
import { versionIdProblem } from '../version-ids.ts';
import { isMarker, shownVersionId } from '../versions.ts';

export const listObjectVersions = operation<S3State, ListObjectVersionsInput, ListObjectVersionsOutput>({
  authorize: onBucket<ListObjectVersionsInput>('ListBucketVersions', ({ Prefix, Delimiter, MaxKeys }) => ({
    prefix: Prefix,
    delimiter: Delimiter,
    'max-keys': MaxKeys,
  })),
  decide(turn, input): Reply<ListObjectVersionsOutput> {
    const found = findBucket(turn, input);
    if (isRefused(found)) return found;
    const { bucket, contents } = found;
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '', EncodingType } = input;
    const max = readMax(input.MaxKeys, 'max-keys');
    if (isRefused(max)) return max;
    const problem = encodingProblem(EncodingType) ?? markerProblem(input);
    if (problem !== undefined) return refuse(problem);
    const versionIdMarker = input.VersionIdMarker ?? '';
    const page = listVersions(contents, { prefix, delimiter, keyMarker, versionIdMarker, max });
    const Owner = ownerOf(turn, bucket.account);
    return {
      output: withoutMissing({
        Name: bucket.name,
        Prefix: prefix,
        KeyMarker: keyMarker,
        VersionIdMarker: versionIdMarker,
        NextKeyMarker: page.next?.key,
        NextVersionIdMarker: page.next?.versionId,
        Delimiter: delimiter === '' ? undefined : delimiter,
        MaxKeys: max,
        EncodingType,
        IsTruncated: page.next !== undefined,
        Versions: page.versions
          .filter(({ version }) => !isMarker(version))
          .map((listed) => ({ ...shown(listed), ...details(listed), Owner })),
        DeleteMarkers: page.versions
          .filter(({ version }) => isMarker(version))
          .map((listed) => ({ ...shown(listed), Owner })),
        CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix })),
      }),
    };
  },
});

function markerProblem({ KeyMarker, VersionIdMarker }: ListObjectVersionsInput) {
  if (VersionIdMarker === undefined || VersionIdMarker === '') return undefined;
  if (KeyMarker !== undefined && KeyMarker !== '') return versionIdProblem(VersionIdMarker);
  const text = 'A version-id marker cannot be specified without a key marker.';
  return invalidArgument('version-id-marker', VersionIdMarker, text);
}

function shown({ key, version, isLatest }: ListedVersion) {
  return { Key: key, VersionId: shownVersionId(version), IsLatest: isLatest, LastModified: version.atMs };
}

function details({ version }: ListedVersion) {
  return { ETag: `"${version.eTag}"`, Size: version.bytes, StorageClass: 'STANDARD', ...checksumNames(version) };
}
