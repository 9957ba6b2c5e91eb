// Documents as the API shows them.

import type { Turn } from '#cell/turn.ts';
import type { Scope } from '#model/scope.ts';
import type {
  AliasConfiguration,
  EventSourceMappingConfiguration,
  FunctionConfiguration,
  FunctionEventInvokeConfig,
} from '#wire/generated/lambda.ts';
import { functionArn, mappingArn } from './arns.ts';
import type {
  AliasDoc,
  FunctionDoc,
  FunctionSettings,
  InvokeConfigDoc,
  MappingDoc,
  StreamSettings,
} from './documents.ts';
import { EPHEMERAL_MB } from './limits.ts';

/** `2026-01-15T12:00:00.000+0000` */
function renderInstant(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

export interface ShownVersion {
  readonly doc: FunctionDoc;
  readonly settings: FunctionSettings;
  readonly version: string;
  /** ARN with a qualifier, where the operation shows one. */
  readonly arn: string;
}

export function showConfiguration({ doc, settings, version, arn }: ShownVersion): FunctionConfiguration {
  return {
    FunctionName: doc.name,
    FunctionArn: arn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: settings.code.bytes,
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMb,
    LastModified: renderInstant(settings.lastModifiedMs),
    CodeSha256: settings.code.sha256,
    Version: version,
    ...(settings.environment === undefined ? {} : { Environment: { Variables: settings.environment } }),
    ...(settings.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: settings.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [settings.architecture],
    EphemeralStorage: { Size: EPHEMERAL_MB },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(doc, settings) },
  };
}

export function logGroupOf(doc: FunctionDoc, settings: FunctionSettings): string {
  return settings.logGroup ?? `/aws/lambda/${doc.name}`;
}

export function showAlias(scope: Scope, functionName: string, alias: AliasDoc): AliasConfiguration {
  return {
    AliasArn: functionArn(scope, functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(alias.weights === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: alias.weights } }),
    RevisionId: alias.revisionId,
  };
}

export function showInvokeConfig(scope: Scope, functionName: string, doc: InvokeConfigDoc): FunctionEventInvokeConfig {
  const { onSuccessArn, onFailureArn } = doc;
  return {
    LastModified: doc.lastModifiedMs,
    FunctionArn: functionArn(scope, functionName, doc.qualifier),
    ...(doc.retryAttempts === undefined ? {} : { MaximumRetryAttempts: doc.retryAttempts }),
    ...(doc.eventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: doc.eventAgeSeconds }),
    DestinationConfig: {
      OnSuccess: onSuccessArn === undefined ? {} : { Destination: onSuccessArn },
      OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn },
    },
  };
}

/** `State` is what AWS answers right after the operation: `Creating`, `Updating` …; a later look shows the final one. */
export function showMapping(
  turn: Pick<Turn, 'scope'> & { readonly lastResult?: string | undefined },
  mapping: MappingDoc,
  state?: string,
): EventSourceMappingConfiguration {
  return {
    UUID: mapping.uuid,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    EventSourceArn: mapping.sourceArn,
    EventSourceMappingArn: mappingArn(turn.scope, mapping.uuid),
    FunctionArn: mapping.functionArn,
    ...(mapping.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) } }),
    ...(mapping.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    LastModified: mapping.lastModifiedMs,
    State: state ?? (mapping.isEnabled ? 'Enabled' : 'Disabled'),
    StateTransitionReason: 'USER_INITIATED',
    ...(mapping.stream === undefined ? {} : showStream(mapping.stream, turn.lastResult)),
  };
}

/** As the CLI's examples of GetEventSourceMapping show a mapping of a stream. */
function showStream(stream: StreamSettings, lastResult = 'No records processed'): EventSourceMappingConfiguration {
  const { position, positionMs, onFailureArn } = stream;
  return {
    StartingPosition: position,
    ...(positionMs === undefined ? {} : { StartingPositionTimestamp: positionMs }),
    ParallelizationFactor: stream.parallelization,
    DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
    MaximumRecordAgeInSeconds: stream.ageSecondsMax,
    BisectBatchOnFunctionError: stream.isBisecting,
    MaximumRetryAttempts: stream.retriesMax,
    TumblingWindowInSeconds: stream.tumblingSeconds,
    LastProcessingResult: lastResult,
    StateTransitionReason: 'User action',
  };
}
