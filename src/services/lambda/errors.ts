// What Lambda refuses, in AWS's words. Source: replies of the service as recorded in public snapshot tests, the API reference,
// and the developer guide's "Troubleshooting". Errors carry `Type`, which some SDKs show.

import { type AwsError, clientError, serverError } from '#model/aws-error.ts';

const user = (code: string, message: string, status = 400): AwsError =>
  clientError(code, message, { status, members: { Type: 'User' } });

export const validationFailed = (message: string): AwsError => clientError('ValidationException', message);

export const invalidParameter = (message: string): AwsError => user('InvalidParameterValueException', message);

/** A setting that AWS has and this server does not: named, never ignored. */
export const notAvailable = (parameter: string): AwsError => invalidParameter(`${parameter} is not available here.`);

export const functionNotFound = (arn: string): AwsError =>
  user('ResourceNotFoundException', `Function not found: ${arn}`, 404);

export const aliasNotFound = (arn: string): AwsError =>
  user('ResourceNotFoundException', `Cannot find alias arn: ${arn}`, 404);

export const resourceNotFound = (): AwsError =>
  user('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

export const noPolicy = (): AwsError =>
  user('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

export const statementNotFound = (sid: string): AwsError =>
  user('ResourceNotFoundException', `Statement ${sid} is not found in resource policy.`, 404);

export const invokeConfigNotFound = (arn: string): AwsError =>
  user('ResourceNotFoundException', `The function ${arn} doesn't have an EventInvokeConfig`, 404);

export const functionExists = (name: string): AwsError =>
  user('ResourceConflictException', `Function already exist: ${name}`, 409);

export const aliasExists = (arn: string): AwsError =>
  user('ResourceConflictException', `Alias already exists: ${arn}`, 409);

export const statementExists = (sid: string): AwsError =>
  user(
    'ResourceConflictException',
    `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    409,
  );

export const mappingExists = (names: { sourceArn: string; functionName: string; uuid: string }): AwsError =>
  user(
    'ResourceConflictException',
    `The event source arn (" ${names.sourceArn} ") and function (" ${names.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${names.uuid}`,
    409,
  );

export const versionInUse = (aliases: readonly string[]): AwsError =>
  user(
    'ResourceConflictException',
    `Version(s) can't be deleted, because they are used by aliases: ${aliases.join(', ')}`,
    409,
  );

export const revisionMismatch = (): AwsError =>
  user(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    412,
  );

/** Of a policy. As LocalStack has it from AWS. */
export const policyRevisionMismatch = (): AwsError =>
  user(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
    412,
  );

/** AWS's text of PutFunctionConcurrency; that the others have it, too, is not known. */
export const unqualifiedNeeded = (): AwsError =>
  invalidParameter(
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );

export const mandatoryForZip = (): AwsError =>
  invalidParameter('Runtime and Handler are mandatory parameters for functions created with deployment packages.');

export const roleNotAssumable = (): AwsError =>
  invalidParameter('The role defined for the function cannot be assumed by Lambda.');

export const codeNotUnzippable = (): AwsError =>
  invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');

export const codeEmpty = (): AwsError => invalidParameter('Uploaded file must be a non-empty zip');

/** As quoted in many public issues (hashicorp/terraform-provider-aws 3716 among them). */
export const objectNotRead = ({ code, message }: Pick<AwsError, 'code' | 'message'>): AwsError =>
  invalidParameter(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);

export const codeTooLarge = (bytesMax: number): AwsError =>
  invalidParameter(`Unzipped size must be smaller than ${bytesMax} bytes`);

export const zipTooLarge = (bytesMax: number): AwsError =>
  clientError(
    'RequestEntityTooLargeException',
    `Request must be smaller than ${bytesMax} bytes for the CreateFunction operation`,
    { status: 413 },
  );

export const runtimeNotRunnable = (runtime: string, why: string): AwsError =>
  invalidParameter(`Value ${runtime} at 'runtime' cannot be used on this machine: ${why}`);

export const environmentReserved = (keys: readonly string[]): AwsError =>
  invalidParameter(
    `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${keys.join(', ')}`,
  );

export const environmentTooLarge = (shown: string): AwsError =>
  invalidParameter(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${shown}`,
  );

export const codeShaMismatch = (given: string, current: string): AwsError =>
  invalidParameter(
    `CodeSHA256 (${given}) is different from current CodeSHA256 in $LATEST (${current}). Please try again with the CodeSHA256 in $LATEST.`,
  );

export const requestTooLarge = (bytesMax: number): AwsError =>
  user(
    'RequestTooLargeException',
    `Request must be smaller than ${bytesMax} bytes for the InvokeFunction operation`,
    413,
  );

export const payloadNotJson = (): AwsError =>
  user(
    'InvalidRequestContentException',
    'Could not parse request body into json: Could not parse payload into json: Unrecognized token',
  );

export const rateExceeded = (): AwsError =>
  clientError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });

export const concurrencyTooSmall = (minimum: number): AwsError =>
  invalidParameter(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
  );

export const functionDoesNotExist = (): AwsError => invalidParameter('Function does not exist');

export const unrecognizedSource = (arn: string): AwsError =>
  invalidParameter(`Unrecognized event source: ${arn}. Event sources of SQS and Kinesis are available here.`);

export const streamNotFound = (arn: string): AwsError => invalidParameter(`Stream not found: ${arn}`);

/** As quoted in public issues (aws-samples/cross-account-amazon-dynamodb-replication 11). */
export const noStreamPermission = (arn: string): AwsError =>
  invalidParameter(
    `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
  );

export const destinationInvalid = (arn: string): AwsError =>
  invalidParameter(`The provided destination config DestinationArn is invalid: ${arn}`);

export const queueDoesNotExist = (): AwsError =>
  invalidParameter(
    'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
  );

export const visibilityTooShort = (visibilitySeconds: number, timeoutSeconds: number): AwsError =>
  invalidParameter(
    `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
  );

export const noQueuePermission = (action: string): AwsError =>
  invalidParameter(`The function execution role does not have permissions to call ${action} on SQS`);

export const noDeadLetterPermission = (action: string, service: string): AwsError =>
  invalidParameter(`The provided execution role does not have permissions to call ${action} on ${service}`);

/** As Terraform's provider waits for it to end. */
export const noDestinationPermission = (action: string, arn: string): AwsError =>
  invalidParameter(`The function's execution role does not have permissions to call ${action} on ${arn}`);

export const windowNeeded = (): AwsError =>
  invalidParameter('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');

export const windowWithFifo = (): AwsError => invalidParameter('Batching window is not supported for FIFO queues');

export const batchTooLargeForFifo = (): AwsError => invalidParameter('Maximum batch size for FIFO queues is 10');

export const invalidFilter = (): AwsError => invalidParameter('Invalid filter pattern definition.');

export const tooManyTags = (): AwsError => invalidParameter('Number of tags exceeds resource tag limit.');

export const performerFailed = (detail: string): AwsError => serverError('ServiceException', detail);
