// What facts and documents do to memory: the index of objects and uploads, how many places refer to each blob, and timers of expiry.

import type { FactKind } from '#cell/fact.ts';
import { type ApplyContext, bind, type FactBinding, on, type TableBinding } from '#cell/service-definition.ts';
import { noteUnused, type Releasing, releasePieces, retainPieces, sharedHeaders } from './blobs.ts';
import type { BucketDoc } from './bucket.ts';
import * as facts from './facts.ts';
import { orderedKey } from './key-order.ts';
import { contentsOf, type ObjectVersion, type S3State, type Upload, type VersionExtra } from './state.ts';
import { allOf, piecesOf } from './versions.ts';

type Fact<K> = K extends FactKind<infer T> ? T : never;

/** Looks at a bucket's objects; its subject is the bucket's id. */
export const EXPIRY_TIMER = 'expiry';
const DAY_MS = 24 * 60 * 60 * 1000;

export const factBindings: readonly FactBinding<S3State>[] = [
  on(facts.ObjectPut, objectPut),
  on(facts.DeleteMarkerPut, deleteMarkerPut),
  on(facts.VersionRemoved, versionRemoved),
  on(facts.ObjectTagged, objectTagged),
  on(facts.UploadBegun, uploadBegun),
  on(facts.PartUploaded, partUploaded),
  on(facts.UploadAborted, (state, fact, context) => endUpload(state, fact, { context, atMs: fact.atMs })),
  on(facts.EventNotified, () => {}),
  on(facts.ExpiryAdvanced, expiryAdvanced),
  on(facts.LeftBlobsFound, (state, { blobs, atMs }, context) => {
    for (const blob of blobs) noteUnused(state, blob, { context, atMs });
  }),
];

export function tableBindings(state: S3State): readonly TableBinding[] {
  return [
    bind<BucketDoc>(state.buckets, (_key, before, after, context) => bucketChanged(state, { before, after, context })),
  ];
}

function bucketChanged(
  state: S3State,
  change: { before: BucketDoc | undefined; after: BucketDoc | undefined; context: ApplyContext },
): void {
  const { before, after, context } = change;
  if (after === undefined) {
    if (before === undefined) return;
    state.contents.delete(before.id);
    context.timers.clear(EXPIRY_TIMER, String(before.id));
    state.expiringAfter.delete(before.id);
    return;
  }
  state.nextId = Math.max(state.nextId, after.id + 1);
  contentsOf(state, after.id);
  if (lifecycleOf(after) === lifecycleOf(before)) return;
  state.expiringAfter.delete(after.id);
  const subject = String(after.id);
  if (after.lifecycle === undefined) context.timers.clear(EXPIRY_TIMER, subject);
  else context.timers.set(EXPIRY_TIMER, subject, nextMidnight(after.lifecycleSetAtMs ?? after.createdAtMs));
}

/** Told by when it was set: on replay a document is another object, though it says the same. */
function lifecycleOf(bucket: BucketDoc | undefined): number | undefined {
  return bucket?.lifecycle === undefined ? undefined : (bucket.lifecycleSetAtMs ?? bucket.createdAtMs);
}

/** AWS, "Setting lifecycle configuration": expiry counts in days and is rounded up to the next midnight UTC. */
export function nextMidnight(afterMs: number): number {
  return (Math.floor(afterMs / DAY_MS) + 1) * DAY_MS;
}

function objectPut(state: S3State, fact: Fact<typeof facts.ObjectPut>, context: ApplyContext): void {
  const { bucket, key, uploadId, atMs } = fact;
  const releasing = { context, atMs };
  retainPieces(state, fact.pieces);
  if (uploadId !== undefined) endUpload(state, { bucket, uploadId }, releasing);
  addVersion(state, { bucket, key, version: versionOf(state, fact) }, releasing);
}

function versionOf(state: S3State, fact: Fact<typeof facts.ObjectPut>): ObjectVersion {
  const { versionId, atMs, pieces, bytes, eTag, headers, checksums, tags, parts, isComposite, uploadId } = fact;
  const [first] = pieces;
  const isWhole =
    first !== undefined && pieces.length === 1 && first.from === 0 && first.to === bytes && parts === undefined;
  const hasExtra = tags !== undefined || parts !== undefined || isComposite !== undefined;
  return {
    versionId,
    atMs,
    body: isWhole ? first.blob : first === undefined ? undefined : pieces,
    bytes,
    eTag,
    headers: headers === undefined ? undefined : sharedHeaders(state, headers),
    checksums,
    extra: hasExtra ? withoutMissing({ tags, parts, isComposite, uploadId }) : undefined,
  };
}

function withoutMissing(extra: { [K in keyof VersionExtra]: VersionExtra[K] | undefined }): VersionExtra {
  return Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined));
}

