// What API destinations refuse, in AWS's words. Sources: replies of AWS recorded in LocalStack's test suite (December 2024) for missing ones;
// an error of CloudFormation quoted in public for the endpoint; the others as another emulator's authors wrote them down, unconfirmed.

import type { AwsError } from '#model/aws-error.ts';
import { alreadyExists, limitExceeded, notFound, validation } from '../errors.ts';
import { DESTINATIONS_MAX, RATE_MAX } from './limits.ts';

export type Verb = 'create' | 'update' | 'describe' | 'delete' | 'list';

export function destinationDoesNotExist(verb: Verb, name: string): AwsError {
  return notFound(`Failed to ${verb} the api-destination(s). An api-destination '${name}' does not exist.`);
}

export function destinationExists(name: string): AwsError {
  return alreadyExists(
    `Failed to create the api-destination(s). An api-destination with name '${name}' already exists.`,
  );
}

export function connectionMissing(verb: Verb, arn: string): AwsError {
  return notFound(`Failed to ${verb} the api-destination(s). Connection '${arn}' does not exist.`);
}

export function endpointInvalid(verb: Verb, endpoint: string): AwsError {
  const reason = `Endpoint '${endpoint}' is invalid, please provide a valid HTTPS endpoint URL.`;
  return validation(
    `Failed to ${verb} the api-destination(s). Parameter InvocationEndpoint is not valid. Reason: ${reason}`,
  );
}

export function rateTooHigh(verb: Verb, name: string, rate: number): AwsError {
  return limitExceeded(
    `Failed to ${verb} the api-destination(s). Invalid Invocation Rate Limit: Rate specified '${rate}' for '${name}' exceeds maximum allowed of '${RATE_MAX}'.`,
  );
}

export function twoFilters(): AwsError {
  const reason = 'Request failed because only one filter is supported per request, either ConnectionArn or NamePrefix.';
  return validation(`Failed to list the api-destination(s). ${reason}`);
}

export function tooManyDestinations(): AwsError {
  return limitExceeded(
    `The requested resource exceeds the maximum number allowed: ${DESTINATIONS_MAX} API destinations.`,
  );
}
