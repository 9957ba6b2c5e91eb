// Events of objects, handed over as the bucket's configuration says.

import type { BucketDoc } from './bucket.ts';
import type { Removal } from './remove-object.ts';
import type { S3Turn } from './state.ts';
import type { ObjectDraft } from './write-object.ts';

export function notifyCreated(
  _turn: S3Turn,
  _bucket: BucketDoc,
  _created: ObjectDraft & { readonly versionId: string },
): void {}

export function notifyRemoved(
  _turn: S3Turn,
  _bucket: BucketDoc,
  _removed: Removal & { readonly kind: 'Delete' | 'DeleteMarkerCreated' },
): void {}
