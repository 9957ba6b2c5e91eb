// What a subscriber gets to see of a notification: the JSON envelope of SQS and HTTP endpoints and the event of a Lambda
// function. Pure functions of the stored notification, so that the envelope is made when somebody looks at it and never
// stored: a body that went to a hundred queues is in the journal once, and what nobody receives is never signed.
//
// The signature covers message, id, subject, time, topic and type only (PKCS#1 v1.5 is deterministic), so all copies of a
// notification share one, and the signer keeps the latest ones: call `sign` freely, a fan-out signs once.

import { base64Encode } from '#base/base64.ts';
import type { Notification, StoredAttribute } from './stored-message.ts';

/** Implemented by runtime/signing with the store's key. Synchronous: it is called while a reply is encoded. */
export interface NotificationSigner {
  /** Base64 of the RSA signature; version `1` is SHA1, `2` SHA256. `messageId` is only the key of the cache. */
  sign(request: { readonly messageId: string; readonly text: string; readonly version: string }): string;
  /** Path under which the server serves the certificate: `/SimpleNotificationService-….pem`. */
  readonly certificatePath: string;
}

export interface EnvelopeOptions {
  readonly subscriptionArn: string;
  /** Where the reader reaches this server (`turn.request?.baseUrl ?? turn.advertisedUrl`): the envelope's URLs start with it. */
  readonly baseUrl: string;
  readonly signer: NotificationSigner | undefined;
}

/** AWS: "Verifying the signatures of Amazon SNS messages", the string to sign of a Notification. */
export function textToSign(notification: Notification): string {
  const { message, messageId, subject, timestamp, topicArn } = notification;
  const subjectLines = subject === undefined ? '' : `Subject\n${subject}\n`;
  return `Message\n${message}\nMessageId\n${messageId}\n${subjectLines}Timestamp\n${timestamp}\nTopicArn\n${topicArn}\nType\nNotification\n`;
}

/** The envelope's text with AWS's order of keys and white space. */
export function renderEnvelope(notification: Notification, options: EnvelopeOptions): string {
  const { subject, sequenceNumber, attributes } = notification;
  const pairs: [name: string, value: string][] = [
    ['Type', 'Notification'],
    ['MessageId', notification.messageId],
  ];
  if (sequenceNumber !== undefined) pairs.push(['SequenceNumber', sequenceNumber]);
  pairs.push(['TopicArn', notification.topicArn]);
  if (subject !== undefined) pairs.push(['Subject', subject]);
  pairs.push(['Message', notification.message], ['Timestamp', notification.timestamp]);
  const signed = signatureOf(notification, options);
  if (signed !== undefined) {
    pairs.push(['SignatureVersion', notification.signatureVersion], ['Signature', signed.signature]);
    pairs.push(['SigningCertURL', signed.certificateUrl]);
  }
  pairs.push(['UnsubscribeURL', unsubscribeUrl(options)]);
  const lines = pairs.map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`);
  if (attributes.length > 0) lines.push(`  "MessageAttributes" : {\n${attributes.map(attributeLine).join(',\n')}\n  }`);
  return `{\n${lines.join(',\n')}\n}`;
}

/**
 * What goes into a delivery stream: one line, without a signature. AWS: SNS developer guide, "Formatting Amazon SNS notifications for storage in
 * Amazon S3 destinations": these members in this order, and "line breaks separate each message".
 */
export function renderLine(notification: Notification, options: Omit<EnvelopeOptions, 'signer'>): string {
  const { messageId, topicArn, subject, message, timestamp, attributes } = notification;
  const line = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: timestamp,
    UnsubscribeURL: unsubscribeUrl(options),
    MessageAttributes: attributes.length === 0 ? undefined : shownAttributes(notification),
  };
  return `${JSON.stringify(line)}\n`;
}

/** The event of a function that is subscribed to a topic; a plain object for JSON.stringify. */
export function renderLambdaEvent(
  notification: Notification,
  options: EnvelopeOptions,
): Readonly<Record<string, unknown>> {
  const signed = signatureOf(notification, options);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: options.subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: notification.messageId,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: notification.message,
          Timestamp: notification.timestamp,
          SignatureVersion: notification.signatureVersion,
          ...(signed === undefined ? {} : { Signature: signed.signature, SigningCertUrl: signed.certificateUrl }),
          UnsubscribeUrl: unsubscribeUrl(options),
          MessageAttributes: shownAttributes(notification),
        },
      },
    ],
  };
}

export function unsubscribeUrl(options: Pick<EnvelopeOptions, 'baseUrl' | 'subscriptionArn'>): string {
  return `${options.baseUrl}/?Action=Unsubscribe&SubscriptionArn=${options.subscriptionArn}`;
}

function signatureOf(
  notification: Notification,
  { signer, baseUrl }: EnvelopeOptions,
): { signature: string; certificateUrl: string } | undefined {
  // AWS does not sign what a FIFO topic sends.
  if (signer === undefined || notification.sequenceNumber !== undefined) return undefined;
  const { messageId, signatureVersion } = notification;
  const signature = signer.sign({ messageId, text: textToSign(notification), version: signatureVersion });
  return { signature, certificateUrl: `${baseUrl}${signer.certificatePath}` };
}

function shownAttributes({ attributes }: Notification): object {
  return Object.fromEntries(
    attributes.map(({ name, dataType, value }) => [name, { Type: dataType, Value: textOf(value) }]),
  );
}

function attributeLine({ name, dataType, value }: StoredAttribute): string {
  return `    ${JSON.stringify(name)} : {"Type":${JSON.stringify(dataType)},"Value":${JSON.stringify(textOf(value))}}`;
}

/** Binary values are shown in base64. */
function textOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : base64Encode(value);
}
