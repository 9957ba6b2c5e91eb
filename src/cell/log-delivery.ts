// Logs that do not lead to a log group: to a delivery stream, or into objects of a bucket. What services that write logs of their resources (pipes) ask of
// CloudWatch Logs.

/** A way of a resource's log, as it is known before a line is written. */
export interface LogDelivery {
  readonly source: LogSource;
  readonly destination: LogDestination;
}

export interface LogSource {
  /** Of CloudWatch Logs' own: `arn:aws:logs:region:account:delivery-source:name`. Policies know lines by it (aws:SourceArn). */
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Of the resource: objects are named by it. */
  readonly name: string;
}

export type LogDestination =
  /** Each line is a record. */
  { readonly kind: 'stream'; readonly streamArn: string } | BucketDestination;

/** Lines are gathered for some minutes: each object is a text of lines, compressed by GZIP. */
export interface BucketDestination {
  readonly kind: 'bucket';
  readonly bucket: string;
  /** The account that must own it. */
  readonly owner: string;
  /** What keys begin with, as it is; may be empty. */
  readonly prefix: string;
  /** What follows, with `{account-id}`, `{region}`, `{yyyy}`, `{MM}`, `{dd}` and `{HH}` in it. */
  readonly path: string;
  /** Variables of the path are written as `year=2026`. */
  readonly isHive?: boolean;
}
