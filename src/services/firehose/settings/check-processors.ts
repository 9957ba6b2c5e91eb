// What processors may say, each alone and together. AWS: API reference, Processor and ProcessorParameter; developer guide, "Dynamic partitioning",
// "Message extraction", "Data transformation". Texts are plausible where no source has them.

import type { AwsError } from '#model/aws-error.ts';
import type { ProcessingConfiguration, Processor } from '#wire/generated/firehose.ts';
import type { DestinationKind } from '../documents.ts';
import { invalidArgument, notAvailable } from '../errors.ts';
import { isBase64, parametersOf } from './processors.ts';

interface Context {
  readonly kind: DestinationKind;
  readonly isPartitioned: boolean;
}

type Rules = (parameters: ReadonlyMap<string, string>, context: Context) => AwsError | undefined;

export function processingProblem(
  configuration: ProcessingConfiguration | undefined,
  context: Context,
): AwsError | undefined {
  const processors = configuration?.Processors ?? [];
  const types = processors.map(({ Type = '' }) => Type);
  const repeated = types.find((type, i) => types.indexOf(type) !== i);
  if (repeated !== undefined) return invalidArgument(`Only one processor of type ${repeated} can be specified.`);
  if (types.includes('CloudWatchLogProcessing') && !types.includes('Decompression')) {
    return invalidArgument('CloudWatchLogProcessing requires a Decompression processor.');
  }
  for (const processor of processors) {
    const problem = processorProblem(processor, context);
    if (problem !== undefined) return problem;
  }
  if (configuration?.Enabled === true && processors.length === 0) {
    return invalidArgument('Processors must be specified when ProcessingConfiguration is enabled.');
  }
  return undefined;
}

function processorProblem(processor: Processor, context: Context): AwsError | undefined {
  const { Type: type = '', Parameters = [] } = processor;
  const names = Parameters.map(({ ParameterName = '' }) => ParameterName);
  const known = PARAMETERS[type] ?? [];
  const foreign = names.find((name) => !known.includes(name));
  if (foreign !== undefined) return invalidArgument(`${foreign} is not a valid parameter of the ${type} processor.`);
  return RULES[type]?.(parametersOf(processor), context);
}

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  Lambda: ['LambdaArn', 'NumberOfRetries', 'RoleArn', 'BufferSizeInMBs', 'BufferIntervalInSeconds'],
  MetadataExtraction: ['MetadataExtractionQuery', 'JsonParsingEngine'],
  RecordDeAggregation: ['SubRecordType', 'Delimiter'],
  AppendDelimiterToRecord: ['Delimiter'],
  Decompression: ['CompressionFormat'],
  CloudWatchLogProcessing: ['DataMessageExtraction'],
};

const RULES: Readonly<Record<string, Rules>> = {
  Lambda: lambdaProblem,
  MetadataExtraction: extractionProblem,
  RecordDeAggregation: splittingProblem,
  Decompression: (parameters) =>
    parameters.get('CompressionFormat') === 'GZIP'
      ? undefined
      : invalidArgument('CompressionFormat of the Decompression processor must be GZIP.'),
  CloudWatchLogProcessing: (parameters) =>
    ['true', 'false'].includes(parameters.get('DataMessageExtraction') ?? '')
      ? undefined
      : invalidArgument('DataMessageExtraction of the CloudWatchLogProcessing processor must be true or false.'),
  AppendDelimiterToRecord: (_parameters, { kind }) =>
    kind === 's3' || kind === 'redshift' ? undefined : notAvailable('AppendDelimiterToRecord for this destination'),
};

function lambdaProblem(parameters: ReadonlyMap<string, string>): AwsError | undefined {
  const arn = parameters.get('LambdaArn') ?? '';
  if (!/^arn:[^:]+:lambda:[a-z0-9-]+:\d{12}:function:[^\s]+$/.test(arn)) {
    return invalidArgument(`LambdaArn must be the ARN of a Lambda function, not ${arn.slice(0, 256)}.`);
  }
  return (
    numberProblem(parameters, 'NumberOfRetries', { min: 0, max: 300, isWhole: true }) ??
    numberProblem(parameters, 'BufferSizeInMBs', { min: 0.2, max: 3, isWhole: false }) ??
    numberProblem(parameters, 'BufferIntervalInSeconds', { min: 0, max: 900, isWhole: true })
  );
}

function numberProblem(
  parameters: ReadonlyMap<string, string>,
  name: string,
  { min, max, isWhole }: { readonly min: number; readonly max: number; readonly isWhole: boolean },
): AwsError | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const isNumber = isWhole ? /^\d{1,9}$/.test(text) : /^\d{1,9}(\.\d{1,9})?$/.test(text);
  if (isNumber && Number(text) >= min && Number(text) <= max) return undefined;
  return invalidArgument(`${name} must be a number from ${min} to ${max}.`);
}

function extractionProblem(parameters: ReadonlyMap<string, string>, { isPartitioned }: Context): AwsError | undefined {
  if (!isPartitioned)
    return invalidArgument('MetadataExtraction processor can only be present when Dynamic Partitioning is enabled.');
  if (parameters.get('JsonParsingEngine') !== 'JQ-1.6') return invalidArgument('JsonParsingEngine must be JQ-1.6.');
  if (parameters.get('MetadataExtractionQuery') !== undefined) return undefined;
  return invalidArgument('MetadataExtractionQuery must be specified.');
}

function splittingProblem(parameters: ReadonlyMap<string, string>, { isPartitioned }: Context): AwsError | undefined {
  if (!isPartitioned) {
    return invalidArgument('RecordDeAggregation processor can only be present when Dynamic Partitioning is enabled.');
  }
  const type = parameters.get('SubRecordType');
  if (type !== 'JSON' && type !== 'DELIMITED') return invalidArgument('SubRecordType must be JSON or DELIMITED.');
  const delimiter = parameters.get('Delimiter');
  if (type === 'JSON') return delimiter === undefined ? undefined : invalidArgument('Delimiter is not valid for JSON.');
  if (delimiter !== undefined && delimiter !== '' && isBase64(delimiter)) return undefined;
  return invalidArgument('Delimiter must be base64 for DELIMITED records.');
}
