// The bytes of a message's payload as the journal keeps them: written once, shared by every queue the message went to,
// immutable. What changes (receive count, visibility) is state of the queue, not of the payload.

import { ByteReader, ByteWriter } from '#base/bytes.ts';

export interface StoredAttribute {
  readonly name: string;
  /** `String`, `Number`, `Binary` with optional custom suffix, `String.Array` (SNS). */
  readonly dataType: string;
  readonly value: string | Uint8Array;
}

/** A message as SQS was sent it. */
export interface PlainMessage {
  readonly kind: 'plain';
  readonly messageId: string;
  readonly body: string;
  readonly attributes: readonly StoredAttribute[];
  /** System attributes that travel: AWSTraceHeader, SenderId, MessageGroupId, MessageDeduplicationId, SequenceNumber … */
  readonly system: Readonly<Record<string, string>>;
}

/** A notification as SNS published it; a queue without raw delivery renders the JSON envelope from it when it is received: see notification-envelope.ts. */
export interface Notification {
  readonly kind: 'notification';
  /** The MessageId that Publish returned. */
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  /** The text for this protocol (MessageStructure json is resolved before). */
  readonly message: string;
  readonly attributes: readonly StoredAttribute[];
  /** ISO 8601 with milliseconds, as the envelope shows it. */
  readonly timestamp: string;
  /** `1` (SHA1) or `2` (SHA256): the topic's setting when it was published. The signature itself is made when it is rendered. */
  readonly signatureVersion: string;
  readonly system: Readonly<Record<string, string>>;
  /** FIFO topics: the topic's own sequence number, shown in the envelope. */
  readonly sequenceNumber?: string;
}

export type StoredMessage = PlainMessage | Notification;

const scratch = new ByteWriter(4096);

function writeAttributes(writer: ByteWriter, attributes: readonly StoredAttribute[]): void {
  writer.varint(attributes.length);
  for (const { name, dataType, value } of attributes) {
    writer.text(name);
    writer.text(dataType);
    writer.u8(typeof value === 'string' ? 0 : 1);
    if (typeof value === 'string') writer.text(value);
    else writer.blob(value);
  }
}

function readAttributes(reader: ByteReader): StoredAttribute[] {
  return Array.from({ length: reader.varint() }, () => ({
    name: reader.text(),
    dataType: reader.text(),
    value: reader.u8() === 0 ? reader.text() : reader.blob().slice(),
  }));
}

function writeSystem(writer: ByteWriter, system: Readonly<Record<string, string>>): void {
  writer.varint(Object.keys(system).length);
  for (const name in system) {
    writer.text(name);
    writer.text(system[name] as string);
  }
}

function readSystem(reader: ByteReader): Record<string, string> {
  const system: Record<string, string> = {};
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.text();
    system[name] = reader.text();
  }
  return system;
}

const PLAIN = 1;
const NOTIFICATION = 2;

/** Bytes of a message; valid until the next call (the journal copies them at once). */
export function encodeStoredMessage(message: StoredMessage): Uint8Array {
  scratch.reset();
  if (message.kind === 'plain') {
    scratch.u8(PLAIN);
    scratch.text(message.messageId);
    writeSystem(scratch, message.system);
    writeAttributes(scratch, message.attributes);
    scratch.text(message.body);
    return scratch.bytes;
  }
  scratch.u8(NOTIFICATION);
  scratch.text(message.messageId);
  writeSystem(scratch, message.system);
  writeAttributes(scratch, message.attributes);
  scratch.text(message.topicArn);
  scratch.u8(message.subject === undefined ? 0 : 1);
  if (message.subject !== undefined) scratch.text(message.subject);
  scratch.text(message.message);
  scratch.text(message.timestamp);
  scratch.text(message.signatureVersion);
  scratch.text(message.sequenceNumber ?? '');
  return scratch.bytes;
}

export function decodeStoredMessage(bytes: Uint8Array): StoredMessage {
  const reader = new ByteReader(bytes);
  const format = reader.u8();
  const messageId = reader.text();
  const system = readSystem(reader);
  const attributes = readAttributes(reader);
  if (format === PLAIN) return { kind: 'plain', messageId, system, attributes, body: reader.text() };
  const topicArn = reader.text();
  const subject = reader.u8() === 1 ? reader.text() : undefined;
  const notification = {
    kind: 'notification' as const,
    messageId,
    system,
    attributes,
    topicArn,
    ...(subject === undefined ? {} : { subject }),
    message: reader.text(),
    timestamp: reader.text(),
    signatureVersion: reader.text(),
  };
  const sequenceNumber = reader.text();
  return sequenceNumber === '' ? notification : { ...notification, sequenceNumber };
}
