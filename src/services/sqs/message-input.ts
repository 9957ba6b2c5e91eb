// One message of a SendMessage or SendMessageBatch, checked against the rules of its queue, in AWS's order.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { StoredAttribute } from '#model/stored-message.ts';
import type { SendMessageInput } from '#wire/generated/sqs.ts';
import * as errors from './errors.ts';
import { limits } from './limits.ts';
import { attributeBytes, parseMessageAttributes, parseSystemAttributes } from './message-attributes.ts';
import { hasForbiddenCharacters } from './message-characters.ts';
import type { Queue } from './queue.ts';

export interface MessageInput {
  readonly body: string;
  readonly attributes: readonly StoredAttribute[];
  readonly traceHeader: string | undefined;
  readonly delaySeconds: number;
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
}

/** AWS: alphanumeric characters and punctuation, 1 to 128. */
const FIFO_ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

export type SentMessage = Omit<SendMessageInput, 'QueueUrl'>;

/** `isPlain`: the body is known to have no forbidden characters. */
export function parseMessage(queue: Queue, given: SentMessage, isPlain = false): MessageInput | Refused {
  const body = given.MessageBody;
  if (body === undefined || body === '') return refuse(errors.missingParameter('MessageBody'));
  const attributes = parseMessageAttributes(given.MessageAttributes);
  if (isRefused(attributes)) return attributes;
  const system = parseSystemAttributes(given.MessageSystemAttributes);
  if (isRefused(system)) return system;
  if (isLonger(body, attributes, queue.messageBytesMax)) return refuse(errors.messageTooLong(queue.messageBytesMax));
  if (!isPlain && hasForbiddenCharacters(body)) return refuse(errors.invalidMessageContents());
  const problem = idProblem(queue, given) ?? delayProblem(queue, given.DelaySeconds);
  if (problem !== undefined) return refuse(problem);
  return {
    body,
    attributes,
    traceHeader: system.traceHeader,
    delaySeconds: queue.isFifo ? queue.delaySeconds : (given.DelaySeconds ?? queue.delaySeconds),
    group: given.MessageGroupId,
    deduplicationId: given.MessageDeduplicationId,
  };
}

/** As AWS counts it: body and attributes. Counting is saved where even three bytes a character would fit. */
function isLonger(body: string, attributes: readonly StoredAttribute[], bytesMax: number): boolean {
  const attributesBytes = attributeBytes(attributes);
  if (body.length * 3 + attributesBytes <= bytesMax) return false;
  return utf8Length(body) + attributesBytes > bytesMax;
}

/** Of group and deduplication id, also of what is handed over. */
export function idProblem(
  queue: Queue,
  given: Pick<SentMessage, 'MessageGroupId' | 'MessageDeduplicationId'>,
): AwsError | undefined {
  const { MessageGroupId: group, MessageDeduplicationId: deduplicationId } = given;
  if (deduplicationId !== undefined) {
    if (!queue.isFifo) return errors.notForThisQueueType('MessageDeduplicationId', deduplicationId);
    if (!FIFO_ID.test(deduplicationId)) return invalidId('MessageDeduplicationId', deduplicationId);
  }
  if (group !== undefined && !FIFO_ID.test(group)) return invalidId('MessageGroupId', group);
  if (!queue.isFifo) return undefined;
  if (group === undefined) return errors.missingParameter('MessageGroupId');
  if (deduplicationId === undefined && queue.hasContentBasedDeduplication !== true)
    return errors.deduplicationIdMissing();
  return undefined;
}

function delayProblem(queue: Queue, delaySeconds: number | undefined): AwsError | undefined {
  if (delaySeconds === undefined) return undefined;
  if (!(delaySeconds >= 0 && delaySeconds <= limits.delaySecondsMax)) {
    const reason = `DelaySeconds must be >= 0 and <= ${limits.delaySecondsMax}.`;
    return errors.invalidValue('DelaySeconds', delaySeconds, reason);
  }
  // AWS: a FIFO queue has a delay for the whole queue only; an explicit 0 is taken.
  if (queue.isFifo && delaySeconds > 0) return errors.notForThisQueueType('DelaySeconds', delaySeconds);
  return undefined;
}

function invalidId(parameter: string, value: string): AwsError {
  return errors.invalidValue(
    parameter,
    value,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}
