// Processors as AWS describes them: with their defaults, in its order, whatever was given. Seen by Terraform's provider, which takes the defaults of
// functions out again (internal/service/firehose, defaultProcessorParameters), and by the authors of stackd.

import type { ProcessingConfiguration, Processor } from '#wire/generated/firehose.ts';
import type { DestinationDoc } from '../documents.ts';
import { LAMBDA_BUFFER_MIB, LAMBDA_BUFFER_SECONDS, LAMBDA_BUFFER_SPLUNK_MIB, LAMBDA_RETRIES } from '../limits.ts';
import { parametersOf } from './processors.ts';

/** The destination, with all that its processors do. */
export function withProcessing(destination: DestinationDoc): DestinationDoc {
  const { kind, description } = destination;
  const { ProcessingConfiguration: given } = description;
  if (given === undefined) return destination;
  const role = 'RoleARN' in description ? description.RoleARN : undefined;
  const defaults = {
    NumberOfRetries: String(LAMBDA_RETRIES),
    ...(role === undefined ? {} : { RoleArn: role }),
    BufferSizeInMBs: String(kind === 'splunk' ? LAMBDA_BUFFER_SPLUNK_MIB : LAMBDA_BUFFER_MIB),
    BufferIntervalInSeconds: String(LAMBDA_BUFFER_SECONDS),
  };
  const ProcessingConfiguration: ProcessingConfiguration = {
    Enabled: given.Enabled ?? false,
    Processors: (given.Processors ?? []).map((processor) => shown(processor, defaults)),
  };
  return { kind, description: { ...description, ProcessingConfiguration } } as DestinationDoc;
}

function shown(processor: Processor, ofFunctions: Readonly<Record<string, string>>): Processor {
  const { Type } = processor;
  const given = Object.fromEntries(parametersOf(processor));
  if (Type === 'Lambda') return { Type, Parameters: listed({ LambdaArn: '', ...ofFunctions, ...given }) };
  if (Type === 'Decompression') return { Type, Parameters: listed({ CompressionFormat: 'GZIP', ...given }) };
  if (Type !== 'CloudWatchLogProcessing') return processor;
  return { Type, Parameters: listed({ DataMessageExtraction: given['DataMessageExtraction']?.toLowerCase() ?? '' }) };
}

function listed(parameters: Readonly<Record<string, string>>): Processor['Parameters'] {
  return Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }));
}