function deleteMarkerPut(state: S3State, fact: Fact<typeof facts.DeleteMarkerPut>, context: ApplyContext): void {
  const { bucket, key, versionId, atMs } = fact;
  const version: ObjectVersion = {
    versionId,
    atMs,
    body: undefined,
    bytes: -1,
    eTag: '',
    headers: undefined,
    checksums: undefined,
    extra: undefined,
  };
  addVersion(state, { bucket, key, version }, { context, atMs });
}

/** The null version takes the place of the one before it; all others stay. */
function addVersion(
  state: S3State,
  { bucket, key, version }: { bucket: number; key: string; version: ObjectVersion },
  releasing: Releasing,
): void {
  state.sequence += 1;
  const { objects } = contentsOf(state, bucket);
  const ordered = orderedKey(key);
  const entry = objects.get(ordered);
  if (entry === undefined) {
    objects.set(ordered, version);
    return;
  }
  if (version.versionId !== '') {
    // In place: a key may have very many versions, and each write adds one.
    if (Array.isArray(entry)) entry.unshift(version);
    else objects.set(ordered, [version, entry]);
    return;
  }
  const kept = allOf(entry).filter((other) => other.versionId !== '');
  for (const other of allOf(entry)) if (other.versionId === '') releasePieces(state, piecesOf(other), releasing);
  objects.set(ordered, kept.length === 0 ? version : [version, ...kept]);
}

function versionRemoved(state: S3State, fact: Fact<typeof facts.VersionRemoved>, context: ApplyContext): void {
  const { bucket, key, versionId, atMs } = fact;
  state.sequence += 1;
  const { objects } = contentsOf(state, bucket);
  const ordered = orderedKey(key);
  const versions = allOf(objects.get(ordered));
  const removed = versions.find((version) => version.versionId === versionId);
  if (removed === undefined) return;
  releasePieces(state, piecesOf(removed), { context, atMs });
  const kept = versions.filter((version) => version !== removed);
  if (kept.length === 0) objects.delete(ordered);
  else objects.set(ordered, kept.length === 1 ? (kept[0] as ObjectVersion) : kept);
}

function objectTagged(state: S3State, { bucket, key, versionId, tags }: Fact<typeof facts.ObjectTagged>): void {
  const { objects } = contentsOf(state, bucket);
  const ordered = orderedKey(key);
  const changed = allOf(objects.get(ordered)).map((version) =>
    version.versionId === versionId ? withTags(version, tags) : version,
  );
  if (changed.length > 0) objects.set(ordered, changed.length === 1 ? (changed[0] as ObjectVersion) : changed);
}

function withTags(version: ObjectVersion, tags: Fact<typeof facts.ObjectTagged>['tags']): ObjectVersion {
  const { tags: _before, ...rest } = version.extra ?? {};
  const extra = tags.length === 0 ? rest : { ...rest, tags };
  return { ...version, extra: Object.keys(extra).length === 0 ? undefined : extra };
}

function uploadBegun(state: S3State, fact: Fact<typeof facts.UploadBegun>): void {
  const { bucket, ...rest } = fact;
  const contents = contentsOf(state, bucket);
  const upload: Upload = { ...rest, parts: new Map() };
  contents.uploads.set(uploadPlace(upload), upload);
  contents.uploadsById.set(upload.uploadId, upload);
}

/** AWS, ListMultipartUploads: by key, then by the time they began. */
export function uploadPlace({ key, atMs, uploadId }: Pick<Upload, 'key' | 'atMs' | 'uploadId'>): string {
  return `${orderedKey(key)}\0${String(atMs).padStart(16, '0')}\0${uploadId}`;
}

function partUploaded(state: S3State, fact: Fact<typeof facts.PartUploaded>, context: ApplyContext): void {
  const { bucket, uploadId, pieces, ...rest } = fact;
  const upload = contentsOf(state, bucket).uploadsById.get(uploadId);
  if (upload === undefined) return;
  // Before the one it replaces is let go: an UploadPartCopy may bring the same blob again.
  retainPieces(state, pieces);
  const before = upload.parts.get(fact.number);
  if (before !== undefined) releasePieces(state, before.body, { context, atMs: fact.atMs });
  upload.parts.set(fact.number, { ...rest, body: pieces });
}

function endUpload(
  state: S3State,
  { bucket, uploadId }: { readonly bucket: number; readonly uploadId: string },
  releasing: Releasing,
): void {
  const contents = contentsOf(state, bucket);
  const upload = contents.uploadsById.get(uploadId);
  if (upload === undefined) return;
  for (const part of upload.parts.values()) releasePieces(state, part.body, releasing);
  contents.uploadsById.delete(uploadId);
  contents.uploads.delete(uploadPlace(upload));
}

function expiryAdvanced(state: S3State, fact: Fact<typeof facts.ExpiryAdvanced>, context: ApplyContext): void {
  const { bucket, afterKey, nextAtMs } = fact;
  if (afterKey === '') state.expiringAfter.delete(bucket);
  else state.expiringAfter.set(bucket, afterKey);
  context.timers.set(EXPIRY_TIMER, String(bucket), nextAtMs);
}
