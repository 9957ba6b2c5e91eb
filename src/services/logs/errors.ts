// What CloudWatch Logs refuses, in AWS's words. Source: replies of the service as recorded in public snapshot tests, and the
// API reference.

import { type AwsError, clientError } from '#model/aws-error.ts';

export const groupDoesNotExist = (): AwsError =>
  clientError('ResourceNotFoundException', 'The specified log group does not exist.');

export const streamDoesNotExist = (): AwsError =>
  clientError('ResourceNotFoundException', 'The specified log stream does not exist.');

export const resourceDoesNotExist = (): AwsError =>
  clientError('ResourceNotFoundException', 'The specified resource does not exist.');

export const groupExists = (): AwsError =>
  clientError('ResourceAlreadyExistsException', 'The specified log group already exists');

export const streamExists = (): AwsError =>
  clientError('ResourceAlreadyExistsException', 'The specified log stream already exists');

export const invalidParameter = (message: string): AwsError => clientError('InvalidParameterException', message);

export const validationFailed = invalidParameter;

export const notChronological = (): AwsError =>
  invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');

export const batchSpansTooLong = (): AwsError =>
  invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');

export const batchTooLarge = (bytes: number, bytesMax: number): AwsError =>
  invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${bytesMax}`);

export const eventTooLarge = (bytes: number, bytesMax: number): AwsError =>
  invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${bytesMax}`);

export const emptyMessage = (): AwsError => invalidParameter('Log event message must not be empty');

export const invalidNextToken = (): AwsError => invalidParameter('The specified nextToken is invalid.');

export const groupAndIdentifier = (): AwsError =>
  invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');

export const namesAndPrefix = (): AwsError =>
  invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.');

export const prefixWithEventTime = (): AwsError =>
  invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');

export const prefixAndPattern = (): AwsError =>
  invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');

export const tooManyTags = (): AwsError =>
  clientError('TooManyTagsException', 'The log group has too many tags. The limit is 50.');

/** A setting that AWS has and this server does not: named, never ignored. */
export const notAvailable = (parameter: string): AwsError => invalidParameter(`${parameter} is not available here.`);

export const resourceLimitExceeded = (): AwsError => clientError('LimitExceededException', 'Resource limit exceeded.');

export const policyDoesNotExist = (name: string): AwsError =>
  clientError('ResourceNotFoundException', `Policy with name [${name}] does not exist.`);

/** The text is ours: AWS's is not published. */
export const operationAborted = (): AwsError =>
  clientError('OperationAbortedException', 'The expected revision is not the current one of this policy.');
