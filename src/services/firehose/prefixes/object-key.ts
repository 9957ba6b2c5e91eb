// Keys of objects. AWS: Firehose developer guide, "Configure Amazon S3 object name format": evaluated prefix, then
// `DeliveryStreamName-DeliveryStreamVersion-YYYY-MM-dd-HH-mm-ss-RandomString`, then an extension.

import type { Turn } from '#cell/turn.ts';
import { formatPattern, parsePattern } from './date-pattern.ts';
import { evaluate, type Prefix, type PrefixValues, RANDOM_LENGTH } from './prefix.ts';

export interface ObjectName {
  readonly prefix: Prefix;
  readonly values: Omit<PrefixValues, 'randomString'>;
  readonly deliveryStreamName: string;
  readonly version: number;
  readonly extension: string;
}

const NAME_TIME = parsePattern('yyyy-MM-dd-HH-mm-ss') ?? [];
const RANDOM_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

export function objectKey(turn: Turn, name: ObjectName): string {
  const { values, deliveryStreamName, version, extension } = name;
  const prefix = evaluate(name.prefix, { ...values, randomString: () => randomString(turn) });
  const time = formatPattern(NAME_TIME, values.atMs, values.timeZone);
  return `${prefix}${deliveryStreamName}-${version}-${time}-${turn.uuid()}${extension}`;
}

function randomString(turn: Turn): string {
  const bytes = new Uint8Array(RANDOM_LENGTH);
  turn.entropy.fill(bytes);
  return [...bytes].map((byte) => RANDOM_CHARACTERS[byte % RANDOM_CHARACTERS.length]).join('');
}

/** AWS: the compression's own, unless FileExtension overrides it. Parquet compresses within and is called after itself. */
export function extensionOf(settings: {
  readonly compression: string;
  readonly isParquet: boolean;
  readonly fileExtension: string | undefined;
}): string {
  const { compression, isParquet, fileExtension } = settings;
  if (fileExtension !== undefined && fileExtension !== '') return fileExtension;
  if (isParquet) return '.parquet';
  return EXTENSIONS[compression] ?? '';
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  GZIP: '.gz',
  ZIP: '.zip',
  Snappy: '.snappy',
  HADOOP_SNAPPY: '.hsnappy',
};
