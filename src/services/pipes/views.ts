// What a pipe looks like to clients.

import type {
  DescribePipeOutput,
  Pipe,
  PipeLogConfiguration,
  PipeSourceKinesisStreamParameters,
  PipeSourceParameters,
  S3LogDestination,
} from '#wire/generated/pipes.ts';
import type { LogBucket, LogSettings, PipeDoc, SourceSettings, StreamSettings } from './documents.ts';
import { stateOf } from './health.ts';
import { STATE_REASON_LENGTH_MAX } from './limits.ts';
import type { PipesTurn } from './state.ts';

/** Answer to everything that changes a pipe. AWS works on after it, here it is done. */
export function changedPipe(pipe: PipeDoc, CurrentState: string, DesiredState: string = pipe.desiredState) {
  return { ...identity(pipe), DesiredState, CurrentState };
}

function identity({ arn, name, createdAtMs, modifiedAtMs }: PipeDoc) {
  return { Arn: arn, Name: name, CreationTime: createdAtMs, LastModifiedTime: modifiedAtMs };
}

export function describedPipe(turn: PipesTurn, pipe: PipeDoc): DescribePipeOutput {
  const { description, log } = pipe;
  return {
    ...listedPipe(turn, pipe),
    ...(description === undefined ? {} : { Description: description }),
    SourceParameters: sourceView(pipe.source),
    EnrichmentParameters: pipe.enrichmentParameters,
    TargetParameters: pipe.targetParameters,
    RoleArn: pipe.roleArn,
    Tags: pipe.tags,
    ...(log === undefined ? {} : { LogConfiguration: logView(log) }),
  };
}

export function listedPipe(turn: PipesTurn, pipe: PipeDoc): Pipe {
  const { current, reason } = stateOf(turn, pipe);
  return {
    ...identity(pipe),
    DesiredState: pipe.desiredState,
    CurrentState: current,
    StateReason: reason.slice(0, STATE_REASON_LENGTH_MAX),
    Source: pipe.sourceArn,
    Target: pipe.targetArn,
    ...(pipe.enrichmentArn === undefined ? {} : { Enrichment: pipe.enrichmentArn }),
  };
}

function sourceView({ batchSize, windowSeconds, filters, stream }: SourceSettings): PipeSourceParameters {
  const batches = {
    BatchSize: batchSize,
    ...(windowSeconds === undefined ? {} : { MaximumBatchingWindowInSeconds: windowSeconds }),
  };
  return {
    ...(stream === undefined
      ? { SqsQueueParameters: batches }
      : { KinesisStreamParameters: { ...batches, ...streamView(stream) } }),
    ...(filters === undefined ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
  };
}

function streamView(stream: StreamSettings): Omit<PipeSourceKinesisStreamParameters, 'BatchSize'> {
  const { position, positionMs, parallelization, retriesMax, ageSecondsMax, isBisecting, deadLetterArn } = stream;
  return {
    StartingPosition: position,
    ...(positionMs === undefined ? {} : { StartingPositionTimestamp: positionMs }),
    ...(parallelization === undefined ? {} : { ParallelizationFactor: parallelization }),
    ...(retriesMax === undefined ? {} : { MaximumRetryAttempts: retriesMax }),
    ...(ageSecondsMax === undefined ? {} : { MaximumRecordAgeInSeconds: ageSecondsMax }),
    ...(isBisecting === true ? { OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' } : {}),
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
  };
}

function logView({ level, groupArn, streamArn, bucket, includesExecutionData }: LogSettings): PipeLogConfiguration {
  return {
    Level: level,
    ...(groupArn === undefined ? {} : { CloudwatchLogsLogDestination: { LogGroupArn: groupArn } }),
    ...(streamArn === undefined ? {} : { FirehoseLogDestination: { DeliveryStreamArn: streamArn } }),
    ...(bucket === undefined ? {} : { S3LogDestination: bucketView(bucket) }),
    ...(includesExecutionData === true ? { IncludeExecutionData: ['ALL'] } : {}),
  };
}

function bucketView({ name, owner, prefix }: LogBucket): S3LogDestination {
  const shown = { BucketName: name, BucketOwner: owner, OutputFormat: 'json' } as const;
  return prefix === undefined ? shown : { ...shown, Prefix: prefix };
}
