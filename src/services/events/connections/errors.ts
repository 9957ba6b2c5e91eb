// What connections refuse, in AWS's words. Sources: replies of AWS recorded in LocalStack's test suite (December 2024) for missing connections
// and broken constraints; "already exists" and "parameter is not valid" after AWS's texts for its sister resources.

import type { AwsError } from '#model/aws-error.ts';
import { alreadyExists, limitExceeded, notFound, validation } from '../errors.ts';
import { CONNECTIONS_MAX } from './limits.ts';

/** Recorded: the same text for every operation. */
export function connectionDoesNotExist(name: string): AwsError {
  return notFound(`Failed to describe the connection(s). Connection '${name}' does not exist.`);
}

export function connectionExists(name: string): AwsError {
  return alreadyExists(`Connection ${name} already exists.`);
}

export function tooManyConnections(): AwsError {
  return limitExceeded(`The requested resource exceeds the maximum number allowed: ${CONNECTIONS_MAX} connections.`);
}

export function authParametersInvalid(verb: 'create' | 'update', reason: string): AwsError {
  return validation(`Failed to ${verb} the connection(s). Parameter AuthParameters is not valid. Reason: ${reason}`);
}

export function endpointInvalid(verb: 'create' | 'update', endpoint: string): AwsError {
  const reason = `Endpoint '${endpoint}' is invalid, please provide a valid HTTPS endpoint URL.`;
  return validation(
    `Failed to ${verb} the connection(s). Parameter AuthorizationEndpoint is not valid. Reason: ${reason}`,
  );
}

export function invalidToken(): AwsError {
  return validation('The nextToken is not valid.');
}
