// Confirmation of subscriptions: whoever owns the endpoint must agree. A subscription made by the endpoint's own account
// is confirmed at once; another account's stays pending, as an HTTP/S endpoint's always does, and the endpoint gets a message with the token
// that confirms it.

import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import { ONCE } from '#deliveries/policies.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';
import { httpSettings } from './http/delivery-policy.ts';
import { isHttp, type SnsTurn, type SubscriptionDoc, type TopicDoc } from './state.ts';

/** 288 hexadecimal digits, as AWS's; unguessable, and found again by the index of subscriptions. */
export function makeToken(turn: SnsTurn): string {
  const bytes = new Uint8Array(144);
  turn.entropy.fill(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Hands the confirmation message to the endpoint of a pending subscription. */
export function sendConfirmation(turn: SnsTurn, topic: TopicDoc, subscription: SubscriptionDoc): void {
  const messageId = turn.uuid();
  const message: PlainMessage = {
    kind: 'plain',
    messageId,
    body: confirmationBody(turn, { topic, token: subscription.token ?? '', messageId }),
    attributes: [],
    system: {},
  };
  turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: topic.arn,
      targetArn: isHttp(subscription.protocol) ? subscription.arn : subscription.endpoint,
      principal: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: topic.arn, account: topic.account },
      payload: turn.storePayload(encodeStoredMessage(message)),
      content: { kind: 'message', message },
    },
    policy: isHttp(subscription.protocol) ? retriesOf(topic, subscription) : ONCE,
  });
}

function retriesOf(topic: TopicDoc, subscription: SubscriptionDoc): DeliveryPolicy {
  return httpSettings(topic.attributes['DeliveryPolicy'], subscription.attributes['DeliveryPolicy']).retries;
}

interface Confirmation {
  readonly topic: TopicDoc;
  readonly token: string;
  readonly messageId: string;
}

/** AWS, "Amazon SNS message and JSON formats", SubscriptionConfirmation; order of keys and white space as there. */
function confirmationBody(turn: SnsTurn, { topic, token, messageId }: Confirmation): string {
  const baseUrl = turn.request?.baseUrl ?? turn.advertisedUrl;
  const text = `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
  const subscribeUrl = `${baseUrl}/?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${token}`;
  const timestamp = new Date(turn.nowMs).toISOString();
  const pairs: [string, string][] = [
    ['Type', 'SubscriptionConfirmation'],
    ['MessageId', messageId],
    ['Token', token],
    ['TopicArn', topic.arn],
    ['Message', text],
    ['SubscribeURL', subscribeUrl],
    ['Timestamp', timestamp],
  ];
  const { signer } = turn.doors;
  if (signer !== undefined) {
    const version = topic.attributes['SignatureVersion'] ?? '1';
    const toSign = `Message\n${text}\nMessageId\n${messageId}\nSubscribeURL\n${subscribeUrl}\nTimestamp\n${timestamp}\nToken\n${token}\nTopicArn\n${topic.arn}\nType\nSubscriptionConfirmation\n`;
    pairs.push(['SignatureVersion', version], ['Signature', signer.sign({ messageId, text: toSign, version })]);
    pairs.push(['SigningCertURL', `${baseUrl}${signer.certificatePath}`]);
  }
  return `{\n${pairs.map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`).join(',\n')}\n}`;
}

/** The timer's end: nobody confirmed in time. */
export function dropUnconfirmed(turn: SnsTurn, key: string): void {
  const subscription = turn.state.subscriptions.get(key);
  if (subscription?.isPending === true) turn.drop(turn.state.subscriptions, key);
}
