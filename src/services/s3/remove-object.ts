// An object goes, or a delete marker hides it. AWS: S3 user guide, "Deleting object versions" and "Working with delete markers".

import type { BucketDoc } from './bucket.ts';
import { DeleteMarkerPut, VersionRemoved } from './facts.ts';
import { notifyRemoved } from './notify.ts';
import type { BucketContents, S3Turn } from './state.ts';
import { newVersionId } from './version-ids.ts';
import { findVersion, heldVersionId, isMarker, shownVersionId } from './versions.ts';

export interface Removal {
  readonly key: string;
  /** As the client names it; undefined: the object itself. */
  readonly versionId?: string | undefined;
  readonly by: 'DeleteObject' | 'Lifecycle Expiration';
  /** The lifecycle rule, when one asked for it. */
  readonly ruleId?: string;
}

export interface Removed {
  /** What was removed or put is a delete marker. */
  readonly DeleteMarker?: true;
  readonly VersionId?: string;
}

interface From {
  readonly bucket: BucketDoc;
  readonly contents: BucketContents;
}

export function removeObject(turn: S3Turn, from: From, removal: Removal): Removed {
  if (removal.versionId !== undefined) return removeVersion(turn, from, { ...removal, versionId: removal.versionId });
  const { bucket, contents } = from;
  const { key, ruleId } = removal;
  if (bucket.versioning === undefined) {
    const isThere = findVersion(contents, key, '') !== undefined;
    if (isThere) {
      turn.record(VersionRemoved, { bucket: bucket.id, key, versionId: '', atMs: turn.nowMs, ruleId });
      notifyRemoved(turn, bucket, { ...removal, kind: 'Delete', versionId: '' });
    }
    return {};
  }
  const versionId = bucket.versioning === 'Enabled' ? newVersionId(turn) : '';
  turn.record(DeleteMarkerPut, { bucket: bucket.id, key, versionId, atMs: turn.nowMs, ruleId });
  notifyRemoved(turn, bucket, { ...removal, kind: 'DeleteMarkerCreated', versionId });
  return { DeleteMarker: true, VersionId: shownVersionId({ versionId }) };
}

/** One that is not there is as good as removed. */
function removeVersion(
  turn: S3Turn,
  { bucket, contents }: From,
  removal: Removal & { readonly versionId: string },
): Removed {
  const { key, versionId: shown, ruleId } = removal;
  const versionId = heldVersionId(shown);
  const version = findVersion(contents, key, versionId);
  if (version === undefined) return { VersionId: shown };
  turn.record(VersionRemoved, { bucket: bucket.id, key, versionId, atMs: turn.nowMs, ruleId });
  notifyRemoved(turn, bucket, { ...removal, kind: 'Delete', versionId });
  return { VersionId: shown, ...(isMarker(version) ? { DeleteMarker: true } : {}) };
}
