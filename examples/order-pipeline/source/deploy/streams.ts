// Streams, the delivery of clicks and its bucket, created through the SDK from what the Terraform files say.

import type { CompressionFormat, ProcessorParameterName, ProcessorType } from '@aws-sdk/client-firehose';
import { makeFirehose, makeKinesis, makeS3, type Where } from '../clients.ts';
import { block, defined, optionalNumber, optionalText, text } from './arguments.ts';
import type { Arguments, Create } from './evaluate.ts';

/** What Terraform's provider says where the files say nothing. */
const DELIVERY_DEFAULTS = {
  CustomTimeZone: 'UTC',
  FileExtension: '',
  DataFormatConversionConfiguration: { Enabled: false },
};

export function streamCreators(where: Where): Readonly<Record<string, Create>> {
  const kinesis = makeKinesis(where);
  const firehose = makeFirehose(where);
  const s3 = makeS3(where);
  return {
    async aws_kinesis_stream(args) {
      const StreamName = text(args, 'name');
      await kinesis.createStream(defined({ StreamName, ShardCount: optionalNumber(args, 'shard_count') }));
      const arn = await untilActive(async () => {
        const { StreamDescriptionSummary: shown } = await kinesis.describeStreamSummary({ StreamName });
        return { isActive: shown?.StreamStatus === 'ACTIVE', arn: shown?.StreamARN ?? '' };
      });
      const hours = optionalNumber(args, 'retention_period');
      if (hours !== undefined && hours > 24) {
        await kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: hours });
      }
      return { name: StreamName, arn };
    },
    async aws_s3_bucket(args) {
      const Bucket = text(args, 'bucket');
      await s3.createBucket({ Bucket });
      return { id: Bucket, bucket: Bucket, arn: `arn:aws:s3:::${Bucket}` };
    },
    async aws_kinesis_firehose_delivery_stream(args) {
      const DeliveryStreamName = text(args, 'name');
      await firehose.createDeliveryStream(deliveryOf(args));
      const arn = await untilActive(async () => {
        const { DeliveryStreamDescription: shown } = await firehose.describeDeliveryStream({ DeliveryStreamName });
        if (shown?.DeliveryStreamStatus === 'CREATING_FAILED') throw new Error(shown.FailureDescription?.Details);
        return { isActive: shown?.DeliveryStreamStatus === 'ACTIVE', arn: shown?.DeliveryStreamARN ?? '' };
      });
      return { name: DeliveryStreamName, arn };
    },
  };
}

async function untilActive(ask: () => Promise<{ isActive: boolean; arn: string }>): Promise<string> {
  const deadlineMs = Date.now() + 60_000;
  for (;;) {
    const { isActive, arn } = await ask();
    if (isActive) return arn;
    if (Date.now() > deadlineMs) throw new Error('it does not become active');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function deliveryOf(args: Arguments) {
  const source = block(args, 'kinesis_source_configuration');
  const s3 = block(args, 'extended_s3_configuration');
  if (source === undefined || s3 === undefined)
    throw new Error('a stream as source and S3 as destination are what is known here');
  const processing = block(s3, 'processing_configuration');
  return {
    DeliveryStreamName: text(args, 'name'),
    DeliveryStreamType: 'KinesisStreamAsSource' as const,
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: text(source, 'kinesis_stream_arn'),
      RoleARN: text(source, 'role_arn'),
    },
    ExtendedS3DestinationConfiguration: defined({
      RoleARN: text(s3, 'role_arn'),
      BucketARN: text(s3, 'bucket_arn'),
      Prefix: optionalText(s3, 'prefix'),
      ErrorOutputPrefix: optionalText(s3, 'error_output_prefix'),
      BufferingHints: defined({
        SizeInMBs: optionalNumber(s3, 'buffering_size'),
        IntervalInSeconds: optionalNumber(s3, 'buffering_interval'),
      }),
      CompressionFormat: optionalText(s3, 'compression_format') as CompressionFormat,
      DynamicPartitioningConfiguration:
        block(s3, 'dynamic_partitioning_configuration') === undefined
          ? undefined
          : { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
      ...DELIVERY_DEFAULTS,
      ProcessingConfiguration: processing === undefined ? undefined : processingOf(processing),
    }),
  };
}

function processingOf({ blocks }: Arguments) {
  return {
    Enabled: true,
    Processors: (blocks['processors'] ?? []).map((processor) => ({
      Type: text(processor, 'type') as ProcessorType,
      Parameters: (processor.blocks['parameters'] ?? []).map((parameter) => ({
        ParameterName: text(parameter, 'parameter_name') as ProcessorParameterName,
        ParameterValue: text(parameter, 'parameter_value'),
      })),
    })),
  };
}
