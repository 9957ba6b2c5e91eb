// Kinesis's errors. Texts without another source are those that AWS answered to the authors of kinesalite's test suite.

import { type AwsError, clientError, type Refused, refuse, serverError } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';

const invalid = (message: string): AwsError => clientError('InvalidArgumentException', message);

export const invalidArgument = invalid;

export function validationRefusal(validation: Validation): Refused | undefined {
  const { text } = validation;
  return text === undefined ? undefined : refuse(validationError(text));
}

export function validationError(text: string): AwsError {
  return clientError('ValidationException', text);
}

export function notFound(message: string): AwsError {
  return clientError('ResourceNotFoundException', message);
}

export function streamNotFound(name: string, account: string): AwsError {
  return notFound(`Stream ${name} under account ${account} not found.`);
}

export function limitExceeded(message: string): AwsError {
  return clientError('LimitExceededException', message);
}

export function resourceInUse(message: string): AwsError {
  return clientError('ResourceInUseException', message);
}

export function streamExists(name: string, account: string): AwsError {
  return resourceInUse(`Stream ${name} under account ${account} already exists.`);
}

interface Named {
  readonly name: string;
  readonly account: string;
}

export function shardNotFound(shardId: string, { name, account }: Named): AwsError {
  return notFound(`Could not find shard ${shardId} in stream ${name} under account ${account}.`);
}

/** As GetShardIterator and GetRecords say it. */
export function shardDoesNotExist(shardId: string, { name, account }: Named): AwsError {
  return notFound(`Shard ${shardId} in stream ${name} under account ${account} does not exist`);
}

/** AWS: API reference: "Not Implemented. Reserved for future use." */
export const streamIdReserved = (): AwsError => invalid('StreamId is reserved for future use and cannot be given.');

/** What AWS does and this machine does not. */
export function notAvailable(what: string): AwsError {
  return invalid(`${what} is not available here.`);
}

export const accessDenied = (reason: string): AwsError => clientError('AccessDeniedException', reason);

export function throughputExceeded(shardId: string, { name, account }: Named): AwsError {
  const text = `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
  return clientError('ProvisionedThroughputExceededException', text);
}

/** AWS's text is not known. */
export function dryRun(): AwsError {
  return clientError('DryRunOperationException', 'The request would have succeeded, but the DryRun parameter is set.');
}

/** Stored records could not be read; where is told to the operator. */
export function unreadable(): AwsError {
  return serverError('InternalFailureException', 'The records of the shard could not be read.');
}
