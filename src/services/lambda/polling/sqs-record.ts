// One message as a record of the event that a function gets. Source: Lambda developer guide, "Using Lambda with Amazon SQS".

import type { PolledMessage, RenderedMessage } from '#cell/poll-source.ts';
import { type QueueRecord, queueRecord } from '#model/queue-record.ts';

export type SqsRecord = QueueRecord;

export function sqsRecord(parts: {
  readonly message: PolledMessage;
  readonly rendered: RenderedMessage;
  readonly sourceArn: string;
  readonly region: string;
}): SqsRecord {
  const { message, rendered, sourceArn, region } = parts;
  const { messageId, handle } = message;
  const { body, messageAttributes, md5OfMessageAttributes, md5OfBody } = rendered;
  const attributes = { ...rendered.attributes, ...message.attributes };
  return queueRecord({
    ...{ messageId, handle, body, attributes, messageAttributes, md5OfMessageAttributes, md5OfBody },
    ...{ sourceArn, region },
  });
}
