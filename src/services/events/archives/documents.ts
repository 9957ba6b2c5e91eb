// Archives and replays as they are stored. How many events an archive has, and how far a replay is, is in their facts.

export interface ArchiveDoc {
  readonly name: string;
  readonly arn: string;
  /** Never given twice: facts and blobs speak of it by this. */
  readonly number: number;
  readonly account: string;
  readonly region: string;
  readonly busArn: string;
  /** The managed rule that chooses the events. */
  readonly ruleNumber: number;
  readonly description?: string | undefined;
  readonly eventPattern?: string | undefined;
  /** 0: for ever. */
  readonly retentionDays: number;
  readonly createdAtMs: number;
}

export interface ReplayDoc {
  readonly name: string;
  readonly arn: string;
  readonly number: number;
  readonly account: string;
  readonly region: string;
  readonly description?: string | undefined;
  readonly archiveArn: string;
  readonly archiveNumber: number;
  readonly busArn: string;
  /** All rules of the bus without it. */
  readonly ruleArns?: readonly string[] | undefined;
  /** Events with `fromMs <= time < toMs` are replayed. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly startedAtMs: number;
}
