// An API destination as it is stored. Whether it is active follows from its connection.

export interface ApiDestinationDoc {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string | undefined;
  readonly connectionArn: string;
  /** With wildcards in its path. */
  readonly endpoint: string;
  readonly method: string;
  readonly ratePerSecond: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}
