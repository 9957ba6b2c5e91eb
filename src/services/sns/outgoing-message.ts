// A message that somebody wants to publish: read from the request, checked by AWS's rules, ready to go out.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { StoredAttribute } from '#model/stored-message.ts';
import type { PublishBatchRequestEntry } from '#wire/generated/sns.ts';
import {
  deduplicationIdMissing,
  deduplicationIdOnStandardTopic,
  groupIdMissing,
  invalidParameter,
  messageEmpty,
  messageTooLong,
  noDefaultEntry,
  structureNotJson,
  subjectInvalid,
} from './errors.ts';
import { FIFO_ID_LENGTH_MAX, MESSAGE_BYTES_MAX, SUBJECT_LENGTH_MAX } from './limits.ts';
import { attributeBytes, readMessageAttributes } from './message-attributes.ts';
import type { Protocol, TopicDoc } from './state.ts';

export interface OutgoingMessage {
  /** What subscribers get whose protocol has no text of its own. */
  readonly text: string;
  /** Texts per protocol, of a message with MessageStructure json. */
  readonly textOf: Readonly<Partial<Record<Protocol, string>>>;
  readonly subject: string | undefined;
  readonly attributes: readonly StoredAttribute[];
  readonly messageGroupId: string | undefined;
  /** Given by the client; content-based ones are made when it goes out. */
  readonly messageDeduplicationId: string | undefined;
  /** Bytes that count against the limit. */
  readonly size: number;
}

/** Publish's input and a batch's entry have the same members. */
export type GivenMessage = Omit<PublishBatchRequestEntry, 'Id'>;

/** `attributesPath`: where the request has the message attributes, for AWS's texts. */
export function readMessage(given: GivenMessage, attributesPath: string): OutgoingMessage | Refused {
  const { Message: message = '', Subject: subject } = given;
  const problem = textProblem(message, subject);
  if (problem !== undefined) return refuse(problem);
  const attributes = readMessageAttributes(given.MessageAttributes, attributesPath);
  if (isRefused(attributes)) return attributes;
  const size = messageBytes(message, attributes as readonly StoredAttribute[]);
  if (size > MESSAGE_BYTES_MAX) return refuse(messageTooLong());
  const texts = readStructure(message, given.MessageStructure);
  if (isRefused(texts)) return texts;
  return {
    text: texts.text,
    textOf: texts.textOf,
    subject,
    attributes: attributes as readonly StoredAttribute[],
    messageGroupId: given.MessageGroupId,
    messageDeduplicationId: given.MessageDeduplicationId,
    size,
  };
}

/** Bytes that count against the limit. */
export function messageBytes(text: string, attributes: readonly StoredAttribute[]): number {
  return utf8Length(text) + attributeBytes(attributes);
}

/** What a message must have, or not have, for this kind of topic. */
export function topicProblem(topic: TopicDoc, given: GivenMessage): AwsError | undefined {
  const { MessageGroupId: group, MessageDeduplicationId: deduplication } = given;
  if (!topic.isFifo) {
    if (deduplication !== undefined) return deduplicationIdOnStandardTopic();
    return group === undefined ? undefined : fifoIdProblem('MessageGroupId', group);
  }
  if (group === undefined || group === '') return groupIdMissing();
  if (deduplication === undefined && topic.attributes['ContentBasedDeduplication'] !== 'true') {
    return deduplicationIdMissing();
  }
  return (
    fifoIdProblem('MessageGroupId', group) ??
    (deduplication === undefined ? undefined : fifoIdProblem('MessageDeduplicationId', deduplication))
  );
}

/** API reference, Publish: up to 128 alphanumeric characters and punctuation. */
function fifoIdProblem(parameter: string, id: string): AwsError | undefined {
  const isFine = id.length > 0 && id.length <= FIFO_ID_LENGTH_MAX && /^[!-~]+$/.test(id);
  return isFine ? undefined : invalidParameter(parameter);
}

function textProblem(message: string, subject: string | undefined): AwsError | undefined {
  if (subject !== undefined && !isSubject(subject)) return subjectInvalid();
  return message === '' ? messageEmpty() : undefined;
}

/** API reference, Publish, Subject: no line breaks or control characters, not empty, no space in front. */
function isSubject(subject: string): boolean {
  if (subject === '' || subject.length > SUBJECT_LENGTH_MAX || /^\s/.test(subject)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return !/[\u0000-\u001f\u007f]/.test(subject);
}

const PROTOCOLS: readonly Protocol[] = ['sqs', 'lambda', 'http', 'https', 'firehose'];

type Texts = Pick<OutgoingMessage, 'text' | 'textOf'>;

function readStructure(message: string, structure: string | undefined): Texts | Refused {
  if (structure === undefined || structure === '') return { text: message, textOf: {} };
  if (structure !== 'json') return refuse(invalidParameter('MessageStructure'));
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return refuse(structureNotJson());
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse(structureNotJson());
  // Values that are no text are ignored.
  const texts = json as Readonly<Record<string, unknown>>;
  const { default: text } = texts;
  if (typeof text !== 'string') return refuse(noDefaultEntry());
  const own = PROTOCOLS.filter((protocol) => typeof texts[protocol] === 'string');
  return { text, textOf: Object.fromEntries(own.map((protocol) => [protocol, texts[protocol]])) };
}
