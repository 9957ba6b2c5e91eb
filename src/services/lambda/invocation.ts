// What an invocation asks of whoever runs functions (the performer `invoke-function`), and what comes back. The runtime
// implements it; nothing here knows a process.

/** Names of the performers that the runtime registers. */
export const INVOKE_FUNCTION = 'invoke-function';
/** Input: a function key. Its environments end. */
export const RETIRE_FUNCTION = 'retire-function';
/** Input: names of code blobs that nothing refers to any more. */
export const DELETE_CODE = 'delete-code';
/** Input: names of all code blobs that are referred to; the others go. */
export const SWEEP_CODE = 'sweep-code';
/** Operation by which the runtime hands over what a long invocation has written so far; no request can name it. */
export const FUNCTION_WROTE_LINES = '(function wrote lines)';
/** Blobs of function code begin with this. */
export const CODE_PREFIX = 'lambda-code-';

/** One version of a function as an execution environment needs it. A changed member needs a changed `revision`. */
export interface FunctionConfig {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly region: string;
  readonly logGroup: string;
  /** Of the function's role; asked for when an environment starts. */
  readonly credentials: Credentials;
  /** Where the handler's SDK calls go: back to this server. */
  readonly endpointUrl: string;
  /** Environments of this function at the same time; further invocations wait in line. */
  readonly concurrencyMax?: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface InvocationRequest {
  /** Names the function's version: environments are shared by invocations of the same key. */
  readonly functionKey: string;
  /** Environments of another revision of the same key end, busy ones after their invocation. */
  readonly revision: string;
  /** Name of the blob with the package. */
  readonly code: string;
  readonly config: FunctionConfig;
  /** The event; undefined when it is the effect's payload. */
  readonly payload: Uint8Array | undefined;
  readonly requestId: string;
  /** The ARN the caller named, with its qualifier. */
  readonly invokedArn: string;
  /** X-Ray trace header, when the caller sent one. */
  readonly traceId?: string;
  /** JSON, not base64. */
  readonly clientContext?: string;
}

export interface InvocationOutcome {
  readonly payload: Uint8Array;
  /** Set when the function failed: then the payload is AWS's error document. */
  readonly functionError?: 'Unhandled';
  /** `Sandbox.Timedout`, `Runtime.ExitError`, or what the handler raised. */
  readonly errorType?: string;
  readonly durationMs: number;
  readonly billedMs: number;
  /** Only on the first invocation of an environment. */
  readonly initMs?: number;
  readonly memoryUsedMb: number;
  /** Last 4 KiB of this invocation's log lines, base64, as LogType=Tail returns them. */
  readonly logTail: string;
  /** `2026/11/23/[$LATEST]0123…`: one per execution environment. */
  readonly logStream: string;
  /** What the environment wrote since the last outcome, platform lines included, without what the sink got already. */
  readonly lines: readonly LogLine[];
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/** Gets the lines of a long or talkative invocation while it runs; the rest comes with the outcome. */
export type LogSink = (stream: LogStreamName, lines: readonly LogLine[]) => void;

export interface LogStreamName {
  readonly functionKey: string;
  readonly region: string;
  readonly logGroup: string;
  readonly logStream: string;
}
