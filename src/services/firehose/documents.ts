// What is kept of delivery streams. A destination is kept as AWS describes it, with its defaults: describing shows it, updating merges into it.

import type {
  AmazonopensearchserviceDestinationDescription,
  ElasticsearchDestinationDescription,
  ExtendedS3DestinationDescription,
  HttpEndpointDestinationDescription,
  RedshiftDestinationDescription,
  SplunkDestinationDescription,
} from '#wire/generated/firehose.ts';

export interface StreamDoc {
  /** Short name in facts; never given twice. */
  readonly number: number;
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** 1, one more with each change. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs?: number;
  /** A Kinesis stream; without it records are put. */
  readonly source?: SourceDoc;
  readonly throughputHintMiB?: number;
  readonly destination: DestinationDoc;
  /** AccessKey, HECToken, Password as JSON, sealed, base64. */
  readonly secrets?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SourceDoc {
  readonly streamArn: string;
  readonly roleArn: string;
  /** What the stream's owner wakes when there is something to read. */
  readonly wakeKey: string;
  /** Records that came to the stream before are not read. */
  readonly startMs: number;
}

export type DestinationDoc =
  | { readonly kind: 's3'; readonly description: ExtendedS3DestinationDescription }
  | { readonly kind: 'http'; readonly description: HttpEndpointDestinationDescription }
  | { readonly kind: 'splunk'; readonly description: SplunkDestinationDescription }
  | { readonly kind: 'opensearch'; readonly description: AmazonopensearchserviceDestinationDescription }
  | { readonly kind: 'elasticsearch'; readonly description: ElasticsearchDestinationDescription }
  | { readonly kind: 'redshift'; readonly description: RedshiftDestinationDescription };

export type DestinationKind = DestinationDoc['kind'];

/** In clear, as long as it is needed. */
export interface Secrets {
  readonly accessKey?: string;
  readonly hecToken?: string;
  readonly password?: string;
}

/** There is one. */
export const DESTINATION_ID = 'destinationId-000000000001';
