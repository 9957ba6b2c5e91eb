// One message as a record of the event that a function gets. Source: Lambda developer guide, "Using Lambda with Amazon SQS".

import type { PolledMessage, RenderedMessage } from '#cell/poll-source.ts';

export type SqsRecord = Readonly<Record<string, unknown>> & { readonly body: string };

export function sqsRecord(parts: {
  readonly message: PolledMessage;
  readonly rendered: RenderedMessage;
  readonly sourceArn: string;
  readonly region: string;
}): SqsRecord {
  const { message, rendered, sourceArn, region } = parts;
  return {
    messageId: message.messageId,
    receiptHandle: message.handle,
    body: rendered.body,
    attributes: { ...message.attributes, ...rendered.attributes },
    messageAttributes: rendered.messageAttributes,
    ...(rendered.md5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: rendered.md5OfMessageAttributes }),
    md5OfBody: rendered.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: sourceArn,
    awsRegion: region,
  };
}
