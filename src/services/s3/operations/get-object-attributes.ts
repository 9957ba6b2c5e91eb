// GetObjectAttributes: what of an object was asked for, parts with their checksums included.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { GetObjectAttributesInput, GetObjectAttributesOutput } from '#wire/generated/s3.ts';
import { invalidArgument } from '../errors.ts';
import { readMax } from '../list-input.ts';
import { readRequestFor } from '../read-access.ts';
import { findObject } from '../read-object.ts';
import { namedChecksums, shownChecksums, withoutMissing } from '../shown-object.ts';
import type { ObjectVersion, S3State } from '../state.ts';
import { shownVersionId } from '../versions.ts';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;

export const getObjectAttributes = operation<S3State, GetObjectAttributesInput, GetObjectAttributesOutput>({
  authorize(turn, input) {
    const read = readRequestFor('GetObject', 'GetObjectVersion')(turn, input);
    if (read === undefined || 'code' in read) return read;
    const attributes = readRequestFor('GetObjectAttributes', 'GetObjectVersionAttributes')(turn, input);
    return attributes === undefined || 'code' in attributes ? attributes : [read, attributes];
  },
  decide(turn, input): Reply<GetObjectAttributesOutput> {
    const asked = input.ObjectAttributes ?? [];
    if (asked.length === 0 || asked.some((name) => !ATTRIBUTES.includes(name as (typeof ATTRIBUTES)[number]))) {
      const text = 'Invalid attribute name specified.';
      return refuse(invalidArgument('x-amz-object-attributes', asked.join(',').slice(0, 200), text));
    }
    const found = findObject(turn, input);
    if (isRefused(found)) return found;
    const max = readMax(input.MaxParts, 'x-amz-max-parts');
    if (isRefused(max)) return max;
    const { bucket, version } = found;
    const has = (name: (typeof ATTRIBUTES)[number]): boolean => asked.includes(name);
    const isChecked = has('Checksum') && version.checksums !== undefined;
    const after = Number(input.PartNumberMarker ?? 0) || 0;
    return {
      output: withoutMissing({
        LastModified: version.atMs,
        VersionId: bucket.versioning === undefined ? undefined : shownVersionId(version),
        ETag: has('ETag') ? version.eTag : undefined,
        Checksum: isChecked ? shownChecksums(version) : undefined,
        ObjectParts: has('ObjectParts') ? shownParts(version, { after, max }) : undefined,
        StorageClass: has('StorageClass') ? 'STANDARD' : undefined,
        ObjectSize: has('ObjectSize') ? version.bytes : undefined,
      }),
    };
  },
});

/** AWS shows the parts one by one only of uploads with checksums of their parts. */
function shownParts({ extra }: ObjectVersion, { after, max }: { after: number; max: number }) {
  const parts = extra?.parts;
  if (parts === undefined) return undefined;
  if (parts[0]?.checksums === undefined) return { TotalPartsCount: parts.length };
  const rest = parts.filter(({ number }) => number > after);
  const shown = rest.slice(0, max);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
    MaxParts: max,
    IsTruncated: shown.length < rest.length,
    Parts: shown.map(({ number, bytes, checksums }) => ({
      PartNumber: number,
      Size: bytes,
      ...namedChecksums(checksums),
    })),
  };
}
