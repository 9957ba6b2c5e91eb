// What DescribeDeliveryStream shows.

import type { DeliveryStreamDescription, DestinationDescription, SourceDescription } from '#wire/generated/firehose.ts';
import { DESTINATION_ID, type StreamDoc } from './documents.ts';
import { secretsOf } from './secrets.ts';
import { withProcessing } from './settings/processing-view.ts';
import type { FirehoseTurn } from './state.ts';

export const typeOf = ({ source }: StreamDoc): string => (source === undefined ? 'DirectPut' : 'KinesisStreamAsSource');

export function shownStream(
  turn: FirehoseTurn,
  doc: StreamDoc,
  isAfterDestination: boolean,
): DeliveryStreamDescription {
  const source = shownSource(doc);
  return {
    DeliveryStreamName: doc.name,
    DeliveryStreamARN: doc.arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamType: typeOf(doc),
    VersionId: String(doc.version),
    CreateTimestamp: doc.createdAtMs,
    ...(doc.updatedAtMs === undefined ? {} : { LastUpdateTimestamp: doc.updatedAtMs }),
    ...(source === undefined ? {} : { Source: source }),
    ...(doc.source === undefined ? { DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' } } : {}),
    Destinations: isAfterDestination ? [] : [shownDestination(turn, doc)],
    HasMoreDestinations: false,
  };
}

function shownSource({ source, throughputHintMiB }: StreamDoc): SourceDescription | undefined {
  if (source !== undefined) {
    const { streamArn, roleArn, startMs } = source;
    return {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: streamArn,
        RoleARN: roleArn,
        DeliveryStartTimestamp: startMs,
      },
    };
  }
  if (throughputHintMiB === undefined) return undefined;
  return { DirectPutSourceDescription: { ThroughputHintInMBs: throughputHintMiB } };
}

function shownDestination(turn: FirehoseTurn, doc: StreamDoc): DestinationDescription {
  const destination = withProcessing(doc.destination);
  const DestinationId = DESTINATION_ID;
  switch (destination.kind) {
    case 's3': {
      const { description } = destination;
      const { RoleARN, BucketARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat } = description;
      const { EncryptionConfiguration, CloudWatchLoggingOptions } = description;
      const plain = { RoleARN, BucketARN, Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat };
      const S3DestinationDescription = { ...plain, EncryptionConfiguration, CloudWatchLoggingOptions };
      return { DestinationId, S3DestinationDescription, ExtendedS3DestinationDescription: description };
    }
    case 'http':
      return { DestinationId, HttpEndpointDestinationDescription: destination.description };
    case 'splunk': {
      const HECToken = secretsOf(turn, doc).hecToken;
      const description = { ...destination.description, ...(HECToken === undefined ? {} : { HECToken }) };
      return { DestinationId, SplunkDestinationDescription: description };
    }
    case 'opensearch':
      return { DestinationId, AmazonopensearchserviceDestinationDescription: destination.description };
    case 'elasticsearch':
      return { DestinationId, ElasticsearchDestinationDescription: destination.description };
    case 'redshift':
      return { DestinationId, RedshiftDestinationDescription: destination.description };
  }
}
