// Tags of an object or a version: read, replaced as a whole, removed.

import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, clientError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type {
  DeleteObjectTaggingInput,
  DeleteObjectTaggingOutput,
  GetObjectTaggingInput,
  GetObjectTaggingOutput,
  PutObjectTaggingInput,
  PutObjectTaggingOutput,
} from '#wire/generated/s3.ts';
import type { BucketDoc } from '../bucket.ts';
import { ObjectTagged } from '../facts.ts';
import type { NamesBucket } from '../find-bucket.ts';
import { notifyTagged } from '../notify.ts';
import { readRequestFor, readTaggingRequest } from '../read-access.ts';
import { findObject } from '../read-object.ts';
import type { ObjectTag, ObjectVersion, S3State, S3Turn } from '../state.ts';
import { readTags } from '../tags.ts';
import { shownVersionId } from '../versions.ts';

export const getObjectTagging = operation<S3State, GetObjectTaggingInput, GetObjectTaggingOutput>({
  authorize: readTaggingRequest,
  decide(turn, input): Reply<GetObjectTaggingOutput> {
    const found = findTagged(turn, input, 'GET');
    if (isRefused(found)) return found;
    return { output: { TagSet: found.version.extra?.tags ?? [], ...shownVersion(found) } };
  },
});

export const putObjectTagging = operation<S3State, PutObjectTaggingInput, PutObjectTaggingOutput>({
  authorize: readRequestFor('PutObjectTagging', 'PutObjectVersionTagging'),
  decide(turn, input): Reply<PutObjectTaggingOutput> {
    const found = findTagged(turn, input, 'PUT');
    if (isRefused(found)) return found;
    const tags = readTags(input.Tagging?.TagSet, 'object');
    if (isRefused(tags)) return tags;
    tag(turn, found, { key: input.Key ?? '', tags, event: 'ObjectTagging:Put' });
    return { output: shownVersion(found) };
  },
});

export const deleteObjectTagging = operation<S3State, DeleteObjectTaggingInput, DeleteObjectTaggingOutput>({
  authorize: readRequestFor('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
  decide(turn, input): Reply<DeleteObjectTaggingOutput> {
    const found = findTagged(turn, input, 'DELETE');
    if (isRefused(found)) return found;
    tag(turn, found, { key: input.Key ?? '', tags: [], event: 'ObjectTagging:Delete' });
    return { output: shownVersion(found) };
  },
});

interface Tagged {
  readonly bucket: BucketDoc;
  readonly version: ObjectVersion;
}

type Named = NamesBucket & { readonly Key?: string | undefined; readonly VersionId?: string | undefined };

/** AWS: a delete marker has no tags, also where it is the newest version: 405 in both cases. */
function findTagged(turn: S3Turn, input: Named, method: string): Tagged | Refused {
  const found = findObject(turn, input);
  if (!isRefused(found)) return found;
  const isMarked = found.refused.headers?.['x-amz-delete-marker'] === 'true';
  return isMarked ? refuse(onMarker(method)) : found;
}

function onMarker(method: string): AwsError {
  const text = 'The specified method is not allowed against this resource.';
  return clientError('MethodNotAllowed', text, {
    status: 405,
    members: { Method: method, ResourceType: 'DeleteMarker' },
  });
}

function tag(
  turn: S3Turn,
  { bucket, version }: Tagged,
  given: { key: string; tags: readonly ObjectTag[]; event: 'ObjectTagging:Put' | 'ObjectTagging:Delete' },
): void {
  const { key, tags, event } = given;
  turn.record(ObjectTagged, { bucket: bucket.id, key, versionId: version.versionId, tags });
  notifyTagged(turn, bucket, { key, version, event });
}

function shownVersion({ bucket, version }: Tagged): { readonly VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: shownVersionId(version) };
}
