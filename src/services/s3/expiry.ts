// Lifecycle rules, carried out: every midnight UTC a timer goes through the bucket, some keys a turn, so that a large bucket holds nobody up.

import type { LifecycleRule } from '#wire/generated/s3.ts';
import { nextMidnight } from './apply.ts';
import { type BucketDoc, bucketArn, bucketScope } from './bucket.ts';
import { ExpiryAdvanced, UploadAborted } from './facts.ts';
import { orderedKey, shownKey } from './key-order.ts';
import { abortOf, expiryOf, noncurrentDue, ruleAgainstMarker } from './lifecycle-rules.ts';
import { removeObject } from './remove-object.ts';
import { type BucketContents, contentsOf, type ObjectVersion, type S3Turn, type Upload } from './state.ts';
import { allOf, isMarker, shownVersionId } from './versions.ts';

const KEYS_PER_TURN = 1_000;

/** The timer; its subject is the bucket's id. */
export function expire(anyTurn: S3Turn, subject: string): void {
  const [bucket] = anyTurn.state.buckets.by('byId', subject);
  if (bucket?.lifecycle === undefined) return;
  const principal = {
    kind: 'service' as const,
    service: 's3.amazonaws.com',
    sourceArn: bucketArn(bucket),
    account: bucket.account,
  };
  const turn = anyTurn.within(bucketScope(bucket), principal) as S3Turn;
  const contents = contentsOf(turn.state, bucket.id);
  const afterKey = turn.state.expiringAfter.get(bucket.id) ?? '';
  if (afterKey === '') abortUploads(turn, bucket, contents);
  const lastKey = expireKeys(turn, { bucket, contents, rules: bucket.lifecycle }, afterKey);
  const nextAtMs = lastKey === '' ? nextMidnight(turn.nowMs) : turn.nowMs;
  turn.record(ExpiryAdvanced, { bucket: bucket.id, afterKey: lastKey, nextAtMs });
}

interface Place {
  readonly bucket: BucketDoc;
  readonly contents: BucketContents;
  readonly rules: readonly LifecycleRule[];
}

/** The last key that was looked at, or an empty one at the end. */
function expireKeys(turn: S3Turn, place: Place, afterKey: string): string {
  const looked: { readonly key: string; readonly versions: readonly ObjectVersion[] }[] = [];
  let isMore = false;
  const first = afterKey === '' ? '' : `${orderedKey(afterKey)}\0`;
  for (const { key, value } of place.contents.objects.from(first)) {
    if (looked.length === KEYS_PER_TURN) {
      isMore = true;
      break;
    }
    looked.push({ key: shownKey(key), versions: allOf(value) });
  }
  for (const { key, versions } of looked) expireObject(turn, place, { key, versions });
  return isMore ? (looked.at(-1)?.key ?? '') : '';
}

function expireObject(
  turn: S3Turn,
  { bucket, contents, rules }: Place,
  { key, versions }: { readonly key: string; readonly versions: readonly ObjectVersion[] },
): void {
  const { nowMs } = turn;
  const from = { bucket, contents };
  const by = 'Lifecycle Expiration' as const;
  for (const { version, ruleId } of noncurrentDue(rules, key, { versions, nowMs })) {
    removeObject(turn, from, { key, versionId: shownVersionId(version), by, ruleId });
  }
  const [newest] = versions;
  if (newest === undefined) return;
  if (isMarker(newest)) {
    const isAlone = allOf(contents.objects.get(orderedKey(key))).length === 1;
    const rule = isAlone ? ruleAgainstMarker(rules, key, { marker: newest, nowMs }) : undefined;
    if (rule !== undefined) {
      removeObject(turn, from, { key, versionId: shownVersionId(newest), by, ruleId: rule.ID ?? '' });
    }
    return;
  }
  const expiry = expiryOf(rules, key, newest);
  if (expiry !== undefined && expiry.atMs <= nowMs) removeObject(turn, from, { key, by, ruleId: expiry.ruleId });
}

function abortUploads(turn: S3Turn, bucket: BucketDoc, { uploadsById }: BucketContents): void {
  const isDue = (upload: Upload): boolean =>
    (abortOf(bucket.lifecycle, upload)?.atMs ?? Number.POSITIVE_INFINITY) <= turn.nowMs;
  const due = [...uploadsById.values()].filter(isDue);
  for (const { uploadId } of due) {
    turn.record(UploadAborted, { bucket: bucket.id, uploadId, atMs: turn.nowMs });
  }
}
