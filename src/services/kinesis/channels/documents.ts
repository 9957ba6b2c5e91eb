// Channels as they are stored. How far one is in each shard is in facts.

export type RecordFormat = 'JSON' | 'STRING' | 'BYTE_ARRAY';

export interface ChannelDoc {
  /** Never given twice. */
  readonly number: number;
  readonly name: string;
  /** UUID. */
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly roleArn: string;
  /** The source: number, ARN and creation of the stream. */
  readonly stream: number;
  readonly streamArn: string;
  readonly streamCreatedAtMs: number;
  readonly format: RecordFormat;
  readonly freshnessSeconds: number;
  readonly bucketArn: string;
  readonly bucketOwner: string;
  readonly keyTemplate?: string | undefined;
  readonly compression: 'NONE' | 'GZIP';
  /** Where records go that are not of the format. */
  readonly errors: { readonly bucketArn: string; readonly bucketOwner: string; readonly prefix: string };
  readonly isLogging: boolean;
  readonly logGroup: string;
  readonly logStream: string;
  /** Why nothing is delivered any more. */
  readonly failure?: string | undefined;
}

export function channelKey({ account, region, name }: Pick<ChannelDoc, 'account' | 'region' | 'name'>): string {
  return `${account}/${region}/${name}`;
}
