// What the admin API under `/_eddy/` answers: shared by the server and the command line.

export interface StatusAnswer {
  readonly version: string;
  readonly pid: number;
  readonly url: string;
  readonly startedAt: string;
  readonly dataDir: string | null;
  readonly engine: string;
  readonly durability: string;
  readonly auth: 'relaxed' | 'strict';
  readonly iam: 'off' | 'explain' | 'enforce';
  readonly clock: ClockAnswer;
  readonly requests: number;
  readonly refused: number;
  readonly waitingPolls: number;
  readonly payloads: { readonly count: number; readonly bytes: number };
  readonly journal: { readonly end: number; readonly durableEnd: number; readonly segments: number };
  readonly memoryBytes: number;
}

export interface ClockAnswer {
  readonly mode: 'real' | 'virtual';
  readonly now: string;
  readonly nowMs: number;
  /** When something is due next; null when nothing is. */
  readonly nextDueAt: string | null;
}

export type ClockRequest =
  | { readonly action: 'freeze' }
  | { readonly action: 'resume' }
  | { readonly action: 'set'; readonly to: string | number }
  | { readonly action: 'advance'; readonly ms: number };

export interface PeekedMessage {
  readonly messageId: string;
  readonly state: 'visible' | 'in flight' | 'delayed';
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
}

export interface PeekAnswer {
  readonly queueUrl: string;
  readonly messages: readonly PeekedMessage[];
}

/** A record of a stream; data that is no text is base64. */
export interface PeekedRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAt: string;
  readonly data: string;
  readonly isBase64: boolean;
}

export interface StreamPeekAnswer {
  readonly streamArn: string;
  readonly records: readonly PeekedRecord[];
}

/** One thing that happened to a message, or beside it. */
export interface JourneyStep {
  readonly at: string;
  readonly service: string;
  readonly fact: string;
  readonly story: string;
  /** Request that led to it, with who sent it. */
  readonly requestId: string | null;
  readonly caller: string | null;
}

export interface JourneyAnswer {
  readonly id: string;
  readonly steps: readonly JourneyStep[];
  /** What AWS would have denied in the same requests. */
  readonly denials: readonly string[];
  /** What memory says beside: readers of a record, rules of a bucket, where a record's bytes are. */
  readonly sections?: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Of an event: the rules of its bus, those that matched first, then the nearest misses. */
  readonly rules?: readonly string[];
  /** The end of it, in one sentence. */
  readonly summary: string;
}

/** A sample of an event of one of AWS's services. */
export interface SampleName {
  readonly service: string;
  readonly detailType: string;
}

/** `detail`: JSON text whose members replace the sample's. `bus`: name or ARN, the default bus without it. */
export interface EmitRequest extends SampleName {
  readonly detail?: string | undefined;
  readonly bus?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface EmitAnswer {
  readonly eventId: string;
  readonly busArn: string;
}

/** Counters since this process began, by AWS's names of the metrics. Latency: from the event's arrival to its invocation's success. */
export interface EventMetricsAnswer {
  readonly buses: readonly { readonly bus: string; readonly PutEvents: number; readonly MatchedEvents: number }[];
  readonly rules: readonly {
    readonly rule: string;
    readonly TriggeredRules: number;
    readonly InvocationsCreated: number;
    readonly Invocations: number;
    readonly InvocationAttempts: number;
    readonly SuccessfulInvocationAttempts: number;
    readonly RetryInvocationAttempts: number;
    readonly FailedInvocations: number;
    readonly ThrottledRules: number;
    readonly InvocationsSentToDlq: number;
    readonly InvocationsFailedToBeSentToDlq: number;
    /** Milliseconds; null without a success. */
    readonly averageSuccessLatencyMs: number | null;
  }[];
}

/** What changed between two versions of a schema, and whom it breaks. */
export interface SchemaDiffAnswer {
  readonly registry: string;
  readonly schema: string;
  readonly from: string;
  readonly to: string;
  readonly breaksConsumers: boolean;
  readonly breaksProducers: boolean;
  readonly changes: readonly {
    /** JSON pointer into the event; an asterisk stands for any element or name. */
    readonly path: string;
    readonly kind: string;
    readonly breaksConsumers: boolean;
    readonly breaksProducers: boolean;
    readonly sentence: string;
  }[];
}

export interface AdminProblem {
  readonly message: string;
}
