// Logs that do not lead to a log group: to a delivery stream. What services that write logs of their resources (pipes) ask of CloudWatch Logs.

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
}

export type LogDestination =
  /** Each line is a record. */
  { readonly kind: 'stream'; readonly streamArn: string };
