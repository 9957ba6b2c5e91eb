// A refusal: what an AWS client is told when it asked for something wrong. Services make them in their `errors.ts`;
// `wire/error-shapes.ts` renders them for the caller's protocol. Deterministic layers return refusals, never throw them.

export interface AwsError {
  /** The error's name without namespace, as SDKs match it: `QueueDoesNotExist`. */
  readonly code: string;
  /** Text equal to AWS's. */
  readonly message: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  /** The code that older query-protocol clients expect (`AWS.SimpleQueueService.NonExistentQueue`); sent as `x-amzn-query-error`. */
  readonly queryCode?: string;
  /** Further members of a modelled exception (`{ Type: 'User' }`), encoded beside the message. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Headers of the answer that its protocol does not give it by itself: S3's `x-amz-delete-marker`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Refused {
  readonly refused: AwsError;
}

export function refuse(error: AwsError): Refused {
  return { refused: error };
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

export function clientError(
  code: string,
  message: string,
  options: { status?: number; queryCode?: string; members?: Readonly<Record<string, unknown>> } = {},
): AwsError {
  const { status = 400, ...rest } = options;
  return { code, message, status, fault: 'client', ...rest };
}

export function serverError(code: string, message: string, status = 500): AwsError {
  return { code, message, status, fault: 'server' };
}
