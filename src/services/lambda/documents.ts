// The documents of the control plane: functions, their versions and aliases, permissions, settings of asynchronous invocation,
// event source mappings. Plain JSON, replaced and never changed in place.

export interface CodeReference {
  /** Name of the blob with the package; one per upload. */
  readonly blob: string;
  /** Base64, as AWS shows it. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What a version freezes. */
export interface FunctionSettings {
  readonly runtime: string;
  readonly role: string;
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Undefined and empty differ in what is shown. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadLetterArn?: string;
  readonly architecture: string;
  /** When it is not /aws/lambda/<name>. */
  readonly logGroup?: string;
  readonly code: CodeReference;
  readonly revisionId: string;
  readonly lastModifiedMs: number;
}

export interface FunctionDoc {
  readonly name: string;
  /** Without a qualifier. */
  readonly arn: string;
  readonly latest: FunctionSettings;
  readonly nextVersion: number;
  /** Revision of $LATEST that the newest version froze: publishing it again makes no new one. */
  readonly publishedRevisionId?: string;
  readonly reservedConcurrency?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface VersionDoc {
  readonly version: number;
  readonly settings: FunctionSettings;
}

export interface AliasDoc {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Share of invocations that go to another version. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** Permissions of a function, of one of its versions or aliases. Statements in AWS's form. */
export interface PolicyDoc {
  readonly statements: readonly Readonly<Record<string, unknown>>[];
  readonly revisionId: string;
}

export interface InvokeConfigDoc {
  readonly qualifier: string;
  readonly retryAttempts?: number;
  readonly eventAgeSeconds?: number;
  readonly onSuccessArn?: string;
  readonly onFailureArn?: string;
  readonly lastModifiedMs: number;
}

/** Of a mapping of a stream. */
export interface StreamSettings {
  readonly position: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  readonly positionMs?: number;
  /** Batches of one shard at the same time. */
  readonly parallelization: number;
  /** -1: without end. */
  readonly retriesMax: number;
  /** -1: as long as the stream keeps records. */
  readonly ageSecondsMax: number;
  readonly isBisecting: boolean;
  /** 0: no tumbling windows. */
  readonly tumblingSeconds: number;
  readonly onFailureArn?: string;
}

export interface MappingDoc {
  readonly uuid: string;
  /** The table key of the function, and what of it is named. */
  readonly functionKey: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  /** What the source wakes. */
  readonly wakeKey: string;
  readonly isEnabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly filters: readonly string[];
  readonly reportsItemFailures: boolean;
  readonly maximumConcurrency?: number;
  readonly stream?: StreamSettings;
  readonly tags: Readonly<Record<string, string>>;
  readonly lastModifiedMs: number;
}
