// Lengths, patterns and values of a request. Source: botocore, pipes 2015-10-07. What a value means is for the other files.

import type { AwsError } from '#model/aws-error.ts';
import type {
  CreatePipeInput,
  PipeEnrichmentParameters,
  PipeLogConfigurationParameters,
  PipeSourceKinesisStreamParameters,
  PipeTargetHttpParameters,
  PipeTargetParameters,
  UpdatePipeInput,
  UpdatePipeSourceKinesisStreamParameters,
} from '#wire/generated/pipes.ts';
import { reservedTagKey } from '../errors.ts';
import { SchemaCheck } from './schema-check.ts';

export const JSON_PATH = /^\$(\.[\w/_-]+(\[(\d+|\*)\])*)*$/;
const NAME = /^[.\-_A-Za-z0-9]+$/;
const ARN =
  /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-]+):([a-z]{2,4}((-gov)|(-de)|(-iso([a-z]?)))?-[a-z]+(-\d{1})?)?:(\d{12})?:(.+)$/;
const SOURCE = new RegExp(
  `^smk://(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]):[0-9]{1,5}$|${ARN.source}`,
);
const OPTIONAL_ARN = new RegExp(`^$|${ARN.source}`);
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z0-9+=,.@\-_/]+$/;
const PIPE_ARN = /^arn:aws([a-z]|-)*:([a-zA-Z0-9-]+):([a-z]|\d|-)*:([0-9]{12})?:(.+)$/;
const LOG_GROUP =
  /^arn:aws([a-z]|-)*:logs:([a-z]{2,4}((-gov)|(-de)|(-iso([a-z]?)))?-[a-z]+(-\d{1})?):(\d{12}):log-group:[.\-_/#A-Za-z0-9]{1,512}(:\*)?$/;
const LOG_STREAM =
  /^arn:aws([a-z]|-)*:firehose:([a-z]{2,4}((-gov)|(-de)|(-iso([a-z]?)))?-[a-z]+(-\d{1})?):(\d{12}):deliverystream\/[a-zA-Z0-9_.-]{1,64}$/;
const ACCOUNT = /^\d{12}$/;
const KMS_KEY = /^[a-zA-Z0-9_\-/:]*$/;
const EVENT_SOURCE = new RegExp(`^(?=[/.\\-_A-Za-z0-9]+)((?!aws\\.).*)$|${JSON_PATH.source}`);
const RESOURCE = new RegExp(`${ARN.source}|${JSON_PATH.source}`);
const ENDPOINT = /^[A-Za-z0-9-]+[.][A-Za-z0-9-]+$/;
const PATH_PARAMETER = /\S/;
const HEADER_KEY = new RegExp(`^[!#$%&'*+-.^_\`|~0-9a-zA-Z]+$|${JSON_PATH.source}`);
/** AWS's own form of it takes exponential time to say no. */
const HEADER_VALUE = /^[\t\x20-\x7E]*[\x20-\x7E][\t\x20-\x7E]*$/;
const QUERY_KEY = /^[^\p{Cc}]+$/u;
const QUERY_VALUE = /^(?:[\n\r]|[^\p{Cc}])+$/u;

const STATES = ['RUNNING', 'STOPPED'];
const ARN_LENGTH = { min: 1, max: 1600 };

export function createProblem(input: CreatePipeInput): AwsError | undefined {
  const checked = new SchemaCheck()
    .required(input, ['Name', 'Source', 'Target', 'RoleArn'])
    .text(input.Source, { ...ARN_LENGTH, pattern: SOURCE });
  tagsConstraints(checked, input.Tags);
  return writtenConstraints(checked, input).error;
}

export function updateProblem(input: UpdatePipeInput): AwsError | undefined {
  return writtenConstraints(new SchemaCheck().required(input, ['Name', 'RoleArn']), input).error;
}

function writtenConstraints(checked: SchemaCheck, input: CreatePipeInput | UpdatePipeInput): SchemaCheck {
  nameConstraints(checked, input.Name)
    .text(input.Description, { max: 512 })
    .oneOf(input.DesiredState, STATES)
    .text(input.Enrichment, { max: 1600, pattern: OPTIONAL_ARN })
    .text(input.Target, { ...ARN_LENGTH, pattern: ARN })
    .text(input.RoleArn, { ...ARN_LENGTH, pattern: ROLE })
    .text(input.KmsKeyIdentifier, { max: 2048, pattern: KMS_KEY });
  const { FilterCriteria: filters, SqsQueueParameters: queue } = input.SourceParameters ?? {};
  checked
    .count(filters?.Filters, 5)
    .number(queue?.BatchSize, { min: 1, max: 10_000 })
    .number(queue?.MaximumBatchingWindowInSeconds, { min: 0, max: 300 });
  streamConstraints(checked, input.SourceParameters?.KinesisStreamParameters);
  for (const filter of filters?.Filters ?? []) checked.text(filter?.Pattern, { max: 4096 });
  enrichmentConstraints(checked, input.EnrichmentParameters);
  targetConstraints(checked, input.TargetParameters);
  logConstraints(checked, input.LogConfiguration);
  return checked;
}

function streamConstraints(
  checked: SchemaCheck,
  stream: PipeSourceKinesisStreamParameters | UpdatePipeSourceKinesisStreamParameters | undefined,
): void {
  if (stream === undefined) return;
  checked
    .number(stream.BatchSize, { min: 1, max: 10_000 })
    .number(stream.MaximumBatchingWindowInSeconds, { min: 0, max: 300 })
    .number(stream.MaximumRecordAgeInSeconds, { min: -1, max: 604_800 })
    .number(stream.MaximumRetryAttempts, { min: -1, max: 10_000 })
    .number(stream.ParallelizationFactor, { min: 1, max: 10 })
    .oneOf(stream.OnPartialBatchItemFailure, ['AUTOMATIC_BISECT'])
    .text(stream.DeadLetterConfig?.Arn, { ...ARN_LENGTH, pattern: ARN });
  if ('StartingPosition' in stream) {
    checked.oneOf(stream.StartingPosition, ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']);
  }
}

function nameConstraints(checked: SchemaCheck, name: string | undefined): SchemaCheck {
  return checked.text(name, { min: 1, max: 64, pattern: NAME });
}

function enrichmentConstraints(checked: SchemaCheck, parameters: PipeEnrichmentParameters | undefined): void {
  checked.text(parameters?.InputTemplate, { max: 8192 });
  httpConstraints(checked, parameters?.HttpParameters);
}

function targetConstraints(checked: SchemaCheck, parameters: PipeTargetParameters | undefined): void {
  const {
    EventBridgeEventBusParameters: bus,
    CloudWatchLogsParameters: logs,
    SqsQueueParameters: queue,
    KinesisStreamParameters: stream,
  } = parameters ?? {};
  if (stream !== undefined) checked.required(stream, ['PartitionKey']);
  checked
    .text(stream?.PartitionKey, { max: 256 })
    .text(parameters?.InputTemplate, { max: 8192 })
    .oneOf(parameters?.LambdaFunctionParameters?.InvocationType, ['REQUEST_RESPONSE', 'FIRE_AND_FORGET'])
    .text(queue?.MessageGroupId, { max: 100 })
    .text(queue?.MessageDeduplicationId, { max: 100 })
    .text(bus?.EndpointId, { min: 1, max: 50, pattern: ENDPOINT })
    .text(bus?.DetailType, { min: 1, max: 128 })
    .text(bus?.Source, { min: 1, max: 256, pattern: EVENT_SOURCE })
    .count(bus?.Resources, 10)
    .text(bus?.Time, { min: 1, max: 256, pattern: JSON_PATH })
    .text(logs?.LogStreamName, { min: 1, max: 256 })
    .text(logs?.Timestamp, { min: 1, max: 256, pattern: JSON_PATH });
  for (const resource of bus?.Resources ?? []) checked.text(resource, { ...ARN_LENGTH, pattern: RESOURCE });
  httpConstraints(checked, parameters?.HttpParameters);
}

function httpConstraints(checked: SchemaCheck, http: PipeTargetHttpParameters | undefined): void {
  for (const value of http?.PathParameterValues ?? []) checked.text(value, { pattern: PATH_PARAMETER });
  for (const [key, value] of Object.entries(http?.HeaderParameters ?? {})) {
    checked.text(key, { max: 512, pattern: HEADER_KEY }).text(value, { max: 512, pattern: HEADER_VALUE });
  }
  for (const [key, value] of Object.entries(http?.QueryStringParameters ?? {})) {
    checked.text(key, { max: 512, pattern: QUERY_KEY }).text(value, { max: 512, pattern: QUERY_VALUE });
  }
}

function logConstraints(checked: SchemaCheck, log: PipeLogConfigurationParameters | undefined): void {
  if (log === undefined) return;
  const { CloudwatchLogsLogDestination: group, FirehoseLogDestination: stream, S3LogDestination: bucket } = log;
  checked
    .required(log, ['Level'])
    .oneOf(log.Level, ['OFF', 'ERROR', 'INFO', 'TRACE'])
    .text(group?.LogGroupArn, { ...ARN_LENGTH, pattern: LOG_GROUP })
    .text(stream?.DeliveryStreamArn, { ...ARN_LENGTH, pattern: LOG_STREAM })
    .text(bucket?.BucketName, { min: 3, max: 63 })
    .text(bucket?.BucketOwner, { pattern: ACCOUNT })
    .text(bucket?.Prefix, { max: 256 })
    .oneOf(bucket?.OutputFormat, ['json', 'plain', 'w3c']);
  if (group !== undefined) checked.required(group, ['LogGroupArn']);
  if (stream !== undefined) checked.required(stream, ['DeliveryStreamArn']);
  if (bucket !== undefined) checked.required(bucket, ['BucketName', 'BucketOwner']);
  for (const option of log.IncludeExecutionData ?? []) checked.oneOf(option, ['ALL']);
}

export function nameProblem(input: { readonly Name?: string | undefined }): AwsError | undefined {
  return nameConstraints(new SchemaCheck().required(input, ['Name']), input.Name).error;
}

export function listProblem(input: {
  readonly NamePrefix?: string | undefined;
  readonly DesiredState?: string | undefined;
  readonly CurrentState?: string | undefined;
  readonly SourcePrefix?: string | undefined;
  readonly TargetPrefix?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly Limit?: number | undefined;
}): AwsError | undefined {
  return nameConstraints(new SchemaCheck(), input.NamePrefix)
    .oneOf(input.DesiredState, STATES)
    .oneOf(input.CurrentState, CURRENT_STATES)
    .text(input.SourcePrefix, ARN_LENGTH)
    .text(input.TargetPrefix, ARN_LENGTH)
    .text(input.NextToken, { min: 1, max: 2048 })
    .number(input.Limit, { min: 1, max: 100 }).error;
}

const CURRENT_STATES = [
  ...['RUNNING', 'STOPPED', 'CREATING', 'UPDATING', 'DELETING', 'STARTING', 'STOPPING', 'CREATE_FAILED'],
  ...['UPDATE_FAILED', 'START_FAILED', 'STOP_FAILED', 'DELETE_FAILED', 'CREATE_ROLLBACK_FAILED'],
  ...['DELETE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED'],
];

export function arnProblem(resourceArn: string | undefined, checked = new SchemaCheck()): SchemaCheck {
  return checked.required({ resourceArn }, ['resourceArn']).text(resourceArn, { ...ARN_LENGTH, pattern: PIPE_ARN });
}

export function tagsConstraints(checked: SchemaCheck, tags: Readonly<Record<string, string>> | undefined): SchemaCheck {
  checked.properties(tags, { min: 1, max: 50 });
  for (const [key, value] of Object.entries(tags ?? {})) {
    checked.text(key, { min: 1, max: 128 }).text(value, { max: 256 });
  }
  return checked;
}

/** Of what may be a tag otherwise. */
export function reservedTagProblem(tags: Readonly<Record<string, string>> = {}): AwsError | undefined {
  const reserved = Object.keys(tags).find((key) => /^aws:/i.test(key));
  return reserved === undefined ? undefined : reservedTagKey(reserved);
}
