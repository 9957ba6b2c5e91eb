// What S3 tells about an object: the record for queues, topics and functions (S3 user guide, "Event message structure"), and the detail of the
// event for EventBridge ("EventBridge event message structure"). Both are in the form of AWS's messages as recorded in LocalStack's snapshots.

import type { Principal } from '#model/principal.ts';
import { type BucketDoc, bucketArn } from './bucket.ts';
import type { EventName } from './events.ts';
import type { S3Turn } from './state.ts';
import { urlEncoded } from './url-encoded.ts';

export interface ObjectEvent {
  readonly name: EventName;
  readonly key: string;
  /** Empty: the null version. */
  readonly versionId: string;
  /** Undefined where AWS leaves them out: for what was removed. */
  readonly bytes: number | undefined;
  readonly eTag: string | undefined;
  /** AWS leaves it out of events of tags. */
  readonly hasSequencer: boolean;
  /** Of EventBridge's event: `PutObject`. */
  readonly reason: string | undefined;
  readonly principal: Principal;
}

const isLifecycle = ({ name }: ObjectEvent): boolean => name.startsWith('LifecycleExpiration:');
const isNewForm = (event: ObjectEvent): boolean => isLifecycle(event) || event.name.startsWith('ObjectTagging:');

export function eventRecord(turn: S3Turn, bucket: BucketDoc, event: ObjectEvent): object {
  const requestId = requestIdOf(turn);
  return {
    eventVersion: isNewForm(event) ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(turn.nowMs).toISOString(),
    eventName: event.name,
    userIdentity: { principalId: principalIdOf(turn, event) },
    requestParameters: { sourceIPAddress: sourceIpOf(turn, event) },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
  };
}

/** The `s3` part of a record: the same for all rules but for the configuration's id. */
export function recordFor(
  turn: S3Turn,
  bucket: BucketDoc,
  { event, configurationId }: { readonly event: ObjectEvent; readonly configurationId: string },
): object {
  return {
    ...eventRecord(turn, bucket, event),
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: customerId(turn, bucket.account) },
        arn: bucketArn(bucket),
      },
      object: {
        key: urlEncoded(event.key),
        ...(event.bytes === undefined ? {} : { size: event.bytes }),
        ...(event.eTag === undefined ? {} : { eTag: event.eTag }),
        ...(event.versionId === '' ? {} : { versionId: event.versionId }),
        ...(event.hasSequencer ? { sequencer: sequencerOf(turn) } : {}),
      },
    },
  };
}

export function eventDetail(turn: S3Turn, bucket: BucketDoc, event: ObjectEvent): object {
  const { name, reason } = event;
  const isMarker = name.endsWith(':DeleteMarkerCreated');
  const isRemoved = isMarker || name.endsWith('Removed:Delete') || name === 'LifecycleExpiration:Delete';
  return {
    version: '0',
    bucket: { name: bucket.name },
    object: {
      key: event.key,
      ...(event.bytes === undefined ? {} : { size: event.bytes }),
      ...(event.eTag === undefined ? {} : { etag: event.eTag }),
      ...(event.versionId === '' ? {} : { 'version-id': event.versionId }),
      ...(event.hasSequencer ? { sequencer: sequencerOf(turn) } : {}),
    },
    'request-id': requestIdOf(turn),
    requester: isLifecycle(event) ? 's3.amazonaws.com' : requesterOf(event.principal),
    ...(isLifecycle(event) ? {} : { 'source-ip-address': sourceIpOf(turn, event) }),
    ...(reason === undefined ? {} : { reason }),
    ...(isRemoved ? { 'deletion-type': isMarker ? 'Delete Marker Created' : 'Permanently Deleted' } : {}),
  };
}

/** AWS, "Using EventBridge": the detail types. */
export function detailTypeOf(name: EventName): string {
  if (name.startsWith('ObjectCreated:')) return 'Object Created';
  if (name === 'ObjectTagging:Put') return 'Object Tags Added';
  return name === 'ObjectTagging:Delete' ? 'Object Tags Deleted' : 'Object Deleted';
}

/** AWS: later events of a key have the greater one; compared as text, so it is of one length. */
function sequencerOf(turn: S3Turn): string {
  return turn.state.sequence.toString(16).toUpperCase().padStart(18, '0');
}

const requestIdOf = (turn: S3Turn): string => turn.request?.requestId ?? '';

function sourceIpOf(turn: S3Turn, event: ObjectEvent): string {
  if (isLifecycle(event)) return 's3.amazonaws.com';
  const { principal } = event;
  // AWS: of a service that acts, its name stands in place of an address.
  return turn.request?.sourceIp ?? (principal.kind === 'service' ? principal.service : '127.0.0.1');
}

function principalIdOf(turn: S3Turn, event: ObjectEvent): string {
  if (isLifecycle(event)) return 's3.amazonaws.com';
  const { principal } = event;
  if (principal.kind === 'anonymous') return 'Anonymous';
  if (principal.kind === 'service') return `AWS:${principal.service}`;
  return principal.kind === 'root' ? customerId(turn, principal.account) : `AWS:${principal.userId}`;
}

function requesterOf(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.account;
}

/** AWS's id of a customer, in the form it has in messages: the same for the same account. */
function customerId(turn: S3Turn, account: string): string {
  return `A${turn.digest.sha256Hex(`customer id of ${account}`).slice(0, 13).toUpperCase()}`;
}
