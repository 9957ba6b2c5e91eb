// A stored message becomes the POST that an HTTP/S endpoint gets. AWS, SNS developer guide, "HTTP/HTTPS headers" and "HTTP/HTTPS notification
// JSON format"; "Large payload and raw message delivery": raw ones are marked by a header and come without message attributes.

import type { HttpRequest } from '#cell/http-request.ts';
import { renderEnvelope } from '#model/notification-envelope.ts';
import type { StoredMessage } from '#model/stored-message.ts';
import { subscriptionKeyOf } from '../arns.ts';
import { isHttp, type SnsTurn } from '../state.ts';
import { type HttpSettings, httpSettings } from './delivery-policy.ts';
import type { Post } from './lane.ts';

/** "Your endpoint must respond within 15 seconds" (developer guide, "Make sure your endpoint is ready to process Amazon SNS messages"). */
const TIMEOUT_MS = 15_000;
/** Nothing is done with the answer's body. */
const ANSWER_BYTES_MAX = 64 * 1024;

export interface Destination {
  readonly settings: HttpSettings;
  readonly topicArn: string;
  readonly endpoint: string;
}

/** Where the subscription leads, and how; undefined when it is gone. */
export function destinationOf(turn: SnsTurn, subscriptionArn: string): Destination | undefined {
  const key = subscriptionKeyOf(subscriptionArn);
  const { subscriptions, topics, routes } = turn.state;
  const subscription = typeof key === 'string' ? subscriptions.get(key) : undefined;
  if (typeof key !== 'string' || subscription === undefined || !isHttp(subscription.protocol)) return undefined;
  const { topicKey, topicArn, endpoint, attributes } = subscription;
  const known = routes.get(topicKey)?.get(key)?.http;
  const ofTopic = topics.get(topicKey)?.attributes['DeliveryPolicy'];
  return { settings: known ?? httpSettings(ofTopic, attributes['DeliveryPolicy']), topicArn, endpoint };
}

export function httpRequestOf(
  turn: SnsTurn,
  { post, message, destination }: { post: Post; message: StoredMessage; destination: Destination },
): HttpRequest {
  const { subscriptionArn, topicArn } = post;
  const isNotification = message.kind === 'notification';
  const isRaw = isNotification && post.isRaw;
  const headers: [string, string][] = [
    ['x-amz-sns-message-type', isNotification ? 'Notification' : 'SubscriptionConfirmation'],
    ['x-amz-sns-message-id', message.messageId],
    ['x-amz-sns-topic-arn', topicArn],
  ];
  if (isNotification) headers.push(['x-amz-sns-subscription-arn', subscriptionArn]);
  if (isRaw) headers.push(['x-amz-sns-rawdelivery', 'true']);
  headers.push(['Content-Type', isNotification ? destination.settings.contentType : 'text/plain; charset=UTF-8']);
  headers.push(['User-Agent', 'Amazon Simple Notification Service Agent']);
  return {
    method: 'POST',
    url: destination.endpoint,
    headers,
    body: bodyOf(turn, message, { isRaw, subscriptionArn }),
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  };
}

function bodyOf(
  turn: SnsTurn,
  message: StoredMessage,
  { isRaw, subscriptionArn }: { isRaw: boolean; subscriptionArn: string },
): string {
  if (message.kind === 'plain') return message.body;
  if (isRaw) return message.message;
  const { signer } = turn.doors;
  return renderEnvelope(message, { subscriptionArn, baseUrl: turn.advertisedUrl, signer });
}
