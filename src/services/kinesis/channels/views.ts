// Channels as clients see them. They change at once: nobody sees CREATING, UPDATING or DELETING.

import type { ChannelDescription, ChannelSummary } from '#wire/generated/kinesis.ts';
import type { ChannelDoc } from './documents.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

function commonView({ name, arn, id, failure, createdAtMs }: ChannelDoc) {
  return {
    ChannelName: name,
    ChannelARN: arn,
    ChannelId: id,
    ChannelStatus: failure === undefined ? 'ACTIVE' : 'FAILED',
    ...(failure === undefined ? {} : { ChannelStatusReason: failure }),
    ChannelCreationTimestamp: seconds(createdAtMs),
  };
}

export function channelView(doc: ChannelDoc): ChannelDescription {
  const { bucketArn, bucketOwner, keyTemplate, compression, errors } = doc;
  return {
    ...commonView(doc),
    ServiceExecutionRoleARN: doc.roleArn,
    StreamConfigurationList: [
      {
        StreamARN: doc.streamArn,
        StreamCreationTimestamp: seconds(doc.streamCreatedAtMs),
        RecordConfiguration: { RecordFormatType: doc.format },
      },
    ],
    S3DestinationConfiguration: {
      DataFreshnessInSeconds: doc.freshnessSeconds,
      DeadLetterQueueS3Configuration: {
        BucketARN: errors.bucketArn,
        ExpectedBucketOwner: errors.bucketOwner,
        ErrorOutputPrefix: errors.prefix,
      },
      StorageConfiguration: {
        BucketARN: bucketArn,
        ExpectedBucketOwner: bucketOwner,
        ...(keyTemplate === undefined ? {} : { OutputKeyTemplate: keyTemplate }),
        StorageClass: 'STANDARD',
        CompressionType: compression,
      },
    },
    LoggingConfiguration: {
      CloudWatchLogs: { Enabled: doc.isLogging, LogGroupName: doc.logGroup, LogStreamName: doc.logStream },
    },
  };
}

export function channelSummary(doc: ChannelDoc): ChannelSummary {
  return {
    ...commonView(doc),
    ChannelDestinationType: 'S3',
    Streams: [{ StreamARN: doc.streamArn, StreamCreationTimestamp: seconds(doc.streamCreatedAtMs) }],
  };
}
