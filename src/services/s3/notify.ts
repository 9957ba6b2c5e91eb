// Events of objects, handed over as the bucket's configuration says, in the turn that caused them.

import { parseUuid } from '#base/uuid.ts';
import type { Principal } from '#model/principal.ts';
import { type BucketDoc, bucketArn, bucketScope } from './bucket.ts';
import { detailTypeOf, eventDetail, type ObjectEvent, recordFor } from './event-record.ts';
import type { EventName } from './events.ts';
import { EventNotified } from './facts.ts';
import { handOver } from './hand-over.ts';
import { type NotificationRule, rulesOf, wants } from './notification-rules.ts';
import type { Removal } from './remove-object.ts';
import type { ObjectVersion, S3Turn } from './state.ts';
import type { ObjectDraft } from './write-object.ts';

/** AWS, "EventBridge event message structure": what the event's reason says for each way to create an object. */
const REASONS = {
  Put: 'PutObject',
  Post: 'POST Object',
  Copy: 'CopyObject',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
} as const;

const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

export function notifyCreated(
  turn: S3Turn,
  bucket: BucketDoc,
  created: ObjectDraft & { readonly versionId: string },
): void {
  const { by, key, versionId, bytes, eTag, principal = turn.principal } = created;
  const name: EventName = `ObjectCreated:${by}`;
  notify(turn, bucket, { name, key, versionId, bytes, eTag, hasSequencer: true, reason: REASONS[by], principal });
}

export function notifyRemoved(
  turn: S3Turn,
  bucket: BucketDoc,
  removed: Removal & { readonly kind: 'Delete' | 'DeleteMarkerCreated'; readonly versionId: string },
): void {
  const { by, kind, key, versionId } = removed;
  const name: EventName = by === 'DeleteObject' ? `ObjectRemoved:${kind}` : `LifecycleExpiration:${kind}`;
  notify(turn, bucket, {
    name,
    key,
    versionId,
    bytes: undefined,
    eTag: kind === 'DeleteMarkerCreated' ? MD5_OF_NOTHING : undefined,
    hasSequencer: true,
    reason: by,
    principal: turn.principal,
  });
}

export function notifyTagged(
  turn: S3Turn,
  bucket: BucketDoc,
  tagged: { readonly key: string; readonly version: ObjectVersion; readonly event: EventName },
): void {
  const { key, version, event } = tagged;
  const { versionId, eTag } = version;
  const { principal } = turn;
  notify(turn, bucket, {
    name: event,
    key,
    versionId,
    bytes: undefined,
    eTag,
    hasSequencer: false,
    reason: undefined,
    principal,
  });
}

function notify(turn: S3Turn, bucket: BucketDoc, event: ObjectEvent): void {
  const { notifications } = bucket;
  if (notifications === undefined) return;
  for (const rule of rulesOf(notifications)) {
    if (wants(rule, event.name, event.key)) notifyRule(turn, bucket, { rule, event });
  }
  if (notifications.EventBridgeConfiguration !== undefined) emit(turn, bucket, event);
}

function notifyRule(
  turn: S3Turn,
  bucket: BucketDoc,
  { rule, event }: { readonly rule: NotificationRule; readonly event: ObjectEvent },
): void {
  const record = recordFor(turn, bucket, { event, configurationId: rule.id });
  const started = handOver(turn, bucket, { ...rule, text: JSON.stringify({ Records: [record] }) });
  const failure = 'failed' in started ? `${started.failed.code}: ${started.failed.detail}` : undefined;
  const messageId = 'accepted' in started ? started.targetMessageId : undefined;
  note(turn, bucket, { event, targetArn: rule.targetArn, failure, messageId });
}

function emit(turn: S3Turn, bucket: BucketDoc, event: ObjectEvent): void {
  const scope = bucketScope(bucket);
  const principal: Principal = {
    kind: 'service',
    service: 's3.amazonaws.com',
    sourceArn: bucketArn(bucket),
    account: bucket.account,
  };
  turn.doors.events?.emit(turn.within(scope, principal), {
    scope,
    source: 'aws.s3',
    detailType: detailTypeOf(event.name),
    resources: [bucketArn(bucket)],
    detail: JSON.stringify(eventDetail(turn, bucket, event)),
  });
  const targetArn = `arn:${scope.partition}:events:${scope.region}:${scope.account}:event-bus/default`;
  note(turn, bucket, { event, targetArn });
}

function note(
  turn: S3Turn,
  bucket: BucketDoc,
  noted: {
    readonly event: ObjectEvent;
    readonly targetArn: string;
    readonly failure?: string | undefined;
    readonly messageId?: string | undefined;
  },
): void {
  const { event, targetArn, failure, messageId: id } = noted;
  const { key, name: eventName } = event;
  const messageId = id === undefined || parseUuid(id) === undefined ? undefined : id;
  turn.record(EventNotified, { bucket: bucket.id, key, eventName, targetArn, failure, messageId });
}
