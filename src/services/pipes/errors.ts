// What Pipes refuses. AWS's texts are those of replies quoted in public issues (hashicorp/terraform-provider-aws 32018, 32423, 37150;
// terraform-aws-modules/terraform-aws-eventbridge 133) and of the EventBridge user guide, "Error handling and troubleshooting". Those marked "plausible" are
// in no source that was found.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { PIPES_MAX } from './limits.ts';

/** The front end: `[numeric instance is lower than the required minimum (minimum: 1, found: 0)]`. */
export const schemaViolated = (problems: readonly string[]): AwsError =>
  clientError('ValidationException', `[${problems.join(', ')}]`);

export interface FieldProblem {
  readonly name: string;
  readonly message: string;
}

/** The service itself: `{"ValidationErrorFields":[{"Name":…,"Message":…}]}`, and the same as a list. */
export const fieldsInvalid = (fields: readonly FieldProblem[]): AwsError => {
  const shown = fields.map(({ name, message }) => ({ Name: name, Message: message }));
  return clientError('ValidationException', JSON.stringify({ ValidationErrorFields: shown }), {
    members: { fieldList: fields },
  });
};

export const MISSING_PARAMETER = 'Missing required parameter.';
export const INVALID_TARGET_PARAMETER = 'Invalid target parameter provided for target.';
/** Plausible, after the target's. */
export const INVALID_SOURCE_PARAMETER = 'Invalid source parameter provided for source.';
/** Plausible, after the target's. */
export const INVALID_ENRICHMENT_PARAMETER = 'Invalid enrichment parameter provided for enrichment.';

/** What AWS has and this server does not: named, never stored and ignored. */
export const notAvailable = (name: string, what: string): FieldProblem => ({
  name,
  message: `${what} is not available on this server.`,
});

/** Plausible. */
export const pipeDoesNotExist = (name: string): AwsError =>
  clientError('NotFoundException', `Pipe ${name} does not exist.`, { status: 404 });

/** Plausible. */
export const resourceNotFound = (arn: string): AwsError =>
  clientError('NotFoundException', `Resource ${arn} does not exist.`, { status: 404 });

/** Plausible. */
export const pipeExists = (name: string, arn: string): AwsError =>
  clientError('ConflictException', `Pipe ${name} already exists.`, {
    status: 409,
    members: { resourceId: arn, resourceType: 'Pipe' },
  });

/** Plausible, text and quota's code. AWS: EventBridge user guide, "Amazon EventBridge quotas": 1,000 pipes in an account and region. */
export const tooManyPipes = (arn: string): AwsError =>
  clientError('ServiceQuotaExceededException', `You have reached the maximum number of pipes (${PIPES_MAX}).`, {
    status: 402,
    members: { resourceId: arn, resourceType: 'Pipe', serviceCode: 'pipes', quotaCode: 'PipesPerAccount' },
  });

/** Plausible. */
export const tooManyTags = (): AwsError =>
  fieldsInvalid([{ name: 'tags', message: 'A pipe can have at most 50 tags.' }]);

/** Plausible. AWS: General Reference, "Tag naming limits and requirements": keys that begin with aws: are AWS's own. */
export const reservedTagKey = (key: string): AwsError =>
  fieldsInvalid([{ name: 'tags', message: `The tag key ${key} begins with aws:, which is reserved.` }]);

/** Plausible. AWS: API reference, ListPipes: "an HTTP 400 InvalidToken error". */
export const invalidToken = (): AwsError => fieldsInvalid([{ name: 'NextToken', message: 'The token is not valid.' }]);

export type SourceProblem =
  | { readonly kind: 'role' }
  | { readonly kind: 'stream-gone' }
  /** `GetRecords` */
  | { readonly kind: 'stream-denied'; readonly action: string }
  | { readonly kind: 'gone' }
  /** `ReceiveMessage` */
  | { readonly kind: 'denied'; readonly action: string };

/** The StateReason of a pipe that could not be created, updated or started. The second and the first text are plausible. */
export function failureReason(problem: SourceProblem): string {
  return `Input parameter is invalid from the request due to : ${causeOf(problem)}`;
}

function causeOf(problem: SourceProblem): string {
  switch (problem.kind) {
    case 'role':
      return 'The provided customer role cannot be assumed by principal pipes.amazonaws.com';
    case 'gone':
      return 'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.';
    case 'denied':
      return `The provided customer role does not have permissions to call ${problem.action} on SQS`;
    case 'stream-gone':
      return 'Stream not found';
    case 'stream-denied':
      return `The provided customer role does not have permissions to call ${problem.action} on Kinesis`;
  }
}

/** The StateReason while a pipe that ran cannot read its source any more. Queue and role are plausible, after the guide's texts. */
export function stoppedReason(problem: SourceProblem): string {
  switch (problem.kind) {
    case 'role':
      return 'Pipes cannot assume the role: its trust policy must allow pipes.amazonaws.com to perform sts:AssumeRole';
    case 'gone':
      return 'Queue not found. To resume processing please create the queue, or delete the pipe and create a new one.';
    case 'stream-gone':
      return 'Stream not found. To resume processing please create the stream, or delete the pipe and create a new one.';
    case 'stream-denied':
      return `Pipes does not have required permissions to read the stream (kinesis:${problem.action})`;
    case 'denied':
      return 'Pipes does not have required permissions to perform Queue operations (sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes)';
  }
}
