// Processors of a delivery stream. AWS: API reference, Processor and ProcessorParameter; developer guide, "Dynamic partitioning", "Message
// extraction", "Data transformation". They are done in a fixed order, whatever the list's: decompression, message extraction, de-aggregation, the
// function, partition keys, delimiter.

import { base64Decode } from '#base/base64.ts';
import type { ProcessingConfiguration, Processor } from '#wire/generated/firehose.ts';
import type { Preparation } from '../performing.ts';

export interface Processors {
  readonly preparation: Omit<Preparation, 'blocks'> | undefined;
  readonly lambda: LambdaProcessor | undefined;
  readonly partitionQuery: string | undefined;
  readonly delimiter: string | undefined;
}

export interface LambdaProcessor {
  readonly functionArn: string;
  readonly roleArn: string | undefined;
  readonly retries: number | undefined;
  readonly bufferMiB: number | undefined;
  readonly bufferSeconds: number | undefined;
}

/** Of a configuration that was checked. */
export function readProcessors(configuration: ProcessingConfiguration | undefined): Processors {
  const processors = configuration?.Enabled === true ? (configuration.Processors ?? []) : [];
  const of = (type: string): ReadonlyMap<string, string> | undefined => {
    const found = processors.find((processor) => processor.Type === type);
    return found === undefined ? undefined : parametersOf(found);
  };
  return {
    preparation: preparationOf(of),
    lambda: lambdaOf(of('Lambda')),
    partitionQuery: of('MetadataExtraction')?.get('MetadataExtractionQuery'),
    delimiter: delimiterOf(of('AppendDelimiterToRecord')),
  };
}

export function parametersOf({ Parameters = [] }: Processor): ReadonlyMap<string, string> {
  return new Map(Parameters.map(({ ParameterName = '', ParameterValue = '' }) => [ParameterName, ParameterValue]));
}

function preparationOf(of: (type: string) => ReadonlyMap<string, string> | undefined): Processors['preparation'] {
  const decompression = of('Decompression');
  const extraction = of('CloudWatchLogProcessing');
  const splitting = of('RecordDeAggregation');
  if (decompression === undefined && extraction === undefined && splitting === undefined) return undefined;
  return {
    decompression: decompression !== undefined,
    messageExtraction: extraction?.get('DataMessageExtraction')?.toLowerCase() === 'true',
    ...(splitting === undefined ? {} : { splitting: splittingOf(splitting) }),
  };
}

function splittingOf(parameters: ReadonlyMap<string, string>): NonNullable<Preparation['splitting']> {
  if (parameters.get('SubRecordType') !== 'DELIMITED') return { by: 'json' };
  return { by: 'delimited', delimiterBase64: parameters.get('Delimiter') ?? '' };
}

function lambdaOf(parameters: ReadonlyMap<string, string> | undefined): LambdaProcessor | undefined {
  if (parameters === undefined) return undefined;
  const number = (name: string): number | undefined => {
    const text = parameters.get(name);
    return text === undefined ? undefined : Number(text);
  };
  return {
    functionArn: parameters.get('LambdaArn') ?? '',
    roleArn: parameters.get('RoleArn'),
    retries: number('NumberOfRetries'),
    bufferMiB: number('BufferSizeInMBs'),
    bufferSeconds: number('BufferIntervalInSeconds'),
  };
}

/** AWS's console and Terraform give the two characters `\n`: escapes are read as in JSON. */
function delimiterOf(parameters: ReadonlyMap<string, string> | undefined): string | undefined {
  if (parameters === undefined) return undefined;
  const given = parameters.get('Delimiter') ?? '\\n';
  return given.replace(/\\([nrt\\])/g, (_all, letter: string) => ESCAPES[letter] ?? letter);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

export const isBase64 = (text: string): boolean => base64Decode(text) !== undefined;
