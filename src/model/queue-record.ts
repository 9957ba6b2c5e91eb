// One message of a queue as a record: what a function's event source mapping and a pipe make of it. Source: Lambda developer guide, "Using Lambda with
// Amazon SQS"; EventBridge user guide, "Amazon Simple Queue Service as a source".

export type QueueRecord = Readonly<Record<string, unknown>> & { readonly body: string };

export interface QueueRecordParts {
  readonly messageId: string;
  /** Receipt handle. */
  readonly handle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  /** Undefined leaves the member out. */
  readonly md5OfMessageAttributes: string | null | undefined;
  readonly md5OfBody: string;
  readonly sourceArn: string;
  readonly region: string;
}

export function queueRecord(parts: QueueRecordParts): QueueRecord {
  const { md5OfMessageAttributes: md5 } = parts;
  return {
    messageId: parts.messageId,
    receiptHandle: parts.handle,
    body: parts.body,
    attributes: parts.attributes,
    messageAttributes: parts.messageAttributes,
    ...(md5 === undefined ? {} : { md5OfMessageAttributes: md5 }),
    md5OfBody: parts.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: parts.sourceArn,
    awsRegion: parts.region,
  };
}
