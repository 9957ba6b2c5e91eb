// Refusals of SNS with AWS's codes and texts. Source, where not said otherwise: replies of AWS recorded in the snapshots of
// LocalStack's tests (tests/aws/services/sns/test_sns.snapshot.json), which name the date of each.

import { type AwsError, clientError } from '#model/aws-error.ts';

const invalid = (text: string): AwsError => clientError('InvalidParameter', text);

/** `Invalid parameter: <what>`. */
export function invalidParameter(what: string): AwsError {
  return invalid(`Invalid parameter: ${what}`);
}

export function invalidParameterReason(parameter: string, reason: string): AwsError {
  return invalid(`Invalid parameter: ${parameter} Reason: ${reason}`);
}

export function missingParameter(parameter: string): AwsError {
  return invalidParameterReason(parameter, 'no value for required parameter');
}

/** A setting, protocol or parameter of AWS's that is not done here: refused by name rather than stored and ignored. */
export function notAvailable(parameter: string, what: string): AwsError {
  return invalidParameterReason(parameter, `${what} is not available on this server`);
}

export function malformedArn(parameter: string, arn: string): AwsError {
  const count = arn.split(':').length;
  return invalidParameterReason(parameter, `An ARN must have at least 6 elements, not ${count}`);
}

export const topicNotFound = (): AwsError => clientError('NotFound', 'Topic does not exist', { status: 404 });
export const subscriptionNotFound = (): AwsError =>
  clientError('NotFound', 'Subscription does not exist', { status: 404 });
export const endpointMissing = (): AwsError =>
  clientError('NotFound', 'Endpoint not specified in subscription', { status: 404 });
export const resourceNotFound = (): AwsError =>
  clientError('ResourceNotFound', 'Resource does not exist', { status: 404 });

export const topicNameInvalid = (): AwsError => invalidParameter('Topic Name');
export const fifoTopicNameInvalid = (): AwsError =>
  invalid(
    'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
  );
export const topicExistsWithOtherTags = (): AwsError =>
  invalidParameterReason('Tags', 'Topic already exists with different tags');
export const topicExistsWithOtherAttributes = (): AwsError =>
  invalidParameterReason('Attributes', 'Topic already exists with different attributes');
export const subscriptionExistsWithOtherAttributes = (): AwsError =>
  invalidParameterReason('Attributes', 'Subscription already exists with different attributes');

export const unknownProtocol = (protocol: string): AwsError =>
  invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
export const sqsEndpointInvalid = (): AwsError => invalidParameter('SQS endpoint ARN');
export const lambdaEndpointInvalid = (): AwsError => invalidParameter('Lambda endpoint ARN');
/** Plausible, after the others. */
export const firehoseEndpointInvalid = (): AwsError => invalidParameter('Firehose endpoint ARN');
/** Plausible. AWS: API reference, Subscribe: the role's ARN "is required for Firehose delivery stream subscriptions". */
export const subscriptionRoleMissing = (): AwsError =>
  invalidParameterReason('Attributes', 'SubscriptionRoleArn is required for the firehose protocol');
export const fifoQueueToStandardTopic = (): AwsError =>
  invalidParameter('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
/** AWS, developer guide, "Message delivery for FIFO topics": only SQS queues can be subscribed. */
export const fifoTopicToOther = (): AwsError =>
  invalidParameter('Invalid parameter: Endpoint Reason: Please use SQS queue as an endpoint for FIFO topics');

export const tokenInvalid = (): AwsError => invalidParameter('Token');
export const tokenMalformed = (): AwsError => invalid('Invalid token');
export const nextTokenInvalid = (): AwsError => invalidParameter('NextToken');

export const groupIdMissing = (): AwsError =>
  invalidParameter('The MessageGroupId parameter is required for FIFO topics');
export const deduplicationIdMissing = (): AwsError =>
  invalidParameter(
    'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
export const deduplicationIdOnStandardTopic = (): AwsError =>
  invalidParameterReason(
    'MessageDeduplicationId',
    'The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  );
export const noDefaultEntry = (): AwsError =>
  invalidParameter('Message Structure - No default entry in JSON message body');
export const structureNotJson = (): AwsError =>
  invalidParameter('Message Structure - JSON message body failed to parse');
export const messageTooLong = (): AwsError => invalidParameter('Message too long');
export const messageEmpty = (): AwsError => invalidParameter('Empty message');
export const subjectInvalid = (): AwsError => invalidParameter('Subject');

export function attributeInvalid(text: string): AwsError {
  return clientError('ParameterValueInvalid', text);
}

export function memberMissing(path: string): AwsError {
  const text = `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`;
  return clientError('ValidationError', text);
}

export const batchEmpty = (): AwsError =>
  clientError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
export const batchTooMany = (): AwsError =>
  clientError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
export const batchIdsNotDistinct = (): AwsError =>
  clientError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
export const batchTooLong = (): AwsError =>
  clientError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');
export const batchIdTooLong = (id: string): AwsError =>
  clientError('InvalidBatchEntryId', `The Id of a batch entry in the batch request is too long: ${id}`);
export const batchIdInvalid = (id: string): AwsError =>
  clientError(
    'InvalidBatchEntryId',
    `The Id of a batch entry in the batch request contains an impermissible character: ${id}`,
  );

export const duplicateTagKeys = (): AwsError => invalidParameter('Duplicated keys are not allowed.');
export const tooManyTags = (): AwsError =>
  clientError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
export const statementExists = (): AwsError => invalidParameter('Statement already exists');
export const actionOutOfScope = (): AwsError => invalidParameter('Policy statement action out of service scope!');
export const statementNotFound = (): AwsError => clientError('NotFound', 'Statement does not exist', { status: 404 });

export function authorizationError(text: string): AwsError {
  return clientError('AuthorizationError', text, { status: 403 });
}

/** Recorded against AWS for GetSubscriptionAttributes of another account's subscription. */
export const notOwner = (): AwsError => authorizationError('Not authorized to access this subscription');
