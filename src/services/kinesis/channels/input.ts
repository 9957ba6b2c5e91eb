// What a channel is made from. AWS: API reference, CreateChannel; developer guide, "Amazon S3 delivery": on-demand streams, 300 to 900 seconds.
// Texts of refusals are not AWS's.

import { parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import type { CreateChannelInput } from '#wire/generated/kinesis.ts';
import { invalidArgument, notAvailable, streamNotFound, validationError, validationRefusal } from '../errors.ts';
import { streamByArn } from '../find-stream.ts';
import type { Stream } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';
import { checks, ID_LENGTH, STREAM_NAME } from '../validation.ts';
import { templateProblem } from './key-template.ts';

export const FRESHNESS_SECONDS = { default: 300, min: 300, max: 900 };
const FORMATS = ['GSR_JSON', 'JSON', 'STRING', 'BYTE_ARRAY'];
const COMPRESSIONS = ['GZIP', 'NONE', 'ZSTD'];
const STORAGE_CLASSES = ['GLACIER_IR', 'INTELLIGENT_TIERING', 'STANDARD'];

/** The source stream, when all is well. */
export function checkedStream(turn: KinesisTurn, input: CreateChannelInput): Stream | Refused {
  const invalid = validationRefusal(check(input));
  if (invalid !== undefined) return invalid;
  const problem = unavailable(input) ?? settingsProblem(input);
  if (problem !== undefined) return refuse(problem);
  const arn = input.StreamConfigurationList?.[0]?.StreamARN ?? '';
  const stream = streamByArn(turn.state, arn);
  if (stream === undefined) return refuse(streamNotFound(arn, turn.scope.account));
  const { name, account, region, mode } = stream.doc;
  if (account !== turn.scope.account || region !== turn.scope.region) return refuse(streamNotFound(name, account));
  if (mode === 'ON_DEMAND') return stream;
  return refuse(validationError(`Stream ${name} under account ${account} is not in On-Demand mode: channels need it.`));
}

function check(input: CreateChannelInput): Validation {
  const {
    ChannelName,
    ServiceExecutionRoleARN,
    StreamConfigurationList: streams,
    S3DestinationConfiguration: s3,
  } = input;
  const validation = checks()
    .required('channelName', ChannelName)
    .pattern('channelName', ChannelName, STREAM_NAME)
    .length('channelName', ChannelName, ID_LENGTH)
    .required('serviceExecutionRoleARN', ServiceExecutionRoleARN)
    .required('streamConfigurationList', streams);
  const first = streams?.[0];
  if (first !== undefined) {
    const format = first.RecordConfiguration?.RecordFormatType;
    validation
      .required('streamConfigurationList.1.member.streamARN', first.StreamARN)
      .required('streamConfigurationList.1.member.recordConfiguration.recordFormatType', format)
      .oneOf('streamConfigurationList.1.member.recordConfiguration.recordFormatType', format, FORMATS);
  }
  if (s3 === undefined) return validation;
  const at = 's3DestinationConfiguration.storageConfiguration';
  const storage = s3.StorageConfiguration;
  return validation
    .range('s3DestinationConfiguration.dataFreshnessInSeconds', s3.DataFreshnessInSeconds, FRESHNESS_SECONDS)
    .required(at, storage)
    .required(`${at}.bucketARN`, storage === undefined ? '' : storage.BucketARN)
    .required(`${at}.expectedBucketOwner`, storage === undefined ? '' : storage.ExpectedBucketOwner)
    .required(`${at}.compressionType`, storage === undefined ? '' : storage.CompressionType)
    .oneOf(`${at}.compressionType`, storage?.CompressionType, COMPRESSIONS)
    .oneOf(`${at}.storageClass`, storage?.StorageClass, STORAGE_CLASSES);
}

function unavailable(input: CreateChannelInput): AwsError | undefined {
  const { S3TablesDestinationConfiguration, EncryptionConfiguration, Tags, S3DestinationConfiguration: s3 } = input;
  if (S3TablesDestinationConfiguration !== undefined) return notAvailable('S3TablesDestinationConfiguration');
  if (EncryptionConfiguration !== undefined) return notAvailable('EncryptionConfiguration of a channel');
  if (Tags !== undefined && Object.keys(Tags).length > 0) return notAvailable('Tags of a channel');
  const { CompressionType, StorageClass = 'STANDARD' } = s3?.StorageConfiguration ?? {};
  if (CompressionType === 'ZSTD') return notAvailable('CompressionType ZSTD');
  return StorageClass === 'STANDARD' ? undefined : notAvailable(`StorageClass ${StorageClass}`);
}

function settingsProblem(input: CreateChannelInput): AwsError | undefined {
  const { StreamConfigurationList: streams = [], S3DestinationConfiguration: s3, ServiceExecutionRoleARN } = input;
  if (streams.length !== 1) return invalidArgument('A channel has exactly one stream.');
  if (s3 === undefined)
    return invalidArgument('A channel needs S3DestinationConfiguration or S3TablesDestinationConfiguration.');
  const { RecordFormatType, GSRSchemaARN } = streams[0]?.RecordConfiguration ?? {};
  if (RecordFormatType === 'GSR_JSON' || GSRSchemaARN !== undefined) {
    return invalidArgument('GSR_JSON and GSRSchemaARN are only for destinations in S3 Tables.');
  }
  if (parseArn(ServiceExecutionRoleARN ?? '')?.service !== 'iam') {
    return invalidArgument('ServiceExecutionRoleARN is not the ARN of a role.');
  }
  const { BucketARN, OutputKeyTemplate } = s3.StorageConfiguration ?? {};
  const buckets = [BucketARN, s3.DeadLetterQueueS3Configuration?.BucketARN].filter((arn) => arn !== undefined);
  if (buckets.some((arn) => parseArn(arn)?.service !== 's3'))
    return invalidArgument('BucketARN is not the ARN of a bucket.');
  const problem = OutputKeyTemplate === undefined ? undefined : templateProblem(OutputKeyTemplate);
  return problem === undefined ? undefined : invalidArgument(problem);
}

export { isRefused };
