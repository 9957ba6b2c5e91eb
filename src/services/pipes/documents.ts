// A pipe as its document holds it: plain JSON, replaced and never changed in place. Parameters are kept as AWS shows them.

import type { PipeEnrichmentParameters, PipeTargetParameters } from '#wire/generated/pipes.ts';

export type DesiredState = 'RUNNING' | 'STOPPED';
export type LogLevel = 'OFF' | 'ERROR' | 'INFO' | 'TRACE';

/** Of a source that is a stream; what is undefined was not given and has AWS's default. */
export interface StreamSettings {
  readonly position: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  readonly positionMs?: number;
  readonly parallelization?: number;
  /** -1: without end. */
  readonly retriesMax?: number;
  /** -1: as long as the stream keeps records. */
  readonly ageSecondsMax?: number;
  readonly isBisecting?: boolean;
  readonly deadLetterArn?: string;
}

export interface SourceSettings {
  readonly batchSize: number;
  /** When one was given. */
  readonly windowSeconds?: number;
  /** Patterns; one of several is enough. None: every message. */
  readonly filters?: readonly string[];
  readonly stream?: StreamSettings;
}

export interface LogBucket {
  readonly name: string;
  /** The account that owns it. */
  readonly owner: string;
  readonly prefix?: string;
}

export interface LogSettings {
  readonly level: LogLevel;
  readonly groupArn?: string;
  /** Of Firehose. */
  readonly streamArn?: string;
  readonly bucket?: LogBucket;
  readonly includesExecutionData?: boolean;
}

export interface PipeDoc {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  readonly desiredState: DesiredState;
  readonly sourceArn: string;
  /** What the source wakes. */
  readonly wakeKey: string;
  readonly source: SourceSettings;
  readonly enrichmentArn?: string;
  readonly enrichmentParameters: PipeEnrichmentParameters;
  readonly targetArn: string;
  readonly targetParameters: PipeTargetParameters;
  readonly roleArn: string;
  readonly log?: LogSettings;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** The source could not be read when the pipe was created, updated or started: it does not poll until it is told to again. */
  readonly failure?: {
    readonly state: 'CREATE_FAILED' | 'UPDATE_FAILED' | 'START_FAILED';
    readonly reason: string;
  };
}

/** Whether the pipe watches its source. */
export function isPolling(pipe: PipeDoc): boolean {
  return pipe.desiredState === 'RUNNING' && pipe.failure === undefined;
}
