// What processors may say, each alone and together. AWS: API reference, Processor and ProcessorParameter; developer guide, "Dynamic partitioning",
// "Message extraction", "Data transformation". Texts: answers of AWS as cdk-preflight (rules/firehose) and stackd have them; plausible for foreign
// parameters, repeated processors and a function's ARN.

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
  if (configuration?.Enabled === true && (processors.length < 1 || processors.length > PROCESSORS_MAX)) {
    return invalidArgument(
      `A maximum of ${PROCESSORS_MAX} and a minimum of 1 processor needs to be supplied when processing is enabled.`,
    );
  }
  const types = processors.map(({ Type = '' }) => Type);
  const repeated = types.find((type, i) => types.indexOf(type) !== i);
  if (repeated === 'Lambda') return invalidArgument('Cannot have more than 1 Lambda processor.');
  if (repeated !== undefined) return invalidArgument(`Only one processor of type ${repeated} can be specified.`);
  for (const processor of processors) {
    const problem = processorProblem(processor, context);
    if (problem !== undefined) return problem;
  }
  return types.includes('CloudWatchLogProcessing') && !types.includes('Decompression')
    ? invalidArgument('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor')
    : undefined;
}

const PROCESSORS_MAX = 5;

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
    (parameters.get('CompressionFormat') ?? 'GZIP') === 'GZIP'
      ? undefined
      : invalidArgument('CompressionFormat has to be GZIP'),
  CloudWatchLogProcessing: (parameters) =>
    /^(true|false)$/i.test(parameters.get('DataMessageExtraction') ?? '')
      ? undefined
      : invalidArgument('Invalid parameter value for DataMessageExtraction. Allowed values are True and False.'),
  AppendDelimiterToRecord: (_parameters, { kind }) =>
    kind === 's3' || kind === 'redshift' ? undefined : notAvailable('AppendDelimiterToRecord for this destination'),
};

function lambdaProblem(parameters: ReadonlyMap<string, string>): AwsError | undefined {
  const arn = parameters.get('LambdaArn');
  if (arn === undefined) return invalidArgument('LambdaArn is required when Lambda processor is used.');
  if (!/^arn:[^:]+:lambda:[a-z0-9-]+:\d{12}:function:[^\s]+$/.test(arn)) {
    return invalidArgument(`LambdaArn must be the ARN of a Lambda function, not ${arn.slice(0, 256)}.`);
  }
  if (parameters.has('BufferSizeInMBs') !== parameters.has('BufferIntervalInSeconds')) {
    return invalidArgument(
      'Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for lambda processor.',
    );
  }
  const broken = NUMBERS.find(({ name, ...bounds }) => !isNumber(parameters.get(name), bounds));
  return broken && invalidArgument(`${broken.shown} must be between ${broken.min} and ${broken.max}.`);
}

const NUMBERS = [
  { name: 'NumberOfRetries', shown: 'Number of retries for lambda', min: 0, max: 300, isWhole: true },
  { name: 'BufferSizeInMBs', shown: 'BufferSizeInMBs for lambda processor', min: 0.2, max: 3, isWhole: false },
  {
    name: 'BufferIntervalInSeconds',
    shown: 'BufferIntervalInSeconds for lambda processor',
    min: 0,
    max: 900,
    isWhole: true,
  },
];

function isNumber(
  text: string | undefined,
  { min, max, isWhole }: { readonly min: number; readonly max: number; readonly isWhole: boolean },
): boolean {
  if (text === undefined) return true;
  const hasForm = isWhole ? /^\d{1,9}$/.test(text) : /^\d{1,9}(\.\d{1,9})?$/.test(text);
  return hasForm && Number(text) >= min && Number(text) <= max;
}

/** AWS's own words, with the name of its class; that of the second one is plausible. */
const onlyPartitioned = (name: string): AwsError =>
  invalidArgument(
    `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`,
  );

function extractionProblem(parameters: ReadonlyMap<string, string>, { isPartitioned }: Context): AwsError | undefined {
  if (!isPartitioned) return onlyPartitioned('MetadataExtractionProcessor');
  if (parameters.get('JsonParsingEngine') !== 'JQ-1.6') {
    return invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6');
  }
  if (parameters.get('MetadataExtractionQuery') !== undefined) return undefined;
  return invalidArgument('MetadataExtractionQuery must be specified.');
}

function splittingProblem(parameters: ReadonlyMap<string, string>, { isPartitioned }: Context): AwsError | undefined {
  if (!isPartitioned) return onlyPartitioned('RecordDeAggregationProcessor');
  const type = parameters.get('SubRecordType');
  if (type !== 'JSON' && type !== 'DELIMITED') return invalidArgument('SubRecordType has to be one of JSON, DELIMITED');
  const delimiter = parameters.get('Delimiter');
  if (type === 'JSON') return delimiter === undefined ? undefined : invalidArgument('Delimiter is not valid for JSON.');
  if (delimiter === undefined) return invalidArgument('Delimiter should be present for DELIMITED');
  if (delimiter !== '' && isBase64(delimiter)) return undefined;
  return invalidArgument('Delimiter must be base64 for DELIMITED records.');
}
