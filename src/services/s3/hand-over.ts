// An event goes to a queue, a topic or a function, as S3 acting for the bucket; retries are the deliveries' (AWS publishes no schedule for S3:
// "typically delivered in seconds", at least once; EventBridge's is taken).

import { utf8Encode } from '#base/bytes.ts';
import type { DeliveryStart } from '#cell/deliveries-door.ts';
import type { HandOverContent } from '#cell/target.ts';
import { eventPolicy } from '#deliveries/policies.ts';
import type { Principal } from '#model/principal.ts';
import { encodeStoredMessage, type Notification } from '#model/stored-message.ts';
import { type BucketDoc, bucketArn, bucketScope } from './bucket.ts';
import type { NotificationRule } from './notification-rules.ts';
import type { S3Turn } from './state.ts';

const POLICY = eventPolicy({});
/** AWS: the subject of S3's notifications through a topic. */
const SUBJECT = 'Amazon S3 Notification';

export function s3Principal(bucket: BucketDoc): { readonly principal: Principal; readonly sourceArn: string } {
  const sourceArn = bucketArn(bucket);
  return {
    sourceArn,
    principal: { kind: 'service', service: 's3.amazonaws.com', sourceArn, account: bucket.account },
  };
}

export function handOver(
  turn: S3Turn,
  bucket: BucketDoc,
  { kind, targetArn, text }: Pick<NotificationRule, 'kind' | 'targetArn'> & { readonly text: string },
): DeliveryStart {
  const { principal, sourceArn } = s3Principal(bucket);
  const acting = turn.within(bucketScope(bucket), principal) as S3Turn;
  const content: HandOverContent =
    kind === 'topic' ? { kind: 'message', message: notificationOf(acting, targetArn, text) } : { kind: 'event', text };
  const bytes = content.kind === 'event' ? utf8Encode(text) : encodeStoredMessage(content.message);
  return acting.doors.deliveries.deliver(acting, {
    handOver: { sourceArn, targetArn, principal, payload: acting.storePayload(bytes), content },
    policy: POLICY,
  });
}

function notificationOf(turn: S3Turn, topicArn: string, message: string): Notification {
  return {
    kind: 'notification',
    messageId: turn.uuid(),
    topicArn,
    subject: SUBJECT,
    message,
    attributes: [],
    timestamp: new Date(turn.nowMs).toISOString(),
    signatureVersion: '1',
    system: {},
  };
}
