// What SQS refuses, in AWS's words. Status and query code come from AWS's schema; where the schema has no such error (InvalidParameterValue,
// MissingParameter) the pair is what AWS sends: a JSON type ending in Exception and the older query code.

import { type AwsError, clientError } from '#model/aws-error.ts';
import { service } from '#wire/generated/sqs.ts';
import { FORBIDDEN_CHARACTERS_TEXT } from './message-characters.ts';

function modelled(code: string, message: string): AwsError {
  const error = service.errors[code];
  return clientError(code, message, {
    status: error?.status ?? 400,
    ...(error?.queryCode === undefined ? {} : { queryCode: error.queryCode }),
  });
}

export function invalidParameterValue(message: string): AwsError {
  return clientError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

export function invalidValue(parameter: string, value: unknown, reason: string): AwsError {
  return invalidParameterValue(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function missingParameter(name: string): AwsError {
  const message = `The request must contain the parameter ${name}.`;
  return clientError('MissingRequiredParameterException', message, { queryCode: 'MissingParameter' });
}

/** SQS writes its actions in small letters: "… is not authorized to perform: sqs:sendmessage on resource …" (answers of AWS in public issues). */
export function accessDenied(reason: string): AwsError {
  const text = reason.replaceAll(/\bsqs:[A-Z][A-Za-z]*/g, (action) => action.toLowerCase());
  return clientError('AccessDeniedException', text, { status: 403, queryCode: 'AccessDenied' });
}

/** The query protocol adds "for this wsdl version"; that is the wire's to do. */
export const queueDoesNotExist = (): AwsError => modelled('QueueDoesNotExist', 'The specified queue does not exist.');

export const invalidAddress = (address: string): AwsError =>
  modelled('InvalidAddress', `The address ${address} is not valid for this endpoint.`);

export const invalidQueueName = (): AwsError =>
  invalidParameterValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');

export const invalidFifoQueueName = (): AwsError =>
  invalidParameterValue(
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
  );

export const queueExistsDifferently = (attribute: string): AwsError =>
  modelled(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );

export const queueDeletedRecently = (): AwsError =>
  modelled(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );

export const unknownAttribute = (name: string): AwsError =>
  modelled('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const fifoOnlyAttribute = (name: string): AwsError =>
  modelled('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);

export const invalidAttributeValue = (name: string, reason = ''): AwsError =>
  modelled(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === '' ? '' : ` Reason: ${reason}`}`,
  );

export const purgeInProgress = (queueName: string): AwsError =>
  modelled('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`);

export const receiptHandleIsInvalid = (handle: string): AwsError =>
  modelled('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);

export const receiptHandleExpired = (handle: string): AwsError =>
  invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.');

export const notAvailableForVisibilityChange = (handle: string): AwsError =>
  invalidValue('ReceiptHandle', handle, 'Message does not exist or is not available for visibility timeout change.');

export const invalidMessageContents = (): AwsError => modelled('InvalidMessageContents', FORBIDDEN_CHARACTERS_TEXT);

export const messageTooLong = (bytesMax: number): AwsError =>
  invalidParameterValue(`One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`);

export const notForThisQueueType = (parameter: string, value: unknown): AwsError =>
  invalidValue(parameter, value, 'The request include parameter that is not valid for this queue type.');

export const deduplicationIdMissing = (): AwsError =>
  invalidParameterValue(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

export const emptyBatch = (): AwsError =>
  modelled('EmptyBatchRequest', 'There should be at least one entry in the request.');

export const tooManyEntries = (max: number, sent: number): AwsError =>
  modelled('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${max}. You have sent ${sent}.`);

export const invalidBatchEntryId = (): AwsError =>
  modelled(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const batchIdsNotDistinct = (id: string): AwsError => modelled('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const batchTooLong = (max: number, sent: number): AwsError =>
  modelled('BatchRequestTooLong', `Batch requests cannot be longer than ${max} bytes. You have sent ${sent} bytes.`);

export const tooManyInFlight = (): AwsError =>
  modelled('OverLimit', 'The maximum number of in flight messages is reached.');

export const overLimit = (message: string): AwsError => modelled('OverLimit', message);

export const resourceNotFound = (message: string): AwsError => modelled('ResourceNotFoundException', message);

/** A setting that AWS has and this server does not carry out: refused rather than stored. */
export const notAvailable = (attribute: string, what: string): AwsError =>
  invalidAttributeValue(attribute, `${what} is not available on this server.`);
