// Vended log delivery: what AWS services write about their resources goes from a source (a resource and a kind of its logs) over a delivery to
// a destination. AWS: CloudWatch Logs user guide, "Enable logging from AWS services".

export interface DeliverySourceDoc {
  readonly name: string;
  readonly arn: string;
  readonly resourceArn: string;
  /** The service part of the resource's ARN. */
  readonly service: string;
  readonly logType: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeliveryDestinationDoc {
  readonly name: string;
  readonly arn: string;
  /** Of the log group, the delivery stream or the bucket. */
  readonly resourceArn: string;
  readonly outputFormat?: string | undefined;
  /** Who in other accounts may deliver to it. */
  readonly policy?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeliveryDoc {
  readonly id: string;
  readonly arn: string;
  readonly sourceName: string;
  readonly destinationArn: string;
  /** Of a delivery to a bucket. */
  readonly s3?: S3Paths;
  readonly tags: Readonly<Record<string, string>>;
}

export interface S3Paths {
  /** The whole of it, as AWS shows it: `AWSLogs/{account-id}/EventBusLogs/` and what was asked for. */
  readonly suffixPath: string;
  readonly isHive: boolean;
}
